#include "callbacks.hpp"

#include <new>
#include <unistd.h>
#include <utility>

namespace npk::jit {

void* Callbacks::make(const Signature& signature, const npk_callable& callable,
                      Callback::StaleCall stale_call, const wildx::Origin& origin) {
    auto callback = std::make_unique<Callback>(signature, callable, stale_call);
    void* const address = callback->address();
    wildx::PageView view;
    view.state = wildx::State::Executable;
    view.story.address = reinterpret_cast<std::uintptr_t>(address);
    view.story.minted = origin;
    view.story.process = static_cast<std::uint32_t>(getpid());
    view.signature = &signature;
    const std::lock_guard lock(mutex_);
    entries_.insert_or_assign(address, Entry{std::move(callback), view});
    return address;
}

wildx::Verdict Callbacks::release(const void* address, const wildx::Origin& origin) {
    wildx::Verdict verdict;
    verdict.operation = NPK_OPERATION_FREE;
    verdict.pointer = reinterpret_cast<std::uintptr_t>(address);
    Callback* retired = nullptr;
    std::unique_ptr<Callback> forgotten;
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
        view.state = wildx::State::Freed;
        view.story.freed = origin;
        retired = found->second.callback.get();
        released_.push_back(address);
        if (released_.size() > remembered) {
            const auto oldest = entries_.find(released_.front());
            forgotten = std::move(oldest->second.callback);
            entries_.erase(oldest);
            released_.pop_front();
        }
    }
    retired->retire();
    return verdict;
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
