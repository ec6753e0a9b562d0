#include "function_directory.hpp"

#include <algorithm>
#include <functional>
#include <new>

namespace npk::wildx {

FunctionDirectory::FunctionDirectory(std::uint64_t capacity)
    : groups_count_(capacity / (entry_alignment * slots_a_group) + 1) {
    groups_ = std::make_unique<EntryGroup[]>(groups_count_);
    bytes_ += groups_count_ * sizeof(EntryGroup);
}

void FunctionDirectory::add(std::uint64_t length, const jit::Signature& signature, std::string_view name) {
    const auto [block, place] = position(size());
    if (block >= max_blocks) throw std::bad_alloc();
    if (blocks_[block] == nullptr) {
        blocks_[block] = std::make_unique_for_overwrite<RegionFunction[]>(first_block << block);
        bytes_ += (first_block << block) * sizeof(RegionFunction);
    }
    if (name.size() >= name_room_left()) make_name_room(name.size() + 1);
    publish(blocks_[block][place], next_entry(), length, signature, name);
}

void FunctionDirectory::drop_unpublished() noexcept {
    const std::size_t count = size();
    end_ = count != 0 ? at(count - 1).offset + at(count - 1).length : 0;
    const std::uint64_t slot = next_entry() / entry_alignment; // where entries could be that are none
    if (slot / slots_a_group < groups_count_)
        groups_[slot / slots_a_group].entries &= (std::uint64_t{1} << slot % slots_a_group) - 1;
}

const RegionFunction* FunctionDirectory::containing(std::uint64_t offset) const noexcept {
    std::size_t low = 0;
    std::size_t high = size();
    while (low < high) { // the first function that begins behind the offset
        const std::size_t middle = low + (high - low) / 2;
        if (at(middle).offset <= offset)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == 0) return nullptr;
    const RegionFunction& function = at(low - 1);
    return offset - function.offset < function.length ? &function : nullptr;
}

const RegionFunction* FunctionDirectory::named(std::string_view name) noexcept try {
    complete_index();
    if (index_.empty()) return nullptr;
    const std::uint32_t number = index_[slot_of(name)];
    return number != 0 ? &at(number - 1) : nullptr;
} catch (const std::bad_alloc&) { // without an index it takes longer
    for (std::size_t index = size(); index != 0; --index)
        if (name == at(index - 1).name) return &at(index - 1);
    return nullptr;
}

void FunctionDirectory::complete_index() {
    for (; indexed_ != size(); ++indexed_) {
        if (2 * (indexed_ + 1) > index_.size()) grow_index();
        index_[slot_of(at(indexed_).name)] = static_cast<std::uint32_t>(indexed_ + 1);
    }
}

/// The slot that holds a name, or the empty one where it belongs. The index is at most half full.
std::size_t FunctionDirectory::slot_of(std::string_view name) const noexcept {
    const std::size_t mask = index_.size() - 1;
    std::size_t slot = std::hash<std::string_view>{}(name)&mask;
    while (index_[slot] != 0 && name != at(index_[slot] - 1).name)
        slot = (slot + 1) & mask;
    return slot;
}

void FunctionDirectory::grow_index() {
    const std::size_t slots = index_.empty() ? 2 * first_block : 2 * index_.size();
    std::vector<std::uint32_t> grown(slots);
    bytes_ += (slots - index_.size()) * sizeof(std::uint32_t);
    index_.swap(grown);
    for (const std::uint32_t number : grown)
        if (number != 0) index_[slot_of(at(number - 1).name)] = number;
}

void FunctionDirectory::make_name_room(std::size_t size) {
    const std::size_t room = std::max(name_block, size);
    names_.push_back(std::make_unique_for_overwrite<char[]>(room));
    bytes_ += room;
    name_room_ = names_.back().get();
    name_end_ = name_room_ + room;
}

} // namespace npk::wildx
