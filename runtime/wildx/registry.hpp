// All pages of the process: mints, seals, frees and finds them. Judges by the table of state_machine.hpp, changes
// nothing when it refuses, and leaves reporting to its caller.
#pragma once

#include "call_marks.hpp"
#include "fork_gate.hpp"
#include "freed_pages.hpp"
#include "held_locks.hpp"
#include "own_runs.hpp"
#include "quota.hpp"
#include "region/freed_directories.hpp"
#include "slot_reservation.hpp"
#include "spare_memory.hpp"
#include "swap/handle_table.hpp"
#include "verdict.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <span>
#include <string_view>
#include <vector>

namespace npk::wildx {

struct RegistryOptions {
    bool guards = true;
    std::size_t remembered = 65536;                 ///< freed pages whose story is kept
    std::size_t reservation = std::size_t{4} << 30; ///< bytes of addresses; less where RLIMIT_AS asks for it
};

/// What happens to the free of a page that is being executed.
enum class FreePolicy : std::uint32_t { Refuse = NPK_FREE_REFUSE, Retire = NPK_FREE_RETIRE };

/// Counters since the start.
struct RegistryCounts {
    std::uint64_t minted = 0;
    std::uint64_t sealed = 0;
    std::uint64_t freed = 0;
    std::uint64_t retired = 0; ///< freed, but executing, so not unmapped yet
    std::uint64_t remembered = 0;
    std::uint64_t forgotten = 0;
    std::uint64_t bookkeeping_bytes = 0;
};

/// The code's hash continued over the signature's text, so that it tells code and tag together; 0 without a tag.
std::uint64_t tagged_hash(std::uint64_t hash, const jit::Signature* signature) noexcept;

/// Threads: any, at once, for every function unless it says otherwise. Calls neither allocate nor free memory.
class Registry {
public:
    /// `os` and `marks` must outlive the registry.
    Registry(Os& os, CallMarks& marks, const RegistryOptions& options);

    /// Unmaps everything, whether live or not: see live_pages() and calls in flight before.
    ~Registry() { drop_directories(); }

    /// A new WRITABLE page run of at least `bytes` bytes, zero-filled, between guards. `verdict.page.story.address` is
    /// its first byte. Refusals: BAD_SIZE, QUOTA, MAPPING_FAILED, MAPPING_LIMIT.
    Verdict mint(std::uint64_t bytes, Origin origin) noexcept { return mint_run(bytes, origin, nullptr); }

    /// A new region: a page run that holds functions of their own, added one after the other while it is WRITABLE. Its
    /// other operations are those of a page. Refusals as of mint.
    Verdict mint_region(std::uint64_t bytes, Origin origin) noexcept;

    /// Adds a function to a WRITABLE region; `entry` is where it will be called. Refusals: TOO_LONG when the region has no
    /// room for it; BAD_ARGUMENTS when the page is no region.
    Verdict add_function(const void* region, std::span<const std::byte> code, const jit::Signature& signature,
                         std::string_view name, const void*& entry) noexcept;

    /// The same for nearly all functions, in little time: where it needs neither memory nor a report, and the function has
    /// the signature of the one before. The entry; null, and nothing changed, otherwise: then ask add_function. Inline, in
    /// region/quick_add.hpp.
    const void* add_function_quickly(const void* region, std::span<const std::byte> code,
                                     const char* signature, std::string_view name) noexcept;

    /// The entry of a live region's latest function of a name, null when it has none of this name.
    Verdict find_function(const void* region, std::string_view name, const void*& entry) noexcept;

    /// The name of a live region's function that contains the address, good until the region is freed; else null.
    const char* function_name(const void* address) noexcept;

    /// Copies code into a WRITABLE page at an offset, and binds its signature if there is one. TOO_LONG when it
    /// exceeds the mapped bytes: then nothing is copied.
    Verdict install(const void* page, std::int64_t offset, std::span<const std::byte> code,
                    const jit::Signature* signature) noexcept;

    /// Binds a signature to a WRITABLE page, in place of one bound before.
    Verdict bind(const void* page, const jit::Signature& signature) noexcept;

    /// Hashes the page, makes it readable and executable, WRITABLE -> EXECUTABLE.
    Verdict seal(const void* page, Origin origin) noexcept;

    /// Hashes an EXECUTABLE page again. CODE_CHANGED when it is not as sealed.
    Verdict verify(const void* page) noexcept;

    /// Unmaps the page. `frame` is an address in the caller's frame, which tells abandoned calls of this thread from
    /// live ones. PAGE_IN_USE while the page is being executed, unless the policy retires it.
    /// PERMANENT when it was sealed for ever.
    Verdict free(const void* page, Origin origin, std::uintptr_t frame) noexcept {
        return free(page, origin, frame, free_policy_.load(std::memory_order_relaxed));
    }

    /// The same for the page that a handle stands for; none, and nothing changed, when it stands for another one by now.
    std::optional<Verdict> free_for_handle(const void* handle, const void* page, Origin origin,
                                           std::uintptr_t frame) noexcept;

