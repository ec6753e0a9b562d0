// The plugin's one state, and its operations: each does what it is asked, and reports what was refused.
#pragma once

#include "host_link.hpp"
#include "jit/callbacks.hpp"
#include "jit/common_signatures.hpp"
#include "jit/machine_call.hpp"
#include "jit/signature_table.hpp"
#include "message.hpp"
#include "options.hpp"
#include "report/audit_log.hpp"
#include "report/reporter.hpp"
#include "wildx/call_marks.hpp"
#include "wildx/linux_os.hpp"
#include "wildx/registry.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace npk {

/// The user's function, as a report names it, where it was called from in machine code (0: by a host, which locates the
/// place itself), and the frame of the function of ours that was called: made in that function.
struct Caller {
    const char* function;
    std::uintptr_t code = 0;
    std::uintptr_t frame = wildx::this_frame();
};

/// The caller of the function that this is inlined into: where no host locates anything, the return address stands for the
/// place.
[[gnu::always_inline]] inline Caller caller_of(const char* function) noexcept {
    return {function, reinterpret_cast<std::uintptr_t>(__builtin_return_address(0))};
}

/// Settings that decide about calls; quick calls know only the ones at the start: a page that is sealed and of the right
/// signature, or of none, is called. Any thread.
class CallPolicy {
public:
    /// `marks`, which must outlive it, hear whether there are other settings.
    explicit CallPolicy(wildx::CallMarks& marks) : marks_(marks) {}

    /// fork(2): before the marks' lock.
    void before_fork() noexcept { mutex_.lock(); }
    void after_fork() noexcept { mutex_.unlock(); }

    jit::Route route() const noexcept { return route_.load(std::memory_order_relaxed); }
    bool allows_untagged() const noexcept { return untagged_allowed_.load(std::memory_order_relaxed); }
    std::uint32_t verify_every() const noexcept { return verify_every_.load(std::memory_order_relaxed); }
    bool is_audited() const noexcept { return audited_.load(std::memory_order_relaxed); }

    void set_route(jit::Route route) noexcept { set(route_, route); }
    void allow_untagged(bool allowed) noexcept { set(untagged_allowed_, allowed); }
    /// 0: never; n: every n-th call of a thread.
    void set_verify_every(std::uint32_t n) noexcept { set(verify_every_, n); }
    /// Calls of untagged pages are noted in the audit log.
    void set_audited(bool audited) noexcept { set(audited_, audited); }

private:
    template <class Value>
    void set(std::atomic<Value>& setting, Value value) noexcept {
        const std::lock_guard lock(mutex_);
        setting.store(value);
        const bool policed = route_.load() != jit::Route::Thunk || !untagged_allowed_.load() ||
                             verify_every_.load() != 0 || audited_.load();
        marks_.set_policed(policed);
    }

    wildx::CallMarks& marks_;
    std::mutex mutex_; ///< of the setters
    std::atomic<jit::Route> route_{jit::Route::Thunk};
    std::atomic<bool> untagged_allowed_{true};
    std::atomic<std::uint32_t> verify_every_{0};
    std::atomic<bool> audited_{false};
};

/// Threads: any, at once, unless it says otherwise. All preserve errno but for what called code leaves there.
class Runtime {
public:
    Runtime();
    ~Runtime();
    Runtime(const Runtime&) = delete;
    Runtime& operator=(const Runtime&) = delete;

    void* mint(std::uint64_t bytes, Caller caller) noexcept; ///< null when refused
    bool seal(const void* page, Caller caller) noexcept;
    bool verify(const void* page, Caller caller) noexcept;
    [[gnu::noinline]] bool free(const void* page, Caller caller) noexcept;
    void retire(const void* page, Caller caller) noexcept; ///< free, once its last call has left
    /// Frees the page that a handle stands for; true also when the handle turns out to stand for another one by now.
    bool free_page_of(const void* handle, const void* page, Caller caller) noexcept;
    bool bind(const void* page, const jit::Signature& signature, Caller caller) noexcept;
    bool install(const void* page, std::int64_t offset, std::span<const std::byte> code,
                 const jit::Signature* signature, Caller caller) noexcept;

    /// A region, and its functions; null when refused, and where find_function finds none of the name.
    void* mint_region(std::uint64_t bytes, Caller caller) noexcept;
    const void* add_function(const void* region, std::span<const std::byte> code,
                             const jit::Signature& signature, std::string_view name, Caller caller) noexcept;
    const void* find_function(const void* region, std::string_view name, Caller caller) noexcept;

    /// Calls a page, with values that match the signature. NPK_TRAP when it is refused. An exception of the called code
    /// passes through.
    npk_status call(const void* page, const jit::Signature& signature, const npk_value* arguments,
                    npk_value* result, Caller caller);

