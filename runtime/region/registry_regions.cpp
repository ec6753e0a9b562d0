// The registry's operations on regions. A region is a page run; what makes it one is its directory of functions.
#include "quick_add.hpp"
#include "wildx/registry_operate.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <new>

namespace npk::wildx {

namespace {

ReportedName reported(std::string_view name) noexcept {
    ReportedName cut{};
    std::memcpy(cut.data(), name.data(), std::min(name.size(), cut.size() - 1));
    return cut;
}

/// Fills with traps from the end of the last function up to `end`.
void fill_with_traps(const PageStory& story, std::uint64_t begin, std::uint64_t end) noexcept {
    std::memset(memory_of(story) + begin, trap_byte, end - begin);
}

} // namespace

Verdict Registry::mint_region(std::uint64_t bytes, Origin origin) noexcept try {
    if (bytes > quota_.limit()) return mint_run(bytes, origin, nullptr); // to be refused
    auto functions = std::make_unique<FunctionDirectory>(bytes + page_size_);
    const Verdict verdict = mint_run(bytes, origin, functions.get());
    if (verdict.done()) static_cast<void>(functions.release()); // the record's from now on
    return verdict;
} catch (const std::bad_alloc&) {
    Verdict verdict = begin(NPK_OPERATION_MINT, 0);
    verdict.bytes = bytes;
    refuse_mapping(verdict, ENOMEM);
    return verdict;
}

Verdict Registry::add_function(const void* region, std::span<const std::byte> code,
                               const jit::Signature& signature, std::string_view name,
                               const void*& entry) noexcept {
    return operate(Operation::Install, region, [&](LockedRecord& locked, Verdict& verdict) {
        FunctionDirectory* functions = locked.record().functions.load(std::memory_order_relaxed);
        if (functions == nullptr) {
            verdict.code = NPK_CODE_BAD_ARGUMENTS;
            return;
        }
        const PageStory& story = locked.story();
        const std::uint64_t before = functions->end();
        const std::uint64_t offset = functions->next_entry();
        if (offset > story.mapped || code.size() > story.mapped - offset) {
            verdict.code = NPK_CODE_TOO_LONG;
            verdict.bytes = code.size();
            verdict.at = static_cast<std::int64_t>(offset);
            return;
        }
        try {
            functions->add(code.size(), signature, name);
        } catch (const std::bad_alloc&) {
            refuse_mapping(verdict, ENOMEM);
            return;
        }
        populate(*functions, story, offset + code.size());
        entry = write_function(memory_of(story), before, offset, code);
    });
}

/// In growing steps, so that a region costs few calls and not much more memory than its functions take.
void Registry::populate(FunctionDirectory& functions, const PageStory& story, std::uint64_t wanted) noexcept {
    constexpr std::uint64_t first_step = 1 << 16;
    if (wanted <= functions.populated) return;
    std::uint64_t goal = std::max({wanted, 2 * functions.populated, first_step});
    if (story.mapped <= goal + goal / 2) goal = story.mapped; // a small rest is not worth a call
    const std::uint64_t end =
        std::min<std::uint64_t>(story.mapped, (goal + page_size_ - 1) / page_size_ * page_size_);
    static_cast<void>(os_.populate(memory_of(story) + functions.populated, end - functions.populated));
    functions.populated = end;
}

/// Quick adds do not pass the fork gate, so one of another thread may have been under way.
void Registry::mend_after_fork() noexcept {
    const auto mend = [](PageRecord& record) {
        const StateWord word = record.load();
        if (!word.locked()) return;
        if (FunctionDirectory* functions = record.functions.load(); functions != nullptr)
            functions->drop_unpublished();
        record.word.store(word.unlocked_copy().bits(), std::memory_order_release);
    };
    slots_.each(mend);
    runs_.each(mend);
}

Verdict Registry::find_function(const void* region, std::string_view name, const void*& entry) noexcept {
    entry = nullptr;
    const auto address = reinterpret_cast<std::uintptr_t>(region);
    Verdict verdict = begin(NPK_OPERATION_NONE, address);
    const std::shared_lock gate(fork_gate_);
    const Target target = resolve(address);
    if (target.record == nullptr) {
        verdict.code = judge(Operation::Verify, target.subject).code;
        if (target.subject == Subject::Foreign) explain_foreign(verdict);
        return verdict;
    }
    const LockedRecord locked(*target.record);
    verdict.page = copy(target);
    if (!target.start || locked.state() == State::Freed) {
        const Subject subject = target.start ? Subject::Freed : target.subject;
        verdict.code = judge(Operation::Verify, subject).code;
        return verdict;
    }
    FunctionDirectory* functions = locked.record().functions.load(std::memory_order_relaxed);
    if (functions == nullptr) {
        verdict.code = NPK_CODE_BAD_ARGUMENTS;
        return verdict;
    }
    if (const RegionFunction* function = functions->named(name); function != nullptr)
        entry = memory_of(locked.story()) + function->offset;
    return verdict;
}

const char* Registry::function_name(const void* address) noexcept {
    const std::shared_lock gate(fork_gate_);
    const Target target = resolve(reinterpret_cast<std::uintptr_t>(address));
    if (target.record == nullptr || target.offset < 0) return nullptr;
    const LockedRecord locked(*target.record);
    const FunctionDirectory* functions = locked.record().functions.load(std::memory_order_relaxed);
    if (functions == nullptr || locked.state() == State::Freed) return nullptr;
    const RegionFunction* function = functions->containing(static_cast<std::uint64_t>(target.offset));
    return function != nullptr ? function->name : nullptr;
}

/// A freed region's directory may be dropped meanwhile, even where the record is locked.
void Registry::look_up_function(const PageRecord& record, PageView& view) const noexcept {
    const FreedDirectories::Reading reading(freed_directories_);
    const FunctionDirectory* functions = record.functions.load();
    if (functions == nullptr) return;
    view.is_region = true;
    if (view.offset < 0) return;
    const RegionFunction* function = functions->containing(static_cast<std::uint64_t>(view.offset));
    if (function == nullptr) return;
    view.function_offset = function->offset;
    view.at_entry = function->offset == static_cast<std::uint64_t>(view.offset);
    view.signature = function->signature;
    view.function = reported(function->name);
}

/// Only the pages that hold functions become executable. The others go back, and are guard from then on.
bool Registry::seal_region(LockedRecord& locked, FunctionDirectory& functions, SealBackend backend,
                           Verdict& verdict) noexcept try {
    PageStory& story = locked.story();
    std::byte* const memory = memory_of(story);
    const std::uint64_t used =
        (std::max<std::uint64_t>(functions.end(), 1) + page_size_ - 1) / page_size_ * page_size_;
    const std::uint64_t unused = story.mapped - used;
    fill_with_traps(story, functions.end(), used);
    PageHashes hashes({memory, used}, page_size_);
    if (unused != 0) {
        if (const SystemError error = os_.decommit(memory + used, unused)) {
            refuse_mapping(verdict, error.code);
            return false;
        }
    }
    const SealOutcome sealed = seal_memory(os_, backend, memory, used);
    if (sealed.error) {
        // The functions were not touched. Should the rest not come back, it stays guard: mapped memory counts once.
        if (unused != 0 && os_.protect(memory + used, unused, Access::ReadWrite)) {
            shrink(story, used);
            functions.populated = std::min(functions.populated, used);
        }
        functions.moved = std::min(functions.moved, used); // what came back is other memory
        refuse_mapping(verdict, sealed.error.code);
        return false;
    }
    story.backend = sealed.backend;
    if (unused != 0) shrink(story, used);
    functions.hashes = std::move(hashes);
    story.hash = functions.hashes.combined();
    story.tagged_hash = 0;
    return true;
} catch (const std::bad_alloc&) {
    refuse_mapping(verdict, ENOMEM);
    return false;
}

void Registry::shrink(PageStory& story, std::uint64_t mapped) noexcept {
    quota_.give_back(story.mapped - mapped);
    story.mapped = mapped;
}

void Registry::verify_region(LockedRecord& locked, const FunctionDirectory& functions,
                             Verdict& verdict) noexcept {
    const PageStory& story = locked.story();
    std::size_t first = 0;
    std::size_t count = functions.hashes.size();
    if (verdict.page.at_entry) {
        const RegionFunction* function = functions.entry_at(verdict.page.function_offset);
        first = function->offset / page_size_;
        count = (function->offset + function->length - 1) / page_size_ + 1 - first;
    }
    const std::span bytes(static_cast<const std::byte*>(memory_of(story)), story.mapped);
    const auto change = functions.hashes.first_change(bytes, page_size_, first, count);
    if (!change) return;
    verdict.code = NPK_CODE_CODE_CHANGED;
    verdict.at = static_cast<std::int64_t>(change->page * page_size_);
    verdict.page.story.hash = functions.hashes[change->page];
    verdict.hash_now = change->now;
}

void Registry::drop_directories() noexcept {
    const auto drop = [this](PageRecord& record) {
        if (record.functions.load() != nullptr) freed_directories_.drop(record);
    };
    slots_.each(drop);
    runs_.each(drop);
}

} // namespace npk::wildx
