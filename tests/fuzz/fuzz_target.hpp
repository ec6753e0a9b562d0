// What libFuzzer calls and what it offers (https://llvm.org/docs/LibFuzzer.html). replay.cpp stands in for it in other
// builds.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

/// Runs one input; ends the process when something is wrong.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

/// Optional: changes an input in place, never beyond `max_size`. Gives the new size. The same seed makes the same change.
extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size,
                                               unsigned seed);

/// Changes bytes without knowing what they mean.
extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);

namespace npk::fuzz {

/// Ends the process with what is wrong, so that the fuzzer keeps the input.
template <class... Values>
void require(bool condition, const char* format, Values... values) {
    if (condition) return;
    if constexpr (sizeof...(values) == 0)
        std::fputs(format, stderr);
    else
        std::fprintf(stderr, format, values...);
    std::fputc('\n', stderr);
    std::abort();
}

} // namespace npk::fuzz