    /// The same with pointers to values of exactly the signature's widths, as jit::call_machine_code takes them.
    npk_status call(const void* page, const jit::Signature& signature, const void* const* arguments,
                    void* result, Caller caller);

    /// Reports what is not about a page's state, for instance a signature that does not parse.
    void refuse(npk_code code, npk_operation operation, const void* page, const Message& message,
                Caller caller) noexcept;

    /// Connects a host: negotiates, reads its options, registers the functions. [main thread]
    bool open(const npk_host* host, npk_refusal* why) noexcept;

    /// Ends a host's use: sums up, reports and releases what is live. [main thread]
    void close() noexcept;

    /// The end of the process or of the library: reports what nobody closed. Only the first call does anything.
    void end() noexcept;

    /// Whether nothing would be pulled from under anybody if the runtime ceased to be.
    bool idle() noexcept;

    const HostLink& host() const noexcept { return host_; }
    wildx::Registry& registry() noexcept { return registry_; }
    jit::SignatureTable& signatures() noexcept { return signatures_; }
    const jit::CommonSignatures& common_signatures() const noexcept { return common_; }
    report::Reporter& reporter() noexcept { return reporter_; }
    const report::AuditLog& audit() const noexcept { return audit_; }
    void set_audit(npk_audit_sink sink, void* data) noexcept;
    CallPolicy& call_policy() noexcept { return call_policy_; }
    jit::Callbacks& callbacks() noexcept { return callbacks_; }

    void before_fork() noexcept;
    void after_fork_in_parent() noexcept;
    void after_fork_in_child() noexcept;

private:
    report::Site site(Caller caller) const noexcept;
    void* minted(const wildx::Verdict& verdict, const report::Site& site) noexcept;
    bool finish(const wildx::Verdict& verdict, const report::Site& site,
                const char* actual_signature = nullptr) noexcept;
    template <class Arguments, class Result>
    npk_status checked_call(const void* page, const jit::Signature& signature, Arguments arguments,
                            Result result, Caller caller);
    void note_untagged_call(const void* page, Caller caller) noexcept;
    npk_status refuse_call(const void* page, const jit::Signature& signature, Caller caller) noexcept;
    std::optional<Options> possible_options(npk_refusal* why) noexcept;
    bool seal_is_possible(const Options& options, npk_refusal* why);
    bool places_are_possible(const Options& options, npk_refusal* why);
    void apply(const Options& options) noexcept;
    void apply_seal(const Options& options) noexcept;
    void apply_options_of_environment() noexcept;
    void release_after_fork() noexcept;
    void report_fallback(int system_error) noexcept;
    bool register_functions(npk_refusal* why) noexcept;
    void release_live_pages() noexcept;
    bool is_untold_leak(const wildx::PageView& page) const noexcept;
    void report_leaks(std::vector<wildx::PageView> live) noexcept;
    void report_leaks_without_memory() noexcept;
    void begin_life() noexcept;
    void hold_library() noexcept;
    void let_library_go() noexcept;

    HostLink host_;
    std::uint32_t opens_ = 0;
    wildx::LinuxOs os_;
    wildx::CallMarks marks_;
    wildx::Registry registry_;
    jit::SignatureTable signatures_;
    jit::CommonSignatures common_;
    report::Reporter reporter_;
    report::AuditLog audit_;
    CallPolicy call_policy_{marks_};
    jit::Callbacks callbacks_;
    std::atomic<bool> ended_{false};
    std::uint64_t leaks_told_ = 0;        ///< pages up to this number were reported
    wildx::CountedMutex life_mutex_;      ///< of begin_life
    std::atomic<void*> library_{nullptr}; ///< our own reference, held while pages live
};

/// Has what is live at the end of the process reported while the host still stands.
void report_at_exit();

/// The state; null before its first use and after its end.
extern std::atomic<Runtime*> current_runtime;
Runtime& make_runtime();

/// For functions that may be a program's first and cannot have a state: one line on file descriptor 2, and null.
std::nullptr_t refuse_without_state(const char* function) noexcept;

/// Where the state lies: a fixed address, so that a call needs no load to find it.
alignas(Runtime) extern std::array<std::byte, sizeof(Runtime)> runtime_storage;

/// The state, for a call that asks it for nothing unless its thread has marks (see wildx::thread_calls), hence has used the
/// state before: until then it is zeros.
[[gnu::always_inline]] inline Runtime& runtime_in_use() noexcept {
    return reinterpret_cast<Runtime&>(runtime_storage); // std::launder would cost a register in every call
}

/// The state, made at the first use. Throws std::bad_alloc when there is no memory for it.
inline Runtime& runtime() {
    Runtime* const state = current_runtime.load(std::memory_order_acquire);
    return state != nullptr ? *state : make_runtime();
}

} // namespace npk
