#include "context.hpp"

#include <algorithm>
#include <utility>

namespace npk::check::ownership {

namespace {

PointerState meet_of_branches(PointerState a, PointerState b) {
    return a == b ? a : PointerState::Unknown;
}

PointerState meet_of_rounds(PointerState entry, PointerState end) {
    using enum PointerState;
    if (entry == end) return entry;
    const auto is = [&](PointerState one, PointerState other) {
        return (entry == one && end == other) || (entry == other && end == one);
    };
    if (is(Allocated, Freed) || is(Allocated, MayFreed) || is(Freed, MayFreed)) return MayFreed;
    if (is(Allocated, Moved)) return Moved;
    return Unknown;
}

template <typename Meet>
void merge_pointers(Context& into, const Context& from, Meet meet) {
    if (into.pointers.shares_with(from.pointers)) return;
    auto& pointers = into.pointers.edit();
    for (const auto& [name, other] : *from.pointers) {
        const auto [entry, is_new] = pointers.try_emplace(name, other);
        if (is_new) continue;
        TrackedPointer& mine = entry->second;
        const PointerState met = meet(mine.state, other.state);
        if (met != mine.state && other.state != PointerState::Allocated) mine.changed = other.changed;
        mine.state = met;
        mine.owed = mine.owed || other.owed;
    }
}

bool same_loan(const Loan& a, const Loan& b) {
    return a.borrower == b.borrower && a.kind == b.kind && a.host == b.host;
}

bool same_pin(const Pin& a, const Pin& b) {
    return a.pointer == b.pointer && a.host == b.host;
}

template <typename Item, typename Same>
void add_missing(std::vector<Item>& into, const std::vector<Item>& from, Same same) {
    for (const Item& item : from)
        if (std::none_of(into.begin(), into.end(), [&](const Item& known) { return same(known, item); }))
            into.push_back(item);
}

void merge_borrows(Context& into, const Context& from) {
    into.moved.insert(from.moved.begin(), from.moved.end());
    add_missing(into.loans, from.loans, same_loan);
    add_missing(into.pins, from.pins, same_pin);
    into.pin_copies.insert(from.pin_copies.begin(), from.pin_copies.end());
    into.addresses.insert(from.addresses.begin(), from.addresses.end());
    into.closures.insert(from.closures.begin(), from.closures.end());
}

void merge_handles(Context& into, const Context& from) {
    into.handles.insert(from.handles.begin(), from.handles.end());
    for (const auto& [name, other] : from.arenas) {
        const auto [entry, is_new] = into.arenas.try_emplace(name, other);
        if (is_new) continue;
        Arena& mine = entry->second;
        mine.created_here = mine.created_here || other.created_here;
        if (other.life > mine.life) {
            mine.life = other.life;
            mine.destroyed = other.destroyed;
        }
    }
}

template <typename Map>
bool same_keys(const Map& a, const Map& b) {
    return a.size() == b.size() &&
           std::equal(a.begin(), a.end(), b.begin(),
                      [](const auto& x, const auto& y) { return x.first == y.first; });
}

template <typename Map, typename Same>
bool same_map(const Map& a, const Map& b, Same same) {
    return a.size() == b.size() &&
           std::equal(a.begin(), a.end(), b.begin(), [&](const auto& x, const auto& y) {
               return x.first == y.first && same(x.second, y.second);
           });
}

bool same_pointers(const Context& a, const Context& b) {
    return a.pointers.shares_with(b.pointers) ||
           same_map(*a.pointers, *b.pointers, [](const TrackedPointer& x, const TrackedPointer& y) {
               return x.state == y.state && x.owed == y.owed;
           });
}

} // namespace

Context merge_branches(std::vector<Branch> branches) {
    Context merged = std::move(branches.front().context);
    bool handles_reach_here = !branches.front().terminates;
    for (std::size_t i = 1; i < branches.size(); ++i) {
        Context& other = branches[i].context;
        merge_pointers(merged, other, meet_of_branches);
        merge_borrows(merged, other);
        if (branches[i].terminates) continue;
        if (handles_reach_here) {
            merge_handles(merged, other);
        } else {
            merged.arenas = std::move(other.arenas);
            merged.handles = std::move(other.handles);
            handles_reach_here = true;
        }
    }
    return merged;
}

Context merge_round(const Context& entry, const Context& end) {
    Context merged = entry;
    merge_pointers(merged, end, meet_of_rounds);
    merge_borrows(merged, end);
    merge_handles(merged, end);
    return merged;
}

void widen(Context& context, const Context& previous) {
    for (auto& [name, pointer] : context.pointers.edit()) {
        const auto before = previous.pointers->find(name);
        if (before == previous.pointers->end() || before->second.state != pointer.state)
            pointer.state = PointerState::Unknown;
    }
}

bool same_facts(const Context& a, const Context& b) {
    const auto same_arena = [](const Arena& x, const Arena& y) {
        return x.life == y.life && x.created_here == y.created_here;
    };
    return same_pointers(a, b) && same_keys(a.moved, b.moved) &&
           std::equal(a.loans.begin(), a.loans.end(), b.loans.begin(), b.loans.end(), same_loan) &&
           std::equal(a.pins.begin(), a.pins.end(), b.pins.begin(), b.pins.end(), same_pin) &&
           same_map(a.arenas, b.arenas, same_arena) && same_keys(a.handles, b.handles) &&
           same_keys(a.pin_copies, b.pin_copies) && same_keys(a.closures, b.closures) &&
           same_keys(a.addresses, b.addresses);
}

} // namespace npk::check::ownership
