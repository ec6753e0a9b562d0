// Pages that several threads mint, call and free: the ways to do it that keep the books.
#pragma once

#include "books.hpp"
#include "opening.hpp"

#include <array>
#include <random>
#include <string_view>

namespace npk::soak {

using Random = std::minstd_rand;

inline constexpr const char* signature_of_sums = "i32(i32,i32)";

/// lea eax, [rdi + rsi + more]; ret
constexpr std::array<unsigned char, 5> sum_and(int more) {
    return {0x8D, 0x44, 0x37, static_cast<unsigned char>(more), 0xC3};
}

class Pages {
public:
    Pages(Opening& opening, Books& books, Totals& totals) : opening(opening), books(books), totals(totals) {}

    /// A sealed page that adds.
    void* make();

    /// A sealed page that adds its arguments and `more`.
    void* make_sum(int more, const char* signature = signature_of_sums);

    /// Frees a page, a region or a handle that others may be calling or freeing at the same time.
    void free_surely(void* page);

    /// Calls what others may free at the same time: 42 and at most `more`, or refused. Gives whether it was called.
    bool call(void* page, int more = 0);

    /// Does one crime, which must be refused.
    void crime(bool refused, const char* what);

    Opening& opening;
    Books& books;
    Totals& totals;
};

/// Pages alone: called, freed under their callers, leaked.
class PageStorm {
public:
    explicit PageStorm(Pages& pages) : pages_(pages) {}

    void step(Random& random);
    void live_alone();
    void end();

private:
    void free_under_callers(void* page);
    void leak_and_err();

    static constexpr std::size_t slot_count = 16;
    Pages& pages_;
    std::array<std::atomic<void*>, slot_count> slots_{};
};

} // namespace npk::soak
