#include "swaps.hpp"

#include "require.hpp"

namespace npk::soak {

using test::require;

SwapStorm::SwapStorm(Pages& pages) : pages_(pages), lasting_(make()) {
    const npk_regions_extension& regions = *pages_.opening.regions;
    region_ = static_cast<char*>(regions.alloc(1));
    ++pages_.books.minted;
    for (std::size_t number = 0; number < functions_.size(); ++number) {
        const auto code = sum_and(static_cast<int>(number));
        functions_[number] = regions.add(region_, code.data(), code.size(), signature_of_sums, "sum");
    }
    require(regions.seal(region_) == NPK_OK, "a region could not be sealed");
    function_ = pages_.opening.swaps->handle(functions_[0]);
    require(function_ != nullptr, "no handle for a function");
}

void SwapStorm::step(Random& random) {
    auto& slot = handles_[random() % handles_.size()];
    const int more = static_cast<int>(random() % (most + 1));
    const unsigned choice = random() % 100;
    if (choice < 60)
        pages_.call(slot.load(), most);
    else if (choice < 70)
        require(pages_.call(lasting_, most), "a live handle was refused");
    else if (choice < 80)
        swap(slot.load(), more);
    else if (choice < 86)
        require(swap(lasting_, more), "a live handle was not swapped");
    else if (choice < 92)
        swap_functions(random);
    else if (choice < 96)
        pages_.free_surely(slot.exchange(make()));
    else if (choice < 97)
        leak_one();
    else if (choice < 99)
        live_alone();
    else
        err();
}

void* SwapStorm::make() {
    void* handle = pages_.opening.swaps->handle(pages_.make_sum(0));
    require(handle != nullptr, "no handle");
    ++pages_.totals.handles;
    return handle;
}

/// The page before is freed. A handle that another thread has freed takes none.
bool SwapStorm::swap(void* handle, int more) {
    if (!handle) return false;
    void* page = pages_.make_sum(more);
    const bool swapped = pages_.opening.swaps->swap(handle, page) == NPK_OK;
    if (!swapped) pages_.free_surely(page);
    pages_.books.freed += swapped;
    pages_.totals.swaps += swapped;
    return swapped;
}

void SwapStorm::swap_functions(Random& random) {
    require(pages_.opening.swaps->swap(function_, functions_[random() % functions_.size()]) == NPK_OK,
            "a function was not swapped");
    require(pages_.call(function_, 1), "a live handle was refused");
    ++pages_.totals.swaps;
}

void SwapStorm::live_alone() {
    void* handle = make();
    require(pages_.opening.call(handle, 40, 2) == 42, "a handle of one's own was refused");
    for (int more = 1; more <= most; ++more) {
        require(swap(handle, more), "a handle of one's own was not swapped");
        require(pages_.opening.call(handle, 40, 2) == 42 + more, "a handle stands for something else");
    }
    pages_.free_surely(handle);
    pages_.crime(pages_.opening.call(handle, 40, 2) == 0, "a call of a freed handle");
}

void SwapStorm::leak_one() {
    constexpr std::uint64_t most_leaks = 50;
    if (leaks_.fetch_add(1) >= most_leaks) return;
    require(pages_.opening.swaps->handle(functions_[1]) != nullptr, "no handle for a function");
    ++pages_.books.leaked_handles;
}

void SwapStorm::err() {
    const npk_swap_extension& swaps = *pages_.opening.swaps;
    void* other = pages_.make_sum(0, "i64(i64,i64)");
    pages_.crime(swaps.swap(lasting_, other) != NPK_OK, "a swap to another signature");
    pages_.free_surely(other);
    pages_.crime(swaps.swap(lasting_, other) != NPK_OK, "a swap to a freed page");
    pages_.crime(swaps.handle(other) == nullptr, "a handle for a freed page");
    pages_.crime(swaps.swap(other, functions_[0]) != NPK_OK, "a swap of what is no handle");
    void* handle = make();
    pages_.free_surely(handle);
    pages_.crime(pages_.opening.free(handle) != 0, "a double free of a handle");
}

void SwapStorm::end() {
    for (auto& slot : handles_)
        pages_.free_surely(slot.exchange(nullptr));
    pages_.free_surely(lasting_);
    require(pages_.opening.free(function_) == 0, "a function's handle was not freed");
    pages_.free_surely(region_);
}

} // namespace npk::soak
