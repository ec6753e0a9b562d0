// Handles under several threads: called while others swap the code behind them, free them and make new ones.
#pragma once

#include "pages.hpp"

namespace npk::soak {

class SwapStorm {
public:
    explicit SwapStorm(Pages& pages);

    void step(Random& random);
    void live_alone();
    void end();

    /// A handle that lives through the cycle, whose code is swapped all the time.
    void* lasting() { return lasting_; }
    /// What its code adds at most.
    static constexpr int most = 7;

private:
    void* make();
    bool swap(void* handle, int more);
    void swap_functions(Random& random);
    void leak_one();
    void err();

    Pages& pages_;
    void* lasting_;
    std::array<std::atomic<void*>, 4> handles_{};
    char* region_;                   ///< lives through the cycle
    std::array<void*, 2> functions_; ///< of the region
    void* function_;                 ///< a handle for one of them
    Count leaks_ = 0;
};

} // namespace npk::soak
