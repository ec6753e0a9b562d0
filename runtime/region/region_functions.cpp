#include "region_functions.hpp"

#include "quick_add.hpp"
#include "signatures.hpp"
#include "wildx/keep_errno.hpp"

namespace npk {

void* Runtime::mint_region(std::uint64_t bytes, Caller caller) noexcept {
    const wildx::KeepErrno keep;
    if (library_.load(std::memory_order_relaxed) == nullptr) [[unlikely]]
        begin_life();
    const report::Site here = site(caller);
    return minted(registry_.mint_region(bytes, here.origin), here);
}

const void* Runtime::add_function(const void* region, std::span<const std::byte> code,
                                  const jit::Signature& signature, std::string_view name,
                                  Caller caller) noexcept {
    const wildx::KeepErrno keep;
    const void* entry = nullptr;
    const wildx::Verdict verdict = registry_.add_function(region, code, signature, name, entry);
    return finish(verdict, site(caller)) ? entry : nullptr;
}

const void* Runtime::find_function(const void* region, std::string_view name, Caller caller) noexcept {
    const wildx::KeepErrno keep;
    const void* entry = nullptr;
    const wildx::Verdict verdict = registry_.find_function(region, name, entry);
    if (!verdict.done()) reporter_.refused(verdict, site(caller));
    return entry;
}

namespace {

void* refuse_argument(const void* region, const char* what, Caller caller) noexcept {
    runtime().refuse(NPK_CODE_BAD_ARGUMENTS, NPK_OPERATION_INSTALL, region,
                     Message("{}: {}", caller.function, what), caller);
    return nullptr;
}

/// What the quick way did not add.
[[gnu::noinline]] void* add_slowly(const void* region, std::span<const std::byte> code, const char* signature,
                                   const char* name, Caller caller) noexcept {
    const jit::Signature* parsed = signature_or_report(region, signature, NPK_OPERATION_INSTALL, caller);
    if (parsed == nullptr) return nullptr;
    return const_cast<void*>(runtime().add_function(region, code, *parsed, name, caller));
}

[[gnu::always_inline]] inline void* add(const void* region, const void* bytes, std::int64_t length,
                                        const char* signature, const char* name, Caller caller) noexcept {
    if (bytes == nullptr) return refuse_argument(region, "the bytes are a null pointer", caller);
    if (length <= 0) return refuse_argument(region, "a function has at least 1 byte", caller);
    if (name == nullptr || *name == '\0')
        return refuse_argument(region, "a function must have a name", caller);
    const std::span code(static_cast<const std::byte*>(bytes), static_cast<std::size_t>(length));
    const bool quickly =
        signature != nullptr && !runtime().audit().enabled(); // what is audited goes the long way
    const void* const entry =
        quickly ? runtime().registry().add_function_quickly(region, code, signature, name) : nullptr;
    if (entry != nullptr) [[likely]]
        return const_cast<void*>(entry);
    return add_slowly(region, code, signature, name, caller);
}

} // namespace

void* add_to_region(const void* region, const void* bytes, std::int64_t length, const char* signature,
                    const char* name, Caller caller) noexcept {
    return add(region, bytes, length, signature, name, caller);
}

void* find_in_region(const void* region, const char* name, Caller caller) noexcept {
    if (name == nullptr) return refuse_argument(region, "the name is a null pointer", caller);
    return const_cast<void*>(runtime().find_function(region, name, caller));
}

} // namespace npk

extern "C" {

void* npk_region_alloc(std::size_t size) try {
    return npk::runtime().mint_region(size, npk::caller_of("npk_region_alloc"));
} catch (const std::bad_alloc&) {
    return npk::refuse_without_state("npk_region_alloc");
}

void* npk_region_add(void* region, const void* bytes, std::int64_t length, const char* signature,
                     const char* name) {
    return npk::add(region, bytes, length, signature, name, npk::caller_of("npk_region_add"));
}

int npk_region_seal(void* region) {
    return npk::runtime().seal(region, npk::caller_of("npk_region_seal")) ? 0 : -1;
}

int npk_region_free(void* region) {
    return npk::runtime().free(region, npk::caller_of("npk_region_free")) ? 0 : -1;
}

void* npk_region_find(void* region, const char* name) {
    return npk::find_in_region(region, name, npk::caller_of("npk_region_find"));
}

} // extern "C"
