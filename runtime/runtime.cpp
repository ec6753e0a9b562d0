#include "runtime.hpp"

#include "callback_functions.hpp"
#include "fault_handler.hpp"
#include "functions.hpp"
#include "options.hpp"
#include "report/diagnostic.hpp"
#include "swap/handle_functions.hpp"
#include "wildx/call_guard.hpp"
#include "wildx/keep_errno.hpp"

#include <algorithm>
#include <cstring>
#include <dlfcn.h>
#include <optional>
#include <string>
#include <unistd.h>

namespace npk {

namespace {

/// What was never given back, but for pages; and whatever was only counted, since several may come from one place.
void report_unreleased(Runtime& runtime) noexcept {
    report_live_callbacks(runtime);
    report_live_handles(runtime);
    runtime.reporter().summarise();
}

} // namespace

Runtime::Runtime()
    : marks_(os_), registry_(os_, marks_, {}), common_(signatures_), reporter_(host_), audit_(host_) {}

Runtime::~Runtime() = default;

report::Site Runtime::site(Caller caller) const noexcept {
    return {caller.function, {host_.locate(), wildx::current_thread_id()}, caller.code};
}

bool Runtime::finish(const wildx::Verdict& verdict, const report::Site& site,
                     const char* actual_signature) noexcept {
    audit_.record(verdict, site);
    if (!verdict.done()) reporter_.refused(verdict, site, actual_signature);
    return verdict.done();
}

// --- pages ---------------------------------------------------------------------------------------------------------

void* Runtime::mint(std::uint64_t bytes, Caller caller) noexcept {
    const wildx::KeepErrno keep;
    if (library_.load(std::memory_order_relaxed) == nullptr) [[unlikely]]
        begin_life();
    const report::Site here = site(caller);
    return minted(registry_.mint(bytes, here.origin), here);
}

void* Runtime::minted(const wildx::Verdict& verdict, const report::Site& site) noexcept {
    if (!finish(verdict, site)) return nullptr;
    return reinterpret_cast<void*>(verdict.page.story.address);
}

bool Runtime::seal(const void* page, Caller caller) noexcept {
    const wildx::KeepErrno keep;
    const report::Site here = site(caller);
    return finish(registry_.seal(page, here.origin), here);
}

bool Runtime::verify(const void* page, Caller caller) noexcept {
    const wildx::KeepErrno keep;
    for (;;) {
        const void* const target = registry_.handles().target(page);
        const wildx::Verdict verdict = registry_.verify(target != nullptr ? target : page);
        const bool swapped = target != nullptr && registry_.handles().target(page) != target;
        if (verdict.done() || !swapped) return finish(verdict, site(caller));
    }
}

bool Runtime::free(const void* page, Caller caller) noexcept {
    const wildx::KeepErrno keep;
    if (registry_.handles().contains(page)) return free_handle(page, caller);
    const report::Site here = site(caller);
    return finish(registry_.free(page, here.origin, caller.frame), here);
}

bool Runtime::free_page_of(const void* handle, const void* page, Caller caller) noexcept {
    const report::Site here = site(caller);
    const auto verdict = registry_.free_for_handle(handle, page, here.origin, caller.frame);
    // A swap frees the page before, so whoever meets it freed must not call that a crime.
    const bool swapped =
        !verdict || (verdict->code == NPK_CODE_DOUBLE_FREE && registry_.handles().target(handle) != page);
    return swapped || finish(*verdict, here);
}

void Runtime::retire(const void* page, Caller caller) noexcept {
    const report::Site here = site(caller);
    const wildx::Verdict verdict = registry_.free_when_left(page, here.origin, caller.frame);
    // A page that the kernel keeps for ever, or that somebody freed by itself, needs no more than to be left alone.
    const bool gone = verdict.code == NPK_CODE_PERMANENT || verdict.code == NPK_CODE_DOUBLE_FREE;
    if (gone || finish(verdict, here)) return;
    registry_.forget_entries(page); // it stays, but nobody may go on calling it by the handle
}

bool Runtime::bind(const void* page, const jit::Signature& signature, Caller caller) noexcept {
    const wildx::KeepErrno keep;
    return finish(registry_.bind(page, signature), site(caller));
}

bool Runtime::install(const void* page, std::int64_t offset, std::span<const std::byte> code,
                      const jit::Signature* signature, Caller caller) noexcept {
    const wildx::KeepErrno keep;
    return finish(registry_.install(page, offset, code, signature), site(caller));
}

void Runtime::refuse(npk_code code, npk_operation operation, const void* page, const Message& message,
                     Caller caller) noexcept {
    wildx::Verdict verdict;
    verdict.code = code;
    verdict.operation = operation;
    verdict.pointer = reinterpret_cast<std::uintptr_t>(page);
    verdict.page = registry_.view(page);
    const report::Site here = site(caller);
    audit_.record(verdict, here);
    reporter_.refused(verdict, here, nullptr, message.c_str());
}

// --- calls ---------------------------------------------------------------------------------------------------------

template <class Arguments, class Result>
npk_status Runtime::checked_call(const void* page, const jit::Signature& signature, Arguments arguments,
                                 Result result, Caller caller) {
    const wildx::CallGuard guard(registry_, page, caller.frame);
    if (!guard) [[unlikely]]
        return refuse_call(page, signature, caller);
    const jit::Signature* bound = guard.signature();
    const bool admitted = bound == &signature || (bound == nullptr && call_policy_.allows_untagged());
    if (!admitted) [[unlikely]]
        return refuse_call(page, signature, caller);
    const std::uint32_t verify_every = call_policy_.verify_every();
    if (verify_every != 0 && guard.ordinal() % verify_every == 0 && !verify(page, caller)) [[unlikely]]
        return NPK_TRAP;
    if (bound == nullptr && call_policy_.is_audited()) [[unlikely]]
        note_untagged_call(page, caller);
    jit::call_machine_code(signature, guard.entry(), arguments, result, call_policy_.route());
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

void Runtime::note_untagged_call(const void* page, Caller caller) noexcept {
    wildx::Verdict verdict;
    verdict.operation = NPK_OPERATION_CALL;
    verdict.pointer = reinterpret_cast<std::uintptr_t>(page);
    verdict.page = registry_.view(page);
    audit_.record(verdict, site(caller));
}

void Runtime::set_audit(npk_audit_sink sink, void* data) noexcept {
    audit_.set_sink(sink, data);
    call_policy_.set_audited(sink != nullptr);
}

npk_status Runtime::refuse_call(const void* page, const jit::Signature& signature, Caller caller) noexcept {
    const wildx::KeepErrno keep;
    if (registry_.handles().contains(page)) {
        const void* target = registry_.handles().target(page);
        if (target == nullptr) {
            refuse_stale_handle(page, NPK_OPERATION_CALL, caller);
            return NPK_TRAP;
        }
        page = target;
    }
    wildx::Verdict verdict = registry_.assess(wildx::Operation::Call, page);
    if (verdict.done())
        verdict.code = verdict.page.signature == nullptr ? NPK_CODE_UNTAGGED : NPK_CODE_SIGNATURE_MISMATCH;
    finish(verdict, site(caller), signature.text().c_str());
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
    const std::optional<Options> options = possible_options(why);
    if (!options || !register_functions(why)) {
        host_.disconnect();
        return false;
    }
    apply(*options);
    opens_ = 1;
    static const int registered_once = (report_at_exit(), 0);
    static_cast<void>(registered_once);
    return true;
}

/// What the user chose, if all of it can be; changes nothing.
std::optional<Options> Runtime::possible_options(npk_refusal* why) noexcept try {
    const std::optional<Options> options = read_options(host_, why);
    if (!options || !seal_is_possible(*options, why) || !places_are_possible(*options, why))
        return std::nullopt;
    return options;
} catch (const std::bad_alloc&) {
    npk::refuse(why, NPK_REFUSAL_SYSTEM, "out of memory");
    return std::nullopt;
}

bool Runtime::seal_is_possible(const Options& options, npk_refusal* why) {
    const wildx::SealBackend backend = options.seal.value_or(wildx::SealBackend::Mprotect);
    const wildx::SystemError error = wildx::probe(os_, backend);
    if (!error || (!options.seal && !wildx::probe(os_, wildx::SealBackend::Kernel))) return true;
    npk::refuse(why, NPK_REFUSAL_SYSTEM,
                Message("the kernel refuses the seal {}: {} ({})", wildx::name_of(backend),
                        std::strerror(error.code), error.code)
                    .view());
    return false;
}

/// What decides where pages lie cannot change once some do.
bool Runtime::places_are_possible(const Options& options, npk_refusal* why) {
    constexpr std::string_view too_late = "pages were minted with another value before the opening";
    if (options.guards && !registry_.can_set_guards(*options.guards)) {
        refuse_option(why, "guards", *options.guards ? "on" : "off", too_late);
        return false;
    }
    if (options.remembered && !registry_.can_set_remembered(*options.remembered)) {
        refuse_option(why, "remember", std::to_string(*options.remembered), too_late);
        return false;
    }
    return true;
}

/// Options that are possible. What nobody chose gets its default, where that is still possible.
void Runtime::apply(const Options& options) noexcept {
    apply_seal(options);
    registry_.set_guards(options.guards.value_or(true));
    registry_.set_remembered(options.remembered.value_or(wildx::RegistryOptions{}.remembered));
    call_policy_.set_route(options.calls);
    call_policy_.allow_untagged(options.untagged_allowed);
    call_policy_.set_verify_every(options.verify_every);
    registry_.quota().set_limit(options.quota);
    registry_.set_free_policy(options.free);
}

void Runtime::apply_seal(const Options& options) noexcept {
    if (options.seal) return registry_.set_seal_backend(*options.seal);
    const wildx::SystemError error = wildx::probe(os_, wildx::SealBackend::Mprotect);
    registry_.set_seal_backend(error ? wildx::SealBackend::Kernel : wildx::SealBackend::Mprotect);
    if (error) report_fallback(error.code);
}

void Runtime::report_fallback(int system_error) noexcept {
    npk_diagnostic diagnostic =
        report::blank_diagnostic(NPK_CODE_SEAL_UNAVAILABLE, NPK_SEVERITY_WARNING, NPK_OPERATION_NONE);
    const Message message("the kernel refuses to make anonymous memory executable ({}); "
                          "pages are sealed by the backend `kernel`",
                          std::strerror(system_error));
    diagnostic.message = message.c_str();
    diagnostic.hint = "choose the seal `kernel` to be told no more";
    diagnostic.system_error = system_error;
    host_.report(diagnostic);
}

bool Runtime::register_functions(npk_refusal* why) noexcept try {
    for (const functions::Function& registered : functions::registered()) {
        const npk_function& function = registered.record();
        const npk_status status = host_.register_function(function);
        if (status == NPK_OK) continue;
        npk::refuse(why, NPK_REFUSAL_NAME_TAKEN,
                    Message("the host refused the function {} with status {}{}", function.name, +status,
                            status == NPK_DUPLICATE ? ": the name is taken" : "")
                        .view());
        return false;
    }
    return true;
} catch (const std::bad_alloc&) { // of their table, which is made at the first opening
    npk::refuse(why, NPK_REFUSAL_SYSTEM, "out of memory");
    return false;
}

void Runtime::close() noexcept {
    const wildx::KeepErrno keep;
    if (opens_ == 0 || --opens_ != 0) return;
    if (!ended_.load()) report_unreleased(*this); // else it was told then
    release_live_callbacks(*this);
    release_live_handles(*this);
    release_live_pages();
    set_audit(nullptr, nullptr);
    host_.disconnect();
    const bool handlers_out = faults::remove();
    if (!registry_.reset_if_idle()) return;
    leaks_told_ = 0;
    if (handlers_out) let_library_go();
}

void Runtime::release_live_pages() noexcept try {
    const std::vector<wildx::PageView> live = registry_.live_pages();
    report_leaks(live);
    for (const wildx::PageView& page : live) {
        const auto* start = reinterpret_cast<const void*>(page.story.address);
        wildx::Verdict verdict = registry_.free(start, {0, wildx::current_thread_id()}, 0);
        if (verdict.code != NPK_CODE_PAGE_IN_USE) continue;
        verdict.code = NPK_CODE_UNLOADED;
        verdict.operation = NPK_OPERATION_CLOSE;
        reporter_.refused(verdict, site({"close"}));
    }
} catch (const std::bad_alloc&) {
    report_leaks_without_memory(); // they stay until the next close, or the process ends
}

void Runtime::end() noexcept try {
    const wildx::KeepErrno keep;
    if (ended_.exchange(true)) return;
    report_unreleased(*this);
    report_leaks(registry_.live_pages());
} catch (const std::bad_alloc&) {
    report_leaks_without_memory();
}

void Runtime::report_leaks_without_memory() noexcept {
    std::size_t leaked = 0;
    registry_.each_live([&](const wildx::PageView& page) { leaked += is_untold_leak(page); });
    reporter_.leaked(leaked); // once there is memory again they are told in full
}

/// After a fork the parent's pages are the parent's to free; and what a close has told is not told again.
bool Runtime::is_untold_leak(const wildx::PageView& page) const noexcept {
    return page.story.process == static_cast<std::uint32_t>(getpid()) && page.story.number > leaks_told_;
}

void Runtime::report_leaks(std::vector<wildx::PageView> live) noexcept {
    std::erase_if(live, [this](const wildx::PageView& page) { return !is_untold_leak(page); });
    reporter_.leaked(live);
    for (const wildx::PageView& page : live)
        leaks_told_ = std::max(leaks_told_, page.story.number);
}

bool Runtime::idle() noexcept {
    return registry_.live_count() == 0 && !registry_.has_retired() && registry_.marks().in_flight() == 0;
}

/// Other threads' first mints wait until the options are in force.
void Runtime::begin_life() noexcept {
    const std::lock_guard lock(life_mutex_);
    if (library_.load() != nullptr) return;
    if (!host_.connected()) apply_options_of_environment();
    hold_library();
}

void Runtime::apply_options_of_environment() noexcept {
    npk_refusal why{sizeof why, NPK_REFUSAL_NONE, {}};
    const std::optional<Options> options = possible_options(&why);
    apply(options.value_or(Options{}));
    if (options) return;
    // Nobody can be refused here: the program runs with the defaults, and is told.
    npk_diagnostic diagnostic =
        report::blank_diagnostic(NPK_CODE_BAD_ARGUMENTS, NPK_SEVERITY_WARNING, NPK_OPERATION_MINT);
    diagnostic.message = why.text;
    diagnostic.hint = "correct the environment variable of the same name (NPK_WILDX_..., NPK_JIT_...)";
    host_.report(diagnostic);
}

void Runtime::hold_library() noexcept {
    Dl_info info{};
    if (dladdr(reinterpret_cast<const void*>(&make_runtime), &info) == 0) return;
    void* held = dlopen(info.dli_fname, RTLD_LAZY | RTLD_NOLOAD);
    void* none = nullptr;
    if (held != nullptr && !library_.compare_exchange_strong(none, held)) dlclose(held);
}

void Runtime::let_library_go() noexcept {
    if (void* held = library_.exchange(nullptr); held != nullptr) dlclose(held);
}

/// The audit's lock first: whoever has it, in a sink, may want any other.
void Runtime::before_fork() noexcept {
    audit_.before_fork();
    life_mutex_.lock();
    call_policy_.before_fork();
    callbacks_.before_fork();
    signatures_.before_fork();
    registry_.before_fork();
    reporter_.before_fork();
}

void Runtime::after_fork_in_parent() noexcept {
    reporter_.after_fork();
    registry_.after_fork_in_parent();
    release_after_fork();
    audit_.after_fork_in_parent();
}

void Runtime::after_fork_in_child() noexcept {
    reporter_.after_fork();
    registry_.after_fork_in_child();
    release_after_fork();
    audit_.after_fork_in_child();
}

void Runtime::release_after_fork() noexcept {
    signatures_.after_fork();
    callbacks_.after_fork();
    call_policy_.after_fork();
    life_mutex_.unlock();
}

} // namespace npk
