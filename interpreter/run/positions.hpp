#pragma once
// From instructions to places in the source. A token names the current instruction and, when that lies in library code,
// the innermost instruction outside of it that led there.
#include "bytecode.hpp"

#include <cstdint>
#include <string>

namespace npk::run {

/// A call under way: where it continues, and the caller's frame.
struct CallRecord {
    const Instruction* next = nullptr; ///< the instruction after the call
    std::uint64_t* frame = nullptr;
};

using Token = std::uint64_t; ///< 0: no place

/// A place as text. The strings live as long as the sources and the code.
struct SourcePlace {
    const char* file = nullptr;
    const char* function = nullptr;
    std::uint32_t line = 0;
    std::uint32_t column = 0;
};

struct DescribedPlace {
    SourcePlace at;
    SourcePlace caller; ///< empty unless `at` is library code
    bool in_library = false;
};

/// Immutable; every function is async-signal-safe.
class Positions {
public:
    Positions(const Code& code, const syntax::SourceMap& sources) : code_(code), sources_(sources) {}

    /// `records` are the calls under way, outermost first.
    [[nodiscard]] Token token(const Instruction* current, const CallRecord* first,
                              const CallRecord* end) const;
    [[nodiscard]] bool describe(Token token, DescribedPlace& place) const;
    /// The instruction's span; of a token's own place.
    [[nodiscard]] syntax::Span span(Token token) const;
    /// The span of the place outside of library code; the same as `span` when that is outside already.
    [[nodiscard]] syntax::Span caller_span(Token token) const;
    /// FILE:LINE:COL.
    [[nodiscard]] std::string text(Token token) const;
    [[nodiscard]] const FunctionCode* function_at(const Instruction* instruction) const;

private:
    [[nodiscard]] bool is_code(const Instruction* instruction) const;
    [[nodiscard]] std::uint32_t index(const Instruction* instruction) const;
    [[nodiscard]] bool in_library(std::uint32_t index) const;
    [[nodiscard]] SourcePlace place(std::uint32_t index) const;

    const Code& code_;
    const syntax::SourceMap& sources_;
};

} // namespace npk::run
