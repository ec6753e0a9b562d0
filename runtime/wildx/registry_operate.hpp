// The way of every operation on a page that is there: find it, lock it, judge, act. For the registry's own files.
#pragma once

#include "registry.hpp"

namespace npk::wildx {

/// Whether an operation wants a pointer like this one: the page's start, or, to call a region's function or to verify
/// it, the function's entry.
constexpr bool is_meant(Operation operation, const PageView& page, bool start) noexcept {
    const bool calls = operation == Operation::Call;
    if (page.at_entry) return calls || operation == Operation::Verify;
    return start && !(page.is_region && calls);
}

template <class Act>
Verdict Registry::operate(Operation operation, const void* pointer, Act act) noexcept {
    const auto address = reinterpret_cast<std::uintptr_t>(pointer);
    Verdict verdict = begin(abi_operation(operation), address);
    const std::shared_lock gate(fork_gate_);
    const Target target = resolve(address);
    if (target.record == nullptr) {
        verdict.code = judge(operation, target.subject).code;
        if (target.subject == Subject::Foreign) explain_foreign(verdict);
        return verdict;
    }
    LockedRecord locked(*target.record);
    verdict.page = copy(target);
    const Subject beside_the_mark = target.start ? Subject::Interior : target.subject;
    const Subject subject =
        is_meant(operation, verdict.page, target.start) ? subject_in(locked.state()) : beside_the_mark;
    verdict.code = judge(operation, subject).code;
    verdict.story_lost = locked.state() == State::Freed && verdict.page.story.number == 0;
    if (verdict.done()) act(locked, verdict);
    if (verdict.done()) verdict.page = copy(target);
    return verdict;
}

} // namespace npk::wildx
