#include "callback.hpp"

#include "value.hpp"

#include <array>
#include <cstring>
#include <new>

namespace npk::jit {

namespace {

/// A scalar result as a closure must leave it: integers fill a whole ffi_arg (libffi manual, closures).
void store_closure_result(const Type& type, const npk_value& value, void* result) noexcept {
    if (is_vector(type.kind)) {
        std::memcpy(result, &value.u, type.size());
        return;
    }
    const auto widened = static_cast<ffi_arg>(value.u);
    std::memcpy(result, &widened, sizeof widened);
}

npk_value argument_value(const Type& type, void* bytes) noexcept {
    if (type.kind != Kind::Struct) {
        std::uint64_t word = 0;
        std::memcpy(&word, bytes, type.size());
        return scalar_value(type.kind, word);
    }
    npk_value value{};
    value.kind = NPK_KIND_STRUCT;
    value.size = static_cast<std::uint32_t>(type.size());
    value.ptr = bytes;
    return value;
}

} // namespace

Callback::Callback(const Signature& signature, StaleCall stale_call)
    : signature_(signature), stale_call_(stale_call),
      closure_(static_cast<ffi_closure*>(ffi_closure_alloc(sizeof(ffi_closure), &address_))) {
    // Of the default ABI, which every signature has, libffi refuses a closure for want of memory only.
    if (closure_ == nullptr ||
        ffi_prep_closure_loc(closure_.get(), signature.interface(), &enter, this, address_) != FFI_OK)
        throw std::bad_alloc();
}

Callback::~Callback() {
    retire();
}

void Callback::retire() noexcept {
    if (!retired_.exchange(true)) end_use();
}

bool Callback::begin_use() noexcept {
    std::uint32_t users = users_.load(std::memory_order_relaxed);
    while (users != 0)
        if (users_.compare_exchange_weak(users, users + 1, std::memory_order_acquire)) return true;
    return false;
}

void Callback::end_use() noexcept {
    if (users_.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
    if (callable_.release != nullptr) callable_.release(callable_.context);
    given_back_.store(true, std::memory_order_release);
}

void Callback::enter(ffi_cif*, void* result, void** arguments, void* callback) noexcept {
    auto& self = *static_cast<Callback*>(callback);
    const Type& type = self.signature_.result();
    bool answered = false;
    if (self.begin_use()) {
        answered = self.run(arguments, result);
        self.end_use();
    } else {
        self.stale_call_(self);
    }
    if (answered || type.kind == Kind::Void) return;
    std::memset(result, 0, type.kind == Kind::Struct ? type.size() : sizeof(ffi_arg));
}

bool Callback::run(void** arguments, void* result_bytes) const noexcept {
    std::array<npk_value, max_parameters> values;
    std::uint32_t count = 0;
    for (const Type& parameter : signature_.parameters()) {
        values[count] = argument_value(parameter, arguments[count]);
        ++count;
    }
    const Type& type = signature_.result();
    npk_value result{};
    result.kind = static_cast<std::uint32_t>(type.kind);
    if (type.kind == Kind::Struct) {
        result.size = static_cast<std::uint32_t>(type.size());
        result.ptr = result_bytes;
    }
    if (callable_.invoke(callable_.context, values.data(), count, &result) != NPK_OK) return false;
    if (!matches(result, type)) return false;
    if (type.kind == Kind::Struct) {
        if (result.ptr != result_bytes) std::memmove(result_bytes, result.ptr, type.size());
    } else if (type.kind != Kind::Void) {
        store_closure_result(type, result, result_bytes);
    }
    return true;
}

} // namespace npk::jit
