#include "regions.hpp"

#include "require.hpp"

#include <string>

namespace npk::soak {

using test::require;

namespace {

/// Where the functions of a region lie when each is five bytes long: at multiples of 16, behind 16 bytes of traps.
constexpr std::ptrdiff_t entry_of(int number) {
    return 16 + 32 * number;
}

std::string name_of(int number) {
    return "sum and " + std::to_string(number);
}

} // namespace

void RegionStorm::step(Random& random) {
    const unsigned choice = random() % 100;
    if (choice < 70)
        call_shared(random);
    else if (choice < 76)
        pages_.free_surely(shared_[random() % shared_.size()].exchange(make_shared()));
    else if (choice < 94)
        add_to_open_one(random);
    else if (choice < 97)
        live_alone(1 + static_cast<int>(random() % 100));
    else if (choice < 98)
        leak_one();
    else
        err();
}

char* RegionStorm::mint(std::size_t bytes) {
    auto* region = static_cast<char*>(pages_.opening.regions->alloc(bytes));
    require(region != nullptr, "no region");
    ++pages_.books.minted;
    ++pages_.totals.regions;
    return region;
}

char* RegionStorm::add(char* region, int number) {
    const auto code = sum_and(number);
    void* entry = pages_.opening.regions->add(region, code.data(), code.size(), signature_of_sums,
                                              name_of(number).c_str());
    pages_.totals.functions += entry != nullptr;
    return static_cast<char*>(entry);
}

void RegionStorm::live_alone(int functions) {
    const npk_regions_extension& regions = *pages_.opening.regions;
    char* region = mint(static_cast<std::size_t>(entry_of(functions)));
    std::vector<char*> entries;
    for (int number = 0; number < functions; ++number) {
        entries.push_back(add(region, number));
        require(entries.back() == region + entry_of(number), "a function lies elsewhere");
    }
    pages_.crime(pages_.opening.call(entries.back(), 1, 2) == 0, "a call before the seal");
    require(regions.seal(region) == NPK_OK, "a region could not be sealed");
    for (int number = 0; number < functions; ++number) {
        char* entry = entries[static_cast<std::size_t>(number)];
        require(pages_.opening.call(entry, 40, 2) == 42 + number, "a function gave something else");
        require(regions.find(region, name_of(number).c_str()) == entry, "a function was not found");
    }
    require(pages_.opening.pages->verify(region) == NPK_OK, "a region of one's own has changed");
    require(pages_.opening.pages->verify(entries.back()) == NPK_OK, "a function of one's own has changed");
    pages_.free_surely(region);
    pages_.crime(pages_.opening.call(entries.front(), 1, 2) == 0, "a call of a freed region");
}

char* RegionStorm::make_shared() {
    char* region = mint(2 * pages_.opening.page_size); // half of it goes back at the seal
    for (int number = 0; number < shared_functions; ++number)
        require(add(region, number) == region + entry_of(number), "a function lies elsewhere");
    require(pages_.opening.regions->seal(region) == NPK_OK, "a region could not be sealed");
    return region;
}

void RegionStorm::call_shared(Random& random) {
    char* region = shared_[random() % shared_.size()].load();
    if (region)
        pages_.call(region + entry_of(static_cast<int>(random() % shared_functions)), shared_functions - 1);
}

/// Whoever finds it full seals, tries and frees it, and opens another, while the others may still try to add.
void RegionStorm::add_to_open_one(Random& random) {
    char* region = open_.load();
    if (region && add(region, static_cast<int>(random() % shared_functions))) return;
    char* fresh = mint(pages_.opening.page_size);
    if (open_.compare_exchange_strong(region, fresh))
        finish(region);
    else
        pages_.free_surely(fresh);
}

void RegionStorm::finish(char* region) {
    if (!region) return;
    const npk_regions_extension& regions = *pages_.opening.regions;
    require(regions.seal(region) == NPK_OK, "a region to which all added could not be sealed");
    for (int number = 0; number < shared_functions; ++number)
        if (void* entry = regions.find(region, name_of(number).c_str()))
            require(pages_.opening.call(entry, 40, 2) == 42 + number, "a function gave something else");
    require(pages_.opening.pages->verify(region) == NPK_OK, "a region to which all added has changed");
    pages_.free_surely(region);
}

void RegionStorm::leak_one() {
    constexpr std::uint64_t most_leaks = 50;
    if (leaks_.fetch_add(1) >= most_leaks) return;
    make_shared();
    ++pages_.books.leaked;
    pages_.books.leaked_bytes += pages_.opening.page_size;
}

void RegionStorm::err() {
    const npk_regions_extension& regions = *pages_.opening.regions;
    char* region = make_shared();
    pages_.crime(add(region, 0) == nullptr, "an addition to a sealed region");
    pages_.crime(regions.seal(region) != NPK_OK, "a second seal");
    pages_.crime(pages_.opening.call(region, 1, 2) == 0, "a call of a region's start");
    pages_.crime(pages_.opening.free(region + entry_of(0)) != 0, "the free of an entry");
    pages_.free_surely(region);
    pages_.crime(regions.free(region) != NPK_OK, "a double free of a region");
}

void RegionStorm::end() {
    for (auto& slot : shared_)
        pages_.free_surely(slot.exchange(nullptr));
    finish(open_.exchange(nullptr));
}

} // namespace npk::soak