    /// The same, but a page that is being executed is always retired: for code that was swapped.
    Verdict free_when_left(const void* page, Origin origin, std::uintptr_t frame) noexcept {
        return free(page, origin, frame, FreePolicy::Retire);
    }

    /// Makes every thread look the page's entry up again.
    void forget_entries(const void* page) noexcept;

    /// What the table says to a pointer, without doing anything. For calls, whose way in is CallGuard.
    Verdict assess(Operation operation, const void* pointer) noexcept;

    /// The page that an address lies in or beside, live or freed; state Uninitialized when there is none.
    PageView view(const void* pointer) noexcept;

    /// The same without waiting for a transition under way. Async-signal-safe.
    PageView peek(std::uintptr_t address) const noexcept;

    /// The record of the page that starts here, minted or not; null when there is none. Async-signal-safe.
    PageRecord* page_starting_at(const void* pointer) const noexcept {
        const auto address = reinterpret_cast<std::uintptr_t>(pointer);
        if (PageRecord* record = slots_.starting_at(address); record != nullptr) [[likely]]
            return record;
        const OwnRuns::Run run = runs_.find(address);
        return run.start == address ? run.record : nullptr;
    }

    /// The record of the page, or of the guard, that the address lies in; null when there is none. Async-signal-safe.
    PageRecord* page_around(const void* pointer) const noexcept {
        const auto address = reinterpret_cast<std::uintptr_t>(pointer);
        if (PageRecord* record = slots_.find(address).record; record != nullptr) return record;
        return runs_.find(address).record;
    }

    /// The same, among the pages that keep their place.
    PageRecord* slot_around(const void* pointer) const noexcept {
        return slots_.find(reinterpret_cast<std::uintptr_t>(pointer)).record;
    }

    /// Whether the record belongs to its address for ever, whatever is minted there, so that it need not be found again.
    bool keeps_place(const PageRecord& record) const noexcept { return !runs_.owns(record); }

    /// Pages WRITABLE or EXECUTABLE, by number. Throws std::bad_alloc.
    std::vector<PageView> live_pages();

    /// The same one by one, in no order, for `visit(const PageView&)`.
    template <class Visit>
    void each_live(Visit visit) {
        const std::shared_lock gate(fork_gate_);
        const auto visit_live = [&](PageRecord& record) {
            const LockedRecord locked(record);
            if (locked.state() == State::Writable || locked.state() == State::Executable)
                visit(copy({&record, Subject::Foreign, true, 0}));
        };
        slots_.each(visit_live);
        runs_.each(visit_live);
    }

    CallMarks& marks() noexcept { return marks_; }
    HandleTable& handles() noexcept { return handles_; }
    Quota& quota() noexcept { return quota_; }
    Os& os() noexcept { return os_; }
    RegistryCounts counts() noexcept;

    /// Gives everything back to the kernel and forgets all stories, if no page lives and no call is in flight; else
    /// does nothing and returns false. No other thread may use the registry meanwhile.
    bool reset_if_idle() noexcept;

    std::uint64_t live_count() const noexcept { return live_.load(std::memory_order_relaxed); }
    bool guards() const noexcept { return guards_.load(std::memory_order_relaxed); }

    /// Whether pages lie between guard pages; nothing changes once any was minted with another choice.
    bool can_set_guards(bool guards) noexcept;
    void set_guards(bool guards) noexcept;

    /// The backend of the seals to come.
    void set_seal_backend(SealBackend backend) noexcept {
        seal_backend_.store(backend, std::memory_order_relaxed);
    }
    SealBackend seal_backend() const noexcept { return seal_backend_.load(std::memory_order_relaxed); }

    void set_free_policy(FreePolicy policy) noexcept {
        free_policy_.store(policy, std::memory_order_relaxed);
    }

    /// How many freed pages to remember; nothing changes once pages were freed under another choice.
    bool can_set_remembered(std::size_t pages) noexcept;
    void set_remembered(std::size_t pages) noexcept;

    /// Whether pages wait for their last call to end.
    bool has_retired() const noexcept { return retired_count_.load(std::memory_order_relaxed) != 0; }

    /// Unmaps the retired pages that nobody executes any more. Preserves errno. Neither waits, allocates nor frees, for the
    /// call that ended may have been made in a signal handler: whoever holds a lock that this needs does it then, or the
    /// next call.
    void unmap_retired() noexcept;

    /// fork(2): takes every lock before, so that both sides find all pages between two operations. The child's pages
    /// are its own from then on.
    void before_fork() noexcept;
    void after_fork_in_parent() noexcept;
    void after_fork_in_child() noexcept;

private:
    /// A pointer, resolved.
    struct Target {
        PageRecord* record = nullptr;
        Subject subject = Subject::Foreign; ///< by the address alone; the state of a start comes later
        bool start = false;
        std::int64_t offset = 0;
    };

