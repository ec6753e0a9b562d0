// For programs without a test framework: ends the process with what is wrong, so that a core, or a fuzzer's input, is kept.
#pragma once

#include <cstdio>
#include <cstdlib>

namespace npk::test {

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

} // namespace npk::test
