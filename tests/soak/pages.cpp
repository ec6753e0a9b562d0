#include "pages.hpp"

#include "require.hpp"

#include <cstring>
#include <thread>

namespace npk::soak {

using test::require;

void* Pages::make() {
    void* page = opening.alloc(64);
    require(page != nullptr, "no page");
    require(opening.install(page) == 0 && opening.seal_page(page) == 0, "a page could not be sealed");
    ++books.minted;
    return page;
}

void* Pages::make_sum(int more, const char* signature) {
    void* page = opening.alloc(64);
    require(page != nullptr, "no page");
    std::memcpy(page, sum_and(more).data(), sum_and(more).size());
    require(opening.calls->bind(page, signature) == NPK_OK, "a page could not be bound");
    require(opening.seal_page(page) == 0, "a page could not be sealed");
    ++books.minted;
    return page;
}

void Pages::free_surely(void* page) {
    while (page) {
        if (opening.free(page) == 0) {
            ++books.freed;
            return;
        }
        if (!opening.is_live(page)) return; // another thread was first, and counted it
        std::this_thread::yield();
    }
}

bool Pages::call(void* page, int more) {
    if (!page) return false;
    const int sum = opening.call(page, 40, 2);
    require(sum == 0 || (sum >= 42 && sum <= 42 + more), "40 + 2 gave %d", sum);
    ++(sum != 0 ? totals.calls : totals.refused_calls);
    return sum != 0;
}

void Pages::crime(bool refused, const char* what) {
    require(refused, "%s was done", what);
    ++totals.crimes;
}

void PageStorm::step(Random& random) {
    auto& slot = slots_[random() % slot_count];
    const unsigned choice = random() % 100;
    if (choice < 80)
        pages_.call(slot.load());
    else if (choice < 90)
        pages_.free_surely(slot.exchange(pages_.make()));
    else if (choice < 96)
        free_under_callers(slot.load());
    else if (choice < 98)
        live_alone();
    else
        leak_and_err();
}

void PageStorm::live_alone() {
    void* page = pages_.make();
    require(pages_.opening.call(page, 1, 2) == 3, "a page of one's own was refused");
    require(pages_.opening.pages->verify(page) == NPK_OK, "a page of one's own has changed");
    pages_.free_surely(page);
}

/// The page stays in its slot, so that others go on calling what is freed.
void PageStorm::free_under_callers(void* page) {
    if (page && pages_.opening.free(page) == 0) ++pages_.books.freed;
}

void PageStorm::leak_and_err() {
    constexpr std::uint64_t most_leaks = 500;
    if (pages_.books.leaked < most_leaks) {
        pages_.make();
        ++pages_.books.leaked;
        pages_.books.leaked_bytes += pages_.opening.page_size;
    }
    void* page = pages_.make();
    pages_.free_surely(page);
    pages_.crime(pages_.opening.free(page) != 0, "a double free");
    pages_.crime(pages_.opening.call(page, 1, 2) == 0, "a call of a freed page");
    pages_.crime(pages_.opening.seal_page(&slots_) != 0, "the seal of a foreign pointer");
}

void PageStorm::end() {
    for (auto& slot : slots_)
        pages_.free_surely(slot.exchange(nullptr));
}

} // namespace npk::soak
