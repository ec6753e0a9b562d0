// Memory that runs out on demand: this program's operator new and ffi_closure_alloc, which the plugin's calls resolve to.
#pragma once

namespace npk::test {

// The allocations of the calling thread that fail.
enum class Failing { One, FromOneOn };

class FailingMemory {
public:
    // Lets the allocation of this number (0: the next one) fail, or all from it on, until finish().
    static void start(Failing which, long number);

    // Memory is plenty again. Whether any allocation failed.
    static bool finish();
};

// Memory is plenty while this lives: for what is not tested.
class PlentyOfMemory {
public:
    PlentyOfMemory();
    ~PlentyOfMemory();
    PlentyOfMemory(const PlentyOfMemory&) = delete;
    PlentyOfMemory& operator=(const PlentyOfMemory&) = delete;

private:
    bool before_;
};

} // namespace npk::test
