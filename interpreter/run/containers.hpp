#pragma once
// The run-time hash tables (ahash) and the typed stacks of functions (astack). Values carry their kind (builtins.hpp);
// texts are copied, so that the collector need not know them.
#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

namespace npk::run {

/// A value of any scalar or text type.
struct TaggedValue {
    std::int64_t tag = 0;
    std::uint64_t word = 0;
    std::string text;

    bool operator==(const TaggedValue&) const = default;
    bool operator<(const TaggedValue& other) const;
    /// Bytes that it counts in a stack's or table's capacity.
    [[nodiscard]] std::int64_t size() const;
};

struct HashTable {
    std::int64_t capacity = 0;
    std::map<TaggedValue, TaggedValue> entries;
};

struct TypedStack {
    std::int64_t capacity = 0;
    std::vector<TaggedValue> values;
    [[nodiscard]] std::int64_t size() const;
};

class Containers {
public:
    /// Number of a new table, from 1.
    [[nodiscard]] std::int64_t create_table(std::int64_t capacity);
    /// Null for a number that is none.
    [[nodiscard]] HashTable* table(std::int64_t number);
    /// The stack of the function at this depth of calls; made when it is missing. A deeper one is gone.
    [[nodiscard]] TypedStack& stack(std::size_t depth);

private:
    std::vector<HashTable> tables_;
    std::map<std::size_t, TypedStack> stacks_;
};

} // namespace npk::run
