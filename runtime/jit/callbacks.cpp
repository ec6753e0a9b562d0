#include "callbacks.hpp"

#include <algorithm>
#include <unistd.h>
#include <utility>

namespace npk::jit {

void* Callbacks::make(const Signature& signature, const npk_callable& callable,
                      Callback::StaleCall stale_call, const wildx::Origin& origin) {
    const std::lock_guard lock(mutex_);
    auto made = std::make_unique<Callback>(signature, stale_call);
    void* const address = made->address();
    wildx::PageView view;
    view.state = wildx::State::Executable;
    view.story.address = reinterpret_cast<std::uintptr_t>(address);
    view.story.minted = origin;
    view.story.process = static_cast<std::uint32_t>(getpid());
    view.signature = &signature;
    Callback& callback = *made;
    entries_.insert_or_assign(address, Entry{std::move(made), view});
    callback.take_over(callable); // last: a callable is taken over only by a callback that is there to stay
    return address;
}

wildx::Verdict Callbacks::release(const void* address, const wildx::Origin& origin) {
    wildx::Verdict verdict;
    verdict.operation = NPK_OPERATION_FREE;
    verdict.pointer = reinterpret_cast<std::uintptr_t>(address);
    Callback* retired = nullptr;
    {
        const std::lock_guard lock(mutex_);
        const auto found = entries_.find(address);
        if (found == entries_.end()) {
            verdict.code = address == nullptr ? NPK_CODE_NULL_POINTER : NPK_CODE_FOREIGN_POINTER;
            return verdict;
        }
        wildx::PageView& view = found->second.view;
        verdict.page = view;
        if (view.state == wildx::State::Freed) {
            verdict.code = NPK_CODE_DOUBLE_FREE;
            return verdict;
        }
        released_.push_back(address);
        view.state = wildx::State::Freed;
        view.story.freed = origin;
        retired = found->second.callback.get();
        forget_oldest();
    }
    retired->retire();
    return verdict;
}

/// With the mutex held: those beyond what is remembered that nobody is in, for a call that runs returns through its closure.
void Callbacks::forget_oldest() {
    const auto idle = [this](const void* address) {
        return entries_.find(address)->second.callback->given_back();
    };
    while (released_.size() > remembered) {
        const auto oldest = std::ranges::find_if(released_, idle);
        if (oldest == released_.end()) return;
        entries_.erase(*oldest);
        released_.erase(oldest);
    }
}

wildx::PageView Callbacks::view(const void* address) const {
    const std::lock_guard lock(mutex_);
    const auto found = entries_.find(address);
    return found == entries_.end() ? wildx::PageView{} : found->second.view;
}

std::vector<wildx::PageView> Callbacks::live() const {
    std::vector<wildx::PageView> views;
    const std::lock_guard lock(mutex_);
    for (const auto& [address, entry] : entries_)
        if (entry.view.state == wildx::State::Executable) views.push_back(entry.view);
    return views;
}

} // namespace npk::jit
