#include "runtime.hpp"

#include "functions.hpp"
#include "wildx/call_guard.hpp"
#include "wildx/keep_errno.hpp"

#include <charconv>
#include <dlfcn.h>
#include <fmt/format.h>
#include <optional>

namespace npk {

namespace {

/// A whole decimal number.
std::optional<std::uint64_t> decimal(std::string_view text) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return number;
}

} // namespace

CommonSignatures::CommonSignatures(jit::SignatureTable& table)
    : i32_i32_i32(*std::get<const jit::Signature*>(table.intern("i32(i32,i32)"))),
      i64_i64(*std::get<const jit::Signature*>(table.intern("i64(i64)"))) {}

Runtime::Runtime() : marks_(os_), registry_(os_, marks_, {}), common_(signatures_), reporter_(host_) {}

Runtime::~Runtime() = default;

report::Site Runtime::site(Caller caller) const noexcept {
    return {caller.function, {host_.locate(), wildx::current_thread_id()}, caller.code};
}

bool Runtime::done(const wildx::Verdict& verdict, Caller caller) noexcept {
    if (!verdict.done()) reporter_.refused(verdict, site(caller));
    return verdict.done();
}

// --- pages ---------------------------------------------------------------------------------------------------------

void* Runtime::mint(std::uint64_t bytes, Caller caller) noexcept {
    const wildx::KeepErrno keep;
    const report::Site here = site(caller);
    const wildx::Verdict verdict = registry_.mint(bytes, here.origin);
    if (!verdict.done()) {
        reporter_.refused(verdict, here);
        return nullptr;
    }
    if (library_.load(std::memory_order_relaxed) == nullptr) [[unlikely]]
        hold_library();
    return reinterpret_cast<void*>(verdict.page.story.address);
}

bool Runtime::seal(const void* page, Caller caller) noexcept {
    const wildx::KeepErrno keep;
    const report::Site here = site(caller);
    return done(registry_.seal(page, here.origin), caller);
}

bool Runtime::verify(const void* page, Caller caller) noexcept {
    const wildx::KeepErrno keep;
    return done(registry_.verify(page), caller);
}

bool Runtime::free(const void* page, Caller caller) noexcept {
    const wildx::KeepErrno keep;
    const auto frame = reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
    const report::Site here = site(caller);
    return done(registry_.free(page, here.origin, frame), caller);
}

bool Runtime::bind(const void* page, const jit::Signature& signature, Caller caller) noexcept {
    const wildx::KeepErrno keep;
    return done(registry_.bind(page, signature), caller);
}

bool Runtime::install(const void* page, std::int64_t offset, std::span<const std::byte> code,
                      const jit::Signature* signature, Caller caller) noexcept {
    const wildx::KeepErrno keep;
    return done(registry_.install(page, offset, code, signature), caller);
}

void Runtime::refuse(npk_code code, npk_operation operation, const void* page, std::string message,
                     Caller caller) noexcept {
    wildx::Verdict verdict;
    verdict.code = code;
    verdict.operation = operation;
    verdict.pointer = reinterpret_cast<std::uintptr_t>(page);
    verdict.page = registry_.view(page);
    reporter_.refused(verdict, site(caller), nullptr, std::move(message));
}

// --- calls ---------------------------------------------------------------------------------------------------------

template <class Arguments, class Result>
npk_status Runtime::checked_call(const void* page, const jit::Signature& signature, Arguments arguments,
                                 Result result, Caller caller) {
    const wildx::CallGuard guard(registry_, page);
    if (!guard) [[unlikely]]
        return refuse_call(page, signature, caller);
    const jit::Signature* bound = guard.signature();
    const bool admitted = bound == &signature ||
                          (bound == nullptr && call_policy_.untagged_allowed.load(std::memory_order_relaxed));
    if (!admitted) [[unlikely]]
        return refuse_call(page, signature, caller);
    const std::uint32_t verify_every = call_policy_.verify_every.load(std::memory_order_relaxed);
    if (verify_every != 0 && guard.ordinal() % verify_every == 0 && !verify(page, caller)) [[unlikely]]
        return NPK_TRAP;
    jit::call_machine_code(signature, guard.entry(), arguments, result,
                           call_policy_.route.load(std::memory_order_relaxed));
    return NPK_OK;
}

npk_status Runtime::call(const void* page, const jit::Signature& signature, const npk_value* arguments,
                         npk_value* result, Caller caller) {
    return checked_call(page, signature, arguments, result, caller);
}

npk_status Runtime::call(const void* page, const jit::Signature& signature, const void* const* arguments,
                         void* result, Caller caller) {
    return checked_call(page, signature, arguments, result, caller);
}

npk_status Runtime::refuse_call(const void* page, const jit::Signature& signature, Caller caller) noexcept {
    const wildx::KeepErrno keep;
    wildx::Verdict verdict = registry_.assess(wildx::Operation::Call, page);
    if (verdict.done())
        verdict.code = verdict.page.signature == nullptr ? NPK_CODE_UNTAGGED : NPK_CODE_SIGNATURE_MISMATCH;
    reporter_.refused(verdict, site(caller), signature.text().c_str());
    return NPK_TRAP;
}

