// Hash tables and typed stacks.
#include "builtins.hpp"
#include "machine.hpp"
#include "routines.hpp"

namespace npk::run::routines {

namespace {

/// A program that grows without end is stopped before the machine suffers.
constexpr std::size_t most_entries = 4'000'000;

/// The value of any type that starts at a slot.
TaggedValue value_at(const std::uint64_t* slots) {
    TaggedValue value;
    value.tag = static_cast<std::int64_t>(slots[0]);
    if (value.tag == tags::text)
        value.text = text_in(slots + 1).view();
    else
        value.word = slots[1];
    return value;
}

void put_value(Slots slots, const TaggedValue& value) {
    if (value.tag == tags::text)
        put_text(slots, make_text(value.text));
    else
        slots[0] = value.word;
}

bool put_zero(Slots slots, std::int64_t tag) {
    if (tag == tags::text)
        put_text(slots, {"", 0});
    else
        slots[0] = 0;
    return true;
}

/// The table of this number; a number that is none traps.
HashTable* table_of(Machine& machine, Slots slots) {
    HashTable* table = machine.containers().table(static_cast<std::int64_t>(slots[0]));
    if (!table)
        machine.trap("trap-table", std::to_string(static_cast<std::int64_t>(slots[0])) + " is no hash table");
    return table;
}

bool other_type(Machine& machine) {
    return machine.trap("trap-type", "the value is read as another type than it was stored with");
}

TypedStack& stack_of(Machine& machine) {
    return machine.containers().stack(machine.depth());
}

/// Gives the top value, which is asked for as a type.
bool top_value(Machine& machine, Slots slots, bool takes) {
    TypedStack& stack = stack_of(machine);
    const auto wanted = static_cast<std::int64_t>(slots[0]);
    if (stack.values.empty()) return machine.trap("trap-stack", "the stack is empty");
    const TaggedValue& value = stack.values.back();
    if (value.tag != wanted) return other_type(machine);
    put_value(slots, value);
    if (takes) stack.values.pop_back();
    return true;
}

} // namespace

bool ahash(Machine& machine, Slots slots) {
    slots[0] =
        static_cast<std::uint64_t>(machine.containers().create_table(static_cast<std::int64_t>(slots[0])));
    return true;
}

bool ahset(Machine& machine, Slots slots) {
    HashTable* table = table_of(machine, slots);
    if (!table) return false;
    TaggedValue key = value_at(slots + 1);
    if (table->entries.size() >= most_entries && !table->entries.contains(key))
        return machine.trap("trap-table",
                            "the table holds " + std::to_string(most_entries) + " entries and takes no more");
    table->entries[std::move(key)] = value_at(slots + 4);
    slots[0] = 0;
    return true;
}

bool ahget(Machine& machine, Slots slots) {
    HashTable* table = table_of(machine, slots);
    if (!table) return false;
    const auto wanted = static_cast<std::int64_t>(slots[4]);
    const auto found = table->entries.find(value_at(slots + 1));
    if (found == table->entries.end()) return put_zero(slots, wanted);
    if (found->second.tag != wanted) return other_type(machine);
    put_value(slots, found->second);
    return true;
}

bool ahhas(Machine& machine, Slots slots) {
    HashTable* table = table_of(machine, slots);
    if (!table) return false;
    slots[0] = table->entries.contains(value_at(slots + 1));
    return true;
}

bool ahcount(Machine& machine, Slots slots) {
    HashTable* table = table_of(machine, slots);
    if (!table) return false;
    slots[0] = table->entries.size();
    return true;
}

bool ahdelete(Machine& machine, Slots slots) {
    HashTable* table = table_of(machine, slots);
    if (!table) return false;
    slots[0] = table->entries.erase(value_at(slots + 1));
    return true;
}

bool ahsize(Machine& machine, Slots slots) {
    HashTable* table = table_of(machine, slots);
    if (!table) return false;
    std::int64_t bytes = 0;
    for (const auto& [key, value] : table->entries)
        bytes += key.size() + value.size();
    slots[0] = static_cast<std::uint64_t>(bytes);
    return true;
}

bool ahtype(Machine& machine, Slots slots) {
    HashTable* table = table_of(machine, slots);
    if (!table) return false;
    const auto found = table->entries.find(value_at(slots + 1));
    slots[0] = static_cast<std::uint64_t>(found == table->entries.end() ? tags::nothing : found->second.tag);
    return true;
}

bool ahfits(Machine& machine, Slots slots) {
    HashTable* table = table_of(machine, slots);
    if (!table) return false;
    slots[0] = static_cast<std::int64_t>(table->entries.size()) < table->capacity;
    return true;
}

bool ahclear(Machine& machine, Slots slots) {
    HashTable* table = table_of(machine, slots);
    if (!table) return false;
    table->entries.clear();
    slots[0] = 0;
    return true;
}

bool astack(Machine& machine, Slots slots) {
    stack_of(machine) = {static_cast<std::int64_t>(slots[0]), {}};
    slots[0] = 0;
    return true;
}

bool apush(Machine& machine, Slots slots) {
    TypedStack& stack = stack_of(machine);
    TaggedValue value = value_at(slots);
    if (stack.capacity > 0 && stack.size() + value.size() > stack.capacity)
        return machine.trap("trap-stack",
                            "the stack of " + std::to_string(stack.capacity) + " bytes is full");
    stack.values.push_back(std::move(value));
    slots[0] = 0;
    return true;
}

bool apop(Machine& machine, Slots slots) {
    return top_value(machine, slots, true);
}
bool apeek(Machine& machine, Slots slots) {
    return top_value(machine, slots, false);
}

bool acap(Machine& machine, Slots slots) {
    slots[0] = static_cast<std::uint64_t>(stack_of(machine).capacity);
    return true;
}

bool asize(Machine& machine, Slots slots) {
    slots[0] = static_cast<std::uint64_t>(stack_of(machine).size());
    return true;
}

bool afits(Machine& machine, Slots slots) {
    const TypedStack& stack = stack_of(machine);
    slots[0] = stack.capacity <= 0 || stack.size() + value_at(slots).size() <= stack.capacity;
    return true;
}

bool atype(Machine& machine, Slots slots) {
    const TypedStack& stack = stack_of(machine);
    slots[0] = static_cast<std::uint64_t>(stack.values.empty() ? tags::nothing : stack.values.back().tag);
    return true;
}

} // namespace npk::run::routines
