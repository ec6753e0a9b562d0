#include "scopes.hpp"

#include <algorithm>
#include <utility>

namespace npk::check::ownership {

std::vector<Declared> Scopes::close() {
    std::vector<Declared> closed = std::move(blocks_.back());
    blocks_.pop_back();
    for (const Declared& declared : closed) {
        const auto entry = by_name_.find(declared.name);
        entry->second.pop_back();
        if (entry->second.empty()) by_name_.erase(entry);
    }
    return closed;
}

void Scopes::declare(Declared declared) {
    declared.depth = depth();
    by_name_[declared.name].push_back(declared);
    blocks_.back().push_back(std::move(declared));
}

const Declared* Scopes::find(const std::string& name) const {
    const auto entry = by_name_.find(name);
    return entry == by_name_.end() ? nullptr : &entry->second.back();
}

const Declared* Scopes::find_tracked(const std::string& name) const {
    const auto entry = by_name_.find(name);
    if (entry == by_name_.end()) return nullptr;
    const auto& all = entry->second;
    const auto found = std::find_if(all.rbegin(), all.rend(), [](const Declared& d) { return d.is_tracked; });
    return found == all.rend() ? nullptr : &*found;
}

} // namespace npk::check::ownership
