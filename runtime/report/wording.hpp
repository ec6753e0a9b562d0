// What a report says: the sentences for each crime. Pure.
#pragma once

#include "npk_abi.h"
#include "wildx/verdict.hpp"

#include <string>

namespace npk::report {

/// What a refusal is called and what to do about it.
struct Wording {
    std::string message;
    std::string hint;           ///< empty: none
    const char* rule = nullptr; ///< the borrow rule that would have caught it, "ARIA-022"
};

/// What the host knows of a foreign pointer.
struct ForeignMemory {
    npk_memory_info info{};
    std::string made_at; ///< FILE:LINE:COL; empty: unknown
};

/// `function` is the name under which the user called.
Wording word_refusal(const wildx::Verdict& verdict, const char* function, const ForeignMemory& memory,
                     const char* expected_signature, const char* actual_signature);

/// "page #3 (64 bytes at 0x7f0000001000)".
std::string page_name(const wildx::PageView& page);

} // namespace npk::report
