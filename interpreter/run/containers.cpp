#include "containers.hpp"

#include <tuple>

namespace npk::run {

bool TaggedValue::operator<(const TaggedValue& other) const {
    return std::tie(tag, word, text) < std::tie(other.tag, other.word, other.text);
}

std::int64_t TaggedValue::size() const {
    return text.empty() ? 8 : 16;
}

std::int64_t TypedStack::size() const {
    std::int64_t bytes = 0;
    for (const TaggedValue& value : values)
        bytes += value.size();
    return bytes;
}

std::int64_t Containers::create_table(std::int64_t capacity) {
    tables_.push_back({capacity, {}});
    return static_cast<std::int64_t>(tables_.size());
}

HashTable* Containers::table(std::int64_t number) {
    if (number < 1 || static_cast<std::uint64_t>(number) > tables_.size()) return nullptr;
    return &tables_[static_cast<std::size_t>(number - 1)];
}

TypedStack& Containers::stack(std::size_t depth) {
    stacks_.erase(stacks_.upper_bound(depth), stacks_.end());
    return stacks_[depth];
}

} // namespace npk::run
