#include "function_directory.hpp"

#include <cstring>
#include <functional>
#include <new>

namespace npk::wildx {

void FunctionDirectory::add(std::uint64_t length, const jit::Signature& signature, std::string_view name) {
    const std::size_t count = size();
    const auto [block, place] = position(count);
    if (block >= max_blocks) throw std::bad_alloc();
    if (2 * (count + 1) > index_.size()) grow_index();
    if (blocks_[block] == nullptr) {
        blocks_[block] = std::make_unique<RegionFunction[]>(first_block << block);
        bytes_ += (first_block << block) * sizeof(RegionFunction);
    }
    const char* kept = keep_name(name);
    const std::uint64_t entry = next_entry();
    blocks_[block][place] = {entry, length, &signature, kept};
    index_[slot_of(name)] = static_cast<std::uint32_t>(count + 1);
    end_ = entry + length;
    size_.store(count + 1, std::memory_order_release);
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

const RegionFunction* FunctionDirectory::named(std::string_view name) const noexcept {
    if (index_.empty()) return nullptr;
    const std::uint32_t number = index_[slot_of(name)];
    return number != 0 ? &at(number - 1) : nullptr;
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

const char* FunctionDirectory::keep_name(std::string_view name) {
    const std::size_t needed = name.size() + 1;
    if (needed > name_room_left_) {
        const std::size_t size = std::max(name_block, needed);
        names_.push_back(std::make_unique<char[]>(size));
        bytes_ += size;
        name_room_ = names_.back().get();
        name_room_left_ = size;
    }
    char* const kept = name_room_;
    std::memcpy(kept, name.data(), name.size());
    kept[name.size()] = '\0';
    name_room_ += needed;
    name_room_left_ -= needed;
    return kept;
}

} // namespace npk::wildx
