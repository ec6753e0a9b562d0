#include "registry_operate.hpp"

#include "code_hash.hpp"
#include "full_fence.hpp"
#include "jit/signature.hpp"
#include "keep_errno.hpp"
#include "region/function_directory.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>
#include <new>
#include <unistd.h>

namespace npk::wildx {

namespace {

/// Freed runs with mappings of their own hold address space, so fewer of them are remembered than of slots.
constexpr std::size_t max_remembered_runs = 1024;

/// Bytes of addresses that may lie idle: a quarter of what RLIMIT_AS leaves, so that the program keeps the most of it.
std::size_t idle_addresses(Os& os) noexcept {
    const MappingFigures figures = os.figures();
    if (figures.address_space_limit == std::numeric_limits<std::uint64_t>::max())
        return std::numeric_limits<std::size_t>::max();
    if (figures.address_space >= figures.address_space_limit) return 0;
    return (figures.address_space_limit - figures.address_space) / 4;
}

std::span<const std::byte> bytes_of(const PageStory& story) noexcept {
    return {reinterpret_cast<const std::byte*>(story.address), story.mapped};
}

} // namespace

std::uint64_t tagged_hash(std::uint64_t hash, const jit::Signature* signature) noexcept {
    return signature != nullptr ? fnv1a64(std::as_bytes(std::span(signature->text())), hash) : 0;
}

Registry::Registry(Os& os, CallMarks& marks, const RegistryOptions& options)
    : os_(os), marks_(marks), page_size_(os.page_size()), guards_(options.guards),
      wanted_reservation_(options.reservation), slots_(os, options.guards), runs_(os, options.guards),
      process_(static_cast<std::uint32_t>(getpid())), freed_slots_(options.remembered),
      freed_runs_(std::min(options.remembered, max_remembered_runs)), handles_(os) {
    marks_.serve(*this);
}

// --- finding -------------------------------------------------------------------------------------------------------

Registry::Target Registry::resolve(std::uintptr_t address) const noexcept {
    if (address == 0) return {nullptr, Subject::Null, false, 0};
    Target target = resolve_in_slot(address);
    if (target.record != nullptr) return target;
    const OwnRuns::Run run = runs_.find(address);
    return run.record != nullptr ? beside(run.record, run.start, address) : Target{};
}

Registry::Target Registry::resolve_in_slot(std::uintptr_t address) const noexcept {
    const SlotReservation::Slot slot = slots_.find(address);
    if (slot.record != nullptr) {
        const Target own = beside(slot.record, slot.start, address);
        const bool in_page_or_its_guard =
            own.offset < static_cast<std::int64_t>(slot.record->story.mapped + page_size_);
        if (own.record != nullptr && in_page_or_its_guard) return own;
    }
    // The guard before a page belongs to the slot before, or lies before the first one.
    const SlotReservation::Slot next = slots_.find(address + page_size_);
    if (next.record != nullptr && next.start > address && next.start - address <= page_size_)
        return beside(next.record, next.start, address);
    return slot.record != nullptr ? beside(slot.record, slot.start, address) : Target{};
}

Registry::Target Registry::beside(PageRecord* record, std::uintptr_t start,
                                  std::uintptr_t address) const noexcept {
    if (record->load().state() == State::Uninitialized) return {};
    const auto offset = static_cast<std::int64_t>(address - start);
    if (offset == 0) return {record, Subject::Foreign, true, 0};
    const bool inside = offset > 0 && static_cast<std::uint64_t>(offset) < record->story.mapped;
    return {record, inside ? Subject::Interior : Subject::Guard, false, offset};
}

PageView Registry::copy(const Target& target) const noexcept {
    PageView view;
    if (target.record == nullptr) return view;
    const StateWord word = target.record->load();
    view.state = word.state();
    view.generation = word.generation();
    view.offset = target.offset;
    view.story = target.record->story;
    view.signature = target.record->signature.load(std::memory_order_acquire);
    if (target.record->functions.load(std::memory_order_acquire) != nullptr)
        look_up_function(*target.record, view);
    return view;
}

PageView Registry::view(const void* pointer) noexcept {
    const std::shared_lock gate(fork_gate_);
    const Target target = resolve(reinterpret_cast<std::uintptr_t>(pointer));
    if (target.record == nullptr) return {};
    const LockedRecord locked(*target.record);
    return copy(target);
}

PageView Registry::peek(std::uintptr_t address) const noexcept {
    constexpr int attempts =
        8; // a transition under way may be the interrupted thread's own: do not wait for it
    PageView view;
    for (int attempt = 0; attempt < attempts; ++attempt) {
        const Target target = resolve(address);
        if (target.record == nullptr) return {};
        const std::uint32_t before = target.record->word.load(std::memory_order_acquire);
        view = copy(target);
        full_fence();
        if (target.record->word.load(std::memory_order_relaxed) == before) break;
    }
    return view;
}

std::vector<PageView> Registry::live_pages() {
    std::vector<PageView> pages;
    each_live([&](const PageView& page) { pages.push_back(page); });
    std::ranges::sort(pages, {}, [](const PageView& page) { return page.story.number; });
    return pages;
}

// --- operations ----------------------------------------------------------------------------------------------------

Verdict Registry::begin(npk_operation operation, std::uintptr_t pointer) const noexcept {
    Verdict verdict;
    verdict.operation = operation;
    verdict.pointer = pointer;
    return verdict;
}

void Registry::explain_foreign(Verdict& verdict) const noexcept {
    verdict.story_lost = forgotten_.load(std::memory_order_relaxed) != 0;
    const std::uint32_t owner = slots_.owner(verdict.pointer);
    if (owner == 0 || owner == process_) return;
    verdict.code = NPK_CODE_FORKED;
    verdict.owner = owner;
}

Verdict Registry::assess(Operation operation, const void* pointer) noexcept {
    return operate(operation, pointer, [](LockedRecord&, Verdict&) {});
}

Verdict Registry::install(const void* page, std::int64_t offset, std::span<const std::byte> code,
                          const jit::Signature* signature) noexcept {
    return operate(Operation::Install, page, [&](LockedRecord& locked, Verdict& verdict) {
        const PageStory& story = locked.story();
        const bool fits = offset >= 0 && code.size() <= story.mapped &&
                          static_cast<std::uint64_t>(offset) <= story.mapped - code.size();
        if (fits) {
            if (!code.empty()) std::memcpy(memory_of(story) + offset, code.data(), code.size());
            if (signature != nullptr) locked.record().signature.store(signature, std::memory_order_release);
            return;
        }
        verdict.code = NPK_CODE_TOO_LONG;
        verdict.bytes = code.size();
        verdict.at = offset;
    });
}

Verdict Registry::bind(const void* page, const jit::Signature& signature) noexcept {
    return operate(Operation::Bind, page, [&](LockedRecord& locked, Verdict& verdict) {
        if (verdict.page.is_region) {
            verdict.code = NPK_CODE_BAD_ARGUMENTS;
            return;
        }
        locked.record().signature.store(&signature, std::memory_order_release);
    });
}

bool Registry::seal_page(LockedRecord& locked, SealBackend backend, Verdict& verdict) noexcept {
    PageStory& story = locked.story();
    const std::uint64_t hash = fnv1a64(bytes_of(story));
    const SealOutcome sealed = seal_memory(os_, backend, memory_of(story), story.mapped);
    if (sealed.error) {
        refuse_mapping(verdict, sealed.error.code);
        return false;
    }
    story.backend = sealed.backend;
    story.hash = hash;
    story.tagged_hash = tagged_hash(hash, verdict.page.signature);
    return true;
}

Verdict Registry::seal(const void* page, Origin origin) noexcept {
    return operate(Operation::Seal, page, [&](LockedRecord& locked, Verdict& verdict) {
        const SealBackend backend = seal_backend();
        FunctionDirectory* functions = locked.record().functions.load(std::memory_order_relaxed);
        if (functions != nullptr ? !seal_region(locked, *functions, backend, verdict)
                                 : !seal_page(locked, backend, verdict))
            return;
        locked.story().sealed = origin;
        locked.become(judge(Operation::Seal, Subject::Writable).next);
        sealed_.fetch_add(1, std::memory_order_relaxed);
    });
}

Verdict Registry::verify(const void* page) noexcept {
    return operate(Operation::Verify, page, [&](LockedRecord& locked, Verdict& verdict) {
        if (const FunctionDirectory* functions = locked.record().functions.load(std::memory_order_relaxed);
            functions != nullptr)
            return verify_region(locked, *functions, verdict);
        verdict.hash_now = fnv1a64(bytes_of(locked.story()));
        if (verdict.hash_now == locked.story().hash) return;
        verdict.code = NPK_CODE_CODE_CHANGED;
        std::memcpy(verdict.code_now.data(), memory_of(locked.story()), verdict.code_now.size());
    });
}

Verdict Registry::free(const void* page, Origin origin, std::uintptr_t frame, FreePolicy policy,
                       const void* handle) noexcept {
    PageRecord* unmapped = nullptr;
    PageRecord* retired = nullptr;
    Verdict verdict = operate(Operation::Free, page, [&](LockedRecord& locked, Verdict& outcome) {
        // A swap redirects the handle first, and then frees: while this page is locked, it is the handle's or never will be.
        if (handle != nullptr && handles_.target(handle) != page) {
            outcome.code = NPK_CODE_FOREIGN_POINTER;
            return;
        }
        if (locked.state() == State::Executable && !can_be_freed(locked.story().backend)) {
            outcome.code = NPK_CODE_PERMANENT;
            return;
        }
        outcome.executing_thread = marks_.executing_thread(locked.record(), frame);
        if (outcome.executing_thread == 0) {
            if (free_locked(locked, outcome, origin)) unmapped = &locked.record();
        } else {
            if (retire(locked, outcome, origin, policy)) retired = &locked.record();
        }
    });
    if (unmapped != nullptr) remember(*unmapped);
    // The last call may have ended before it could see that the page was retired.
    if (retired != nullptr) unmap_retired(*retired);
    return verdict;
}

std::optional<Verdict> Registry::free_for_handle(const void* handle, const void* page, Origin origin,
                                                 std::uintptr_t frame) noexcept {
    const Verdict verdict = free(page, origin, frame, free_policy_.load(std::memory_order_relaxed), handle);
    if (verdict.code == NPK_CODE_FOREIGN_POINTER) return std::nullopt;
    return verdict;
}

void Registry::forget_entries(const void* page) noexcept {
    const std::shared_lock gate(fork_gate_);
    if (PageRecord* record = page_starting_at(page); record != nullptr) LockedRecord(*record).renew();
}

bool Registry::free_locked(LockedRecord& page, Verdict& verdict, Origin origin) noexcept {
    PageStory& story = page.story();
    const State before = page.state();
    story.freed = origin; // recorded before the page goes: whoever faults on it must find the story
    page.become(State::Freed);
    if (const SystemError error = take_memory_from(page, before)) {
        story.freed = {};
        page.become(before);
        refuse_mapping(verdict, error.code);
        return false;
    }
    quota_.give_back(story.mapped);
    live_.fetch_sub(1, std::memory_order_relaxed);
    freed_.fetch_add(1, std::memory_order_relaxed);
    return true;
}

/// Makes a freed page inaccessible.
SystemError Registry::take_memory_from(const LockedRecord& page, State before) noexcept {
    PageStory& story = page.story();
    // Of a sealed region all pages are in use; what the kernel sealed is no memory of one's own. Memory that has moved and
    // memory that came after it are two mappings for the kernel.
    const FunctionDirectory* functions = page.record().functions.load(std::memory_order_relaxed);
    const bool is_movable = functions != nullptr && before == State::Executable &&
                            story.backend == SealBackend::Mprotect && keeps_place(page.record()) &&
                            (functions->moved == 0 || story.mapped <= functions->moved);
    if (is_movable && spare_.keep(memory_of(story), story.mapped)) return {};
    return os_.decommit(memory_of(story), story.mapped);
}

bool Registry::retire(LockedRecord& page, Verdict& verdict, Origin origin, FreePolicy policy) noexcept {
    if (policy != FreePolicy::Retire) {
        verdict.code = NPK_CODE_PAGE_IN_USE;
        return false;
    }
    const PlacesLock lock(*this);
    retired_.push_back(&page.record());
    retired_count_.fetch_add(1);
    marks_.set_pages_wait(true);
    page.story().freed = origin;
    page.become(State::Freed);
    live_.fetch_sub(1, std::memory_order_relaxed);
    freed_.fetch_add(1, std::memory_order_relaxed);
    return true;
}

void Registry::unmap_retired() noexcept {
    const KeepErrno keep;
    page_left_.store(true);
    if (held_locks == 0) unmap_left();
}

void Registry::unmap_left() noexcept {
    for (;;) {
        full_fence(); // after the locks were given back: whoever could not have them meanwhile has told
        if (!page_left_.load()) return;
        const std::shared_lock gate(fork_gate_, std::try_to_lock);
        const std::unique_lock lock(places_mutex_, std::try_to_lock);
        if (!gate.owns_lock() || !lock.owns_lock()) return; // the holder does it
        page_left_.store(false);
        if (!marks_.see_all()) return page_left_.store(true);
        for (std::size_t index = 0; index < retired_.size();)
            if (!unmap_retired_at(index)) ++index;
    }
}

Registry::PlacesLock::~PlacesLock() {
    const bool pages_wait = registry_.has_retired();
    registry_.places_mutex_.unlock();
    if (pages_wait) [[unlikely]]
        registry_.unmap_left();
}

void Registry::unmap_retired(const PageRecord& page) noexcept {
    const std::shared_lock gate(fork_gate_);
    const PlacesLock lock(*this);
    const auto found = std::ranges::find(retired_, &page);
    if (found != retired_.end() && marks_.see_all())
        unmap_retired_at(static_cast<std::size_t>(found - retired_.begin()));
}

/// Unless somebody executes it. With the lock held, after see_all. Where a call ends in a signal handler, the thread may be in the midst
/// of malloc, so this allocates and frees nothing: the page is remembered later.
bool Registry::unmap_retired_at(std::size_t index) noexcept {
    PageRecord& record = *retired_[index];
    if (marks_.marked_thread(record) != 0) return false;
    if (os_.decommit(memory_of(record.story), record.story.mapped)) return false;
    unmapped_.push_back(&record);
    retired_[index] = retired_.back();
    retired_.pop_back();
    retired_count_.fetch_sub(1);
    marks_.set_pages_wait(!retired_.empty());
    quota_.give_back(record.story.mapped);
    return true;
}

// --- minting -------------------------------------------------------------------------------------------------------

Verdict Registry::mint_run(std::uint64_t bytes, Origin origin, FunctionDirectory* functions) noexcept {
    Verdict verdict = begin(NPK_OPERATION_MINT, 0);
    verdict.bytes = bytes;
    if (bytes == 0 || bytes > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
        verdict.code = NPK_CODE_BAD_SIZE;
        return verdict;
    }
    const std::uint64_t mapped = (bytes + page_size_ - 1) / page_size_ * page_size_;
    const std::shared_lock gate(fork_gate_);
    if (!quota_.take(mapped)) {
        verdict.code = NPK_CODE_QUOTA;
        verdict.quota = quota_.limit();
        verdict.quota_used = quota_.used();
        return verdict;
    }
    const Place place = take_place(mapped / page_size_);
    if (place.record == nullptr) {
        quota_.give_back(mapped);
        refuse_mapping(verdict, place.error);
        return verdict;
    }
    LockedRecord page(*place.record);
    const std::uintptr_t address = page.story().address;
    if (const SystemError error = give_memory_to(address, mapped, functions)) {
        quota_.give_back(mapped);
        give_back_place(*place.record);
        refuse_mapping(verdict, error.code);
        return verdict;
    }
    const std::uint64_t number = minted_.fetch_add(1, std::memory_order_relaxed) + 1;
    page.story() = {address, mapped, bytes, number, 0, 0, origin, {}, {}, process_, SealBackend::Mprotect};
    place.record->signature.store(nullptr, std::memory_order_relaxed);
    place.record->functions.store(functions, std::memory_order_release);
    page.renew();
    page.become(State::Writable);
    live_.fetch_add(1, std::memory_order_relaxed);
    verdict.page = copy({place.record, Subject::Writable, true, 0});
    return verdict;
}

/// Makes a place that is about to be a page writable, and zero.
SystemError Registry::give_memory_to(std::uintptr_t address, std::uint64_t mapped,
                                     FunctionDirectory* functions) noexcept {
    auto* const memory = reinterpret_cast<void*>(address);
    if (const SystemError error = spare_.give_back(memory)) return error;
    const std::size_t moved = functions != nullptr ? spare_.move_to(memory, mapped) : 0;
    if (const SystemError error = os_.protect(memory, mapped, Access::ReadWrite)) {
        if (moved != 0) static_cast<void>(os_.decommit(memory, mapped));
        return error;
    }
    if (moved == 0) return {};
    std::memset(memory, 0, moved);
    functions->populated = functions->moved = moved;
    return {};
}

void Registry::refuse_mapping(Verdict& verdict, int system_error) noexcept {
    verdict.system_error = system_error;
    verdict.figures = os_.figures();
    const MappingFigures& figures = verdict.figures;
    // A mint or a change of protection may split a mapping in three.
    const bool mappings_used_up = figures.mapping_limit != 0 && figures.mappings + 2 >= figures.mapping_limit;
    const bool addresses_used_up = figures.address_space + verdict.bytes >= figures.address_space_limit;
    const bool limit = system_error == ENOMEM && (mappings_used_up || addresses_used_up);
    verdict.code = limit ? NPK_CODE_MAPPING_LIMIT : NPK_CODE_MAPPING_FAILED;
}

Registry::Place Registry::take_place(std::size_t pages) try {
    const PlacesLock lock(*this);
    remember_unmapped();
    // As many as could ever be retired at once, so that retiring never allocates.
    if (places_taken_ == retired_.capacity()) {
        const std::size_t capacity = std::max(2 * places_taken_, std::size_t{64});
        unmapped_.reserve(capacity);
        retired_.reserve(capacity);
    }
    if (!reserved_) {
        const std::size_t idle = idle_addresses(os_);
        slots_.reserve(std::min(wanted_reservation_, idle));
        max_freed_run_bytes_ = idle;
        reserved_ = true;
    }
    if (PageRecord* record = take_slot(pages); record != nullptr) {
        ++places_taken_;
        return {record, 0};
    }
    OwnRuns::Taken taken = runs_.take(pages);
    while (taken.record == nullptr) {
        PageRecord* oldest = freed_runs_.forget_oldest();
        if (oldest == nullptr) break;
        forget(*oldest);
        taken = runs_.take(pages);
    }
    if (taken.record != nullptr) ++places_taken_;
    return {taken.record, taken.error};
} catch (const std::bad_alloc&) {
    return {nullptr, ENOMEM};
}

PageRecord* Registry::take_slot(std::size_t pages) {
    if (pages + (guards_ ? 1 : 0) > chunk_pages || slots_.empty()) return nullptr;
    PageRecord* record = slots_.take(pages, process_);
    while (record == nullptr) {
        PageRecord* oldest = freed_slots_.forget_oldest();
        if (oldest == nullptr) return nullptr;
        const bool ours = oldest->story.process == process_;
        forget(*oldest);
        // After a fork, what the parent freed stays the parent's.
        if (ours) record = slots_.take(pages, process_);
    }
    return record;
}

void Registry::give_back_place(PageRecord& record) noexcept {
    const PlacesLock lock(*this);
    --places_taken_;
    if (runs_.owns(record))
        static_cast<void>(
            runs_.give_back(record)); // nothing was ever mapped there, so the addresses are all that is lost
    else
        slots_.give_back(record, process_);
}

void Registry::remember(PageRecord& record) noexcept {
    const PlacesLock lock(*this);
    remember_unmapped();
    remember_locked(record);
}

/// With the lock held: the retired pages that calls have unmapped since.
void Registry::remember_unmapped() noexcept {
    for (PageRecord* record : unmapped_)
        remember_locked(*record);
    unmapped_.clear();
}

void Registry::remember_locked(PageRecord& record) noexcept {
    --places_taken_;
    FreedPages& freed = runs_.owns(record) ? freed_runs_ : freed_slots_;
    freed_directories_.keep(record);
    if (&freed == &freed_runs_) freed_run_bytes_ += record.story.mapped;
    if (PageRecord* forgotten = freed.remember(record); forgotten != nullptr) forget(*forgotten);
    while (freed_run_bytes_ > max_freed_run_bytes_)
        forget(*freed_runs_.forget_oldest());
}

void Registry::forget(PageRecord& record) noexcept {
    {
        LockedRecord locked(record);
        PageStory& story = locked.story();
        story.number = 0; // a slot stays FREED, so that it is not called foreign, but has no story
        story.minted = story.sealed = story.freed = {};
        if (runs_.owns(record)) locked.become(State::Uninitialized);
    }
    freed_directories_.drop(record);
    forgotten_.fetch_add(1, std::memory_order_relaxed);
    if (runs_.owns(record)) {
        freed_run_bytes_ -= record.story.mapped;
        static_cast<void>(runs_.give_back(record));
    } else {
        slots_.give_back(record, process_);
    }
}

RegistryCounts Registry::counts() noexcept {
    const PlacesLock lock(*this);
    RegistryCounts counts;
    counts.minted = minted_.load();
    counts.sealed = sealed_.load();
    counts.freed = freed_.load();
    counts.retired = retired_.size();
    counts.remembered = freed_slots_.size() + freed_runs_.size() + unmapped_.size();
    counts.forgotten = forgotten_.load();
    counts.bookkeeping_bytes = slots_.bookkeeping_bytes() + runs_.bookkeeping_bytes() +
                               (retired_.capacity() + unmapped_.capacity()) * sizeof(PageRecord*);
    return counts;
}

bool Registry::can_set_guards(bool guards) noexcept {
    const PlacesLock lock(*this);
    return guards == guards_ || !reserved_;
}

void Registry::set_guards(bool guards) noexcept {
    const PlacesLock lock(*this);
    if (reserved_) return;
    guards_ = guards;
    slots_.set_guards(guards);
    runs_.set_guards(guards);
}

bool Registry::can_set_remembered(std::size_t pages) noexcept {
    const PlacesLock lock(*this);
    return pages == freed_slots_.capacity() || !remembers_any();
}

bool Registry::remembers_any() const noexcept {
    return freed_slots_.size() + freed_runs_.size() + unmapped_.size() != 0;
}

void Registry::set_remembered(std::size_t pages) noexcept {
    const PlacesLock lock(*this);
    if (remembers_any()) return;
    freed_slots_.set_capacity(pages);
    freed_runs_.set_capacity(std::min(pages, max_remembered_runs));
}

bool Registry::reset_if_idle() noexcept {
    if (reset_if_idle_locked()) return true;
    unmap_left(); // by calls that ended meanwhile
    return false;
}

bool Registry::reset_if_idle_locked() noexcept {
    const std::lock_guard gate(fork_gate_);
    const std::lock_guard lock(places_mutex_);
    if (live_.load() != 0 || !retired_.empty() || marks_.in_flight() != 0) return false;
    marks_.forget_last_pages();
    drop_directories();
    handles_.release();
    slots_.release();
    spare_.clear();
    runs_.release();
    reserved_ = false;
    unmapped_.clear();
    freed_slots_.clear();
    freed_runs_.clear();
    freed_run_bytes_ = 0;
    places_taken_ = 0;
    minted_ = sealed_ = freed_ = forgotten_ = 0;
    return true;
}

// --- fork ----------------------------------------------------------------------------------------------------------

void Registry::before_fork() noexcept {
    fork_gate_.lock();
    places_mutex_.lock();
    marks_.before_fork();
    handles_.before_fork();
}

void Registry::after_fork_in_parent() noexcept {
    handles_.after_fork();
    marks_.after_fork_in_parent();
    places_mutex_.unlock();
    fork_gate_.after_fork_in_parent();
    unmap_left();
}

void Registry::after_fork_in_child() noexcept {
    handles_.after_fork();
    marks_.after_fork_in_child();
    process_ = static_cast<std::uint32_t>(getpid());
    slots_.after_fork_in_child();
    freed_directories_.after_fork_in_child();
    mend_after_fork();
    places_mutex_.unlock();
    fork_gate_.after_fork_in_child();
    page_left_.store(true); // by the threads that are no more
    unmap_left();
}

} // namespace npk::wildx
