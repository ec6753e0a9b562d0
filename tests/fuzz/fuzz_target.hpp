// What libFuzzer calls and what it offers (https://llvm.org/docs/LibFuzzer.html). replay.cpp stands in for it in other
// builds.
#pragma once

#include "require.hpp"

#include <cstddef>
#include <cstdint>

/// Runs one input; ends the process when something is wrong.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

/// Optional: changes an input in place, never beyond `max_size`. Gives the new size. The same seed makes the same change.
extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size,
                                               unsigned seed);

/// Changes bytes without knowing what they mean.
extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);

namespace npk::fuzz {

using test::require;

} // namespace npk::fuzz