// --- the host ------------------------------------------------------------------------------------------------------

bool Runtime::open(const npk_host* host, npk_refusal* why) noexcept {
    if (opens_ != 0) {
        if (host == nullptr || !host_.is_linked_to(*host)) {
            npk::refuse(why, NPK_REFUSAL_ALREADY_OPEN, "another host of this process has opened the plugin");
            return false;
        }
        ++opens_;
        return true;
    }
    if (!host_.connect(host, why)) return false;
    if (!apply_options(why) || !register_functions(why)) {
        host_.disconnect();
        return false;
    }
    opens_ = 1;
    return true;
}

bool Runtime::apply_options(npk_refusal* why) noexcept {
    const auto bad = [&](const char* name, std::string_view value, const char* choices) {
        npk::refuse(why, NPK_REFUSAL_BAD_OPTION,
                    fmt::format("option {}={}: it must be {}", name, value, choices));
        return false;
    };
    if (const auto calls = host_.option("calls", "NPK_JIT_CALLS"); !calls.empty()) {
        if (calls != "thunk" && calls != "libffi") return bad("calls", calls, "thunk or libffi");
        call_policy_.route = calls == "libffi" ? jit::Route::Libffi : jit::Route::Thunk;
    }
    if (const auto untagged = host_.option("untagged", "NPK_JIT_UNTAGGED"); !untagged.empty()) {
        if (untagged != "allow" && untagged != "forbid") return bad("untagged", untagged, "allow or forbid");
        call_policy_.untagged_allowed = untagged == "allow";
    }
    if (const auto quota = host_.option("quota", "NPK_WILDX_QUOTA"); !quota.empty()) {
        const auto bytes = decimal(quota);
        if (!bytes) return bad("quota", quota, "a decimal number of bytes");
        registry_.quota().set_limit(*bytes);
    }
    if (const auto verify = host_.option("verify", "NPK_WILDX_VERIFY"); !verify.empty()) {
        const bool never = verify == "never" || verify == "demand";
        const auto every = never ? 0 : verify == "call" ? 1 : decimal(verify);
        if (!every || *every > UINT32_MAX || (!never && *every == 0))
            return bad("verify", verify, "never, demand, call, or a number n for every n-th call");
        call_policy_.verify_every = static_cast<std::uint32_t>(*every);
    }
    if (const auto policy = host_.option("free", "NPK_WILDX_FREE"); !policy.empty()) {
        if (policy != "refuse" && policy != "retire") return bad("free", policy, "refuse or retire");
        registry_.set_free_policy(policy == "retire" ? wildx::FreePolicy::Retire : wildx::FreePolicy::Refuse);
    }
    return true;
}

bool Runtime::register_functions(npk_refusal* why) noexcept {
    for (const functions::Function& registered : functions::registered()) {
        const npk_function& function = registered.record();
        const npk_status status = host_.register_function(function);
        if (status == NPK_OK) continue;
        npk::refuse(why, NPK_REFUSAL_NAME_TAKEN,
                    fmt::format("the host refused the function {} with status {}{}", function.name, +status,
                                status == NPK_DUPLICATE ? ": the name is taken" : ""));
        return false;
    }
    return true;
}

void Runtime::close() noexcept {
    const wildx::KeepErrno keep;
    if (opens_ == 0 || --opens_ != 0) return;
    reporter_.summarise();
    release_live_pages();
    host_.disconnect();
    if (idle()) let_library_go();
}

void Runtime::release_live_pages() noexcept {
    const std::vector<wildx::PageView> live = registry_.live_pages();
    reporter_.leaked(live);
    for (const wildx::PageView& page : live)
        static_cast<void>(registry_.free(reinterpret_cast<const void*>(page.story.address),
                                         {0, wildx::current_thread_id()}, 0));
}

void Runtime::end() noexcept {
    const wildx::KeepErrno keep;
    host_.disconnect(); // a host that is still open may be half gone by now
    reporter_.summarise();
    reporter_.leaked(registry_.live_pages());
}

bool Runtime::idle() noexcept {
    return registry_.live_count() == 0 && !registry_.has_retired() && registry_.marks().in_flight() == 0;
}

void Runtime::hold_library() noexcept {
    Dl_info info{};
    if (dladdr(reinterpret_cast<const void*>(&runtime), &info) == 0) return;
    void* held = dlopen(info.dli_fname, RTLD_LAZY | RTLD_NOLOAD);
    void* none = nullptr;
    if (held != nullptr && !library_.compare_exchange_strong(none, held)) dlclose(held);
}

void Runtime::let_library_go() noexcept {
    if (void* held = library_.exchange(nullptr); held != nullptr) dlclose(held);
}

void Runtime::before_fork() noexcept {
    registry_.before_fork();
    reporter_.before_fork();
}

void Runtime::after_fork_in_parent() noexcept {
    reporter_.after_fork();
    registry_.after_fork_in_parent();
}

void Runtime::after_fork_in_child() noexcept {
    reporter_.after_fork();
    registry_.after_fork_in_child();
}

} // namespace npk