    Target resolve(std::uintptr_t address) const noexcept;
    Target resolve_in_slot(std::uintptr_t address) const noexcept;
    Target beside(PageRecord* record, std::uintptr_t start, std::uintptr_t address) const noexcept;
    PageView copy(const Target& target) const noexcept;
    void look_up_function(const PageRecord& record, PageView& view) const noexcept;
    Verdict mint_run(std::uint64_t bytes, Origin origin, FunctionDirectory* functions) noexcept;
    bool seal_page(LockedRecord& locked, SealBackend backend, Verdict& verdict) noexcept;
    bool seal_region(LockedRecord& locked, FunctionDirectory& functions, SealBackend backend,
                     Verdict& verdict) noexcept;
    void verify_region(LockedRecord& locked, const FunctionDirectory& functions, Verdict& verdict) noexcept;
    void populate(FunctionDirectory& functions, const PageStory& story, std::uint64_t wanted) noexcept;
    void mend_after_fork() noexcept;
    void shrink(PageStory& story, std::uint64_t mapped) noexcept;
    void drop_directories() noexcept;

    /// Resolves, locks, judges; on acceptance runs `act(LockedRecord&, Verdict&)`, which may still refuse.
    template <class Act>
    Verdict operate(Operation operation, const void* pointer, Act act) noexcept;

    void explain_foreign(Verdict& verdict) const noexcept;
    Verdict begin(npk_operation operation, std::uintptr_t pointer) const noexcept;
    void refuse_mapping(Verdict& verdict, int system_error) noexcept;
    bool free_locked(LockedRecord& page, Verdict& verdict, Origin origin) noexcept;
    SystemError take_memory_from(const LockedRecord& page, State before) noexcept;
    SystemError give_memory_to(std::uintptr_t address, std::uint64_t mapped,
                               FunctionDirectory* functions) noexcept;
    bool retire(LockedRecord& page, Verdict& verdict, Origin origin, FreePolicy policy) noexcept;
    void unmap_retired(const PageRecord& page) noexcept;
    void unmap_left() noexcept;
    bool reset_if_idle_locked() noexcept;
    bool unmap_retired_at(std::size_t index) noexcept;
    Verdict free(const void* page, Origin origin, std::uintptr_t frame, FreePolicy policy,
                 const void* handle = nullptr) noexcept;

    /// Holds places_mutex_, and then does what calls that ended meanwhile could not wait to do.
    class PlacesLock {
    public:
        explicit PlacesLock(Registry& registry) : registry_(registry) { registry.places_mutex_.lock(); }
        ~PlacesLock();
        PlacesLock(const PlacesLock&) = delete;
        PlacesLock& operator=(const PlacesLock&) = delete;

    private:
        Registry& registry_;
    };

    struct Place {
        PageRecord* record = nullptr;
        int error = 0;
    };
    Place take_place(std::size_t pages);
    PageRecord* take_slot(std::size_t pages);
    void give_back_place(PageRecord& record) noexcept;
    void remember(PageRecord& record) noexcept;
    void remember_unmapped() noexcept;
    void remember_locked(PageRecord& record) noexcept;
    bool remembers_any() const noexcept;
    void forget(PageRecord& record) noexcept;

    Os& os_;
    CallMarks& marks_;
    const std::size_t page_size_;
    std::atomic<bool> guards_;
    const std::size_t wanted_reservation_;
    bool reserved_ = false; ///< tried, at the first mint
    SlotReservation slots_;
    SpareMemory spare_{os_};
    OwnRuns runs_;
    Quota quota_;
    std::atomic<SealBackend> seal_backend_{SealBackend::Mprotect};
    std::atomic<FreePolicy> free_policy_{FreePolicy::Refuse};
    std::atomic<std::uint32_t> retired_count_{0};
    std::atomic<bool> page_left_{false}; ///< a call of a retired page has ended, and nobody has looked since
    std::uint32_t process_;

    ForkGate fork_gate_;        ///< held shared by every transition, whole by fork
    CountedMutex places_mutex_; ///< slots_ (taking), runs_ (taking), freed_*_, retired_, unmapped_,
                                ///< places_taken_
    FreedPages freed_slots_;
    FreedPages freed_runs_;
    std::uint64_t freed_run_bytes_ = 0;     ///< addresses that freed_runs_ holds
    std::uint64_t max_freed_run_bytes_ = 0; ///< set at the first mint
    std::size_t places_taken_ = 0;          ///< by mints, until their pages are remembered
    std::vector<PageRecord*> retired_;
    std::vector<PageRecord*> unmapped_; ///< retired, left and unmapped, but not remembered yet
    FreedDirectories freed_directories_;
    HandleTable handles_;

    std::atomic<std::uint64_t> live_{0};
    std::atomic<std::uint64_t> minted_{0};
    std::atomic<std::uint64_t> sealed_{0};
    std::atomic<std::uint64_t> freed_{0};
    std::atomic<std::uint64_t> forgotten_{0};
};

} // namespace npk::wildx
