#include "audit_log.hpp"

#include "diagnostic.hpp"
#include "jit/signature.hpp"
#include "json.hpp"
#include "wildx/keep_errno.hpp"
#include "words.hpp"

#include <ctime>
#include <mutex>
#include <new>
#include <shared_mutex>

namespace npk::report {

namespace {

/// Sinks that the thread is in, one inside of the other. The outermost holds the log's lock shared.
thread_local unsigned depth_in_sinks = 0;

std::uint64_t nanoseconds() noexcept {
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000u + static_cast<std::uint64_t>(now.tv_nsec);
}

std::string line_for(const wildx::Verdict& verdict, const Site& site, const HostLink& host) {
    const wildx::PageStory& story = verdict.page.story;
    JsonObject line;
    line.number("nanoseconds", nanoseconds());
    line.text("event", operation_word(verdict.operation)).text("function", site.function);
    line.text("outcome", verdict.done() ? "done" : code_word(verdict.code));
    if (verdict.pointer != 0) line.hex("pointer", verdict.pointer);
    if (verdict.page.state != wildx::State::Uninitialized) {
        line.number("page", story.number).number("generation", verdict.page.generation);
        line.hex("address", story.address)
            .number("requested", story.requested)
            .number("mapped", story.mapped);
        line.text("state", state_word(static_cast<std::uint32_t>(verdict.page.state)));
        if (story.hash != 0) line.hex("hash", story.hash);
        if (verdict.page.signature != nullptr) line.text("signature", verdict.page.signature->text().c_str());
    }
    if (verdict.page.signature == nullptr && verdict.operation == NPK_OPERATION_CALL)
        line.text("tag", "none");
    line.object("at", event_json(describe_event(site.origin, true, host)));
    return line.str() + '\n';
}

} // namespace

void AuditLog::set_sink(npk_audit_sink sink, void* data) noexcept {
    const bool in_sink = depth_in_sinks != 0;
    if (in_sink) mutex_.unlock_shared();
    {
        const std::lock_guard lock(mutex_);
        sink_ = sink;
        data_ = data;
        enabled_.store(sink != nullptr);
    }
    if (in_sink) mutex_.lock_shared();
}

void AuditLog::write(const wildx::Verdict& verdict, const Site& site) noexcept try {
    const wildx::KeepErrno keep;
    const std::string line = line_for(verdict, site, host_);
    std::shared_lock lock(mutex_, std::defer_lock);
    if (depth_in_sinks == 0) lock.lock();
    ++depth_in_sinks;
    if (sink_ != nullptr) sink_(data_, line.data(), line.size());
    --depth_in_sinks;
} catch (const std::bad_alloc&) {
    // A line that there is no memory for is lost; the refusal itself is still reported.
}

void AuditLog::before_fork() noexcept {
    if (depth_in_sinks != 0) mutex_.unlock_shared();
    mutex_.lock();
}

void AuditLog::after_fork_in_parent() noexcept {
    mutex_.after_fork_in_parent();
    if (depth_in_sinks != 0) mutex_.lock_shared();
}

void AuditLog::after_fork_in_child() noexcept {
    mutex_.after_fork_in_child();
    if (depth_in_sinks != 0) mutex_.lock_shared();
}

} // namespace npk::report
