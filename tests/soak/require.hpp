// Ends the soak with what is wrong.
#pragma once

#include <cstdio>
#include <cstdlib>

namespace npk::soak {

template <class... Values>
void require(bool condition, const char* format, Values... values) {
    if (condition) return;
    if constexpr (sizeof...(values) == 0)
        std::fputs(format, stderr);
    else
        std::fprintf(stderr, format, values...);
    std::fputc('\n', stderr);
    std::_Exit(1);
}

} // namespace npk::soak
