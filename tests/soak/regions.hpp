// Regions under several threads: each fills, calls and frees its own, all call and replace shared ones, all add to one.
#pragma once

#include "pages.hpp"

#include <vector>

namespace npk::soak {

class RegionStorm {
public:
    explicit RegionStorm(Pages& pages) : pages_(pages) {}

    void step(Random& random);
    /// Fills a region, calls all of its functions, and frees it.
    void live_alone(int functions);
    void end();

private:
    static constexpr int shared_functions = 8;

    char* mint(std::size_t bytes);
    /// A function that adds its arguments and `number`; null when the region does not take it.
    char* add(char* region, int number);
    char* make_shared();
    void call_shared(Random& random);
    void add_to_open_one(Random& random);
    void finish(char* region);
    void leak_one();
    void err();

    Pages& pages_;
    std::array<std::atomic<char*>, 4> shared_{};
    std::atomic<char*> open_ = nullptr; ///< to which all add
    Count leaks_ = 0;
};

} // namespace npk::soak
