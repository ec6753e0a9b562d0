// The grammar of signatures, from text to types and back.
//
//     signature = result "(" [ type { "," type } ] ")"
//     result    = type | "void"
//     type      = "i8" | "i16" | "i32" | "i64" | "u8" | "u16" | "u32" | "u64"
//               | "f32" | "f64" | "bool" | "ptr" | "{" type { "," type } "}"
//
// No blanks anywhere: a signature has one spelling, so that two are the same exactly when their texts are.
#pragma once

#include "type.hpp"

#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace npk::jit {

inline constexpr std::size_t max_parameters = 32;
inline constexpr std::size_t max_signature_length = 4096; ///< characters
inline constexpr std::size_t max_struct_nesting = 16;

/// A signature as the text says it.
struct SignatureSyntax {
    Type result;
    std::vector<Type> parameters;

    /// The one spelling of it.
    std::string text() const;
};

/// What is wrong with a text, and at which of its characters (0 is the first).
struct SyntaxError {
    std::size_t position = 0;
    std::string message;
};

using ParsedSignature = std::variant<SignatureSyntax, SyntaxError>;

/// Parses a signature such as `i32(i32,i32)` or `{f64,f64}(ptr,{i32,i32})`. Pure; any thread.
ParsedSignature parse_signature(std::string_view text);

/// One sentence for a user: the text, the character (counted from 1), what is wrong there. Bytes that
/// do not print are shown as \xNN, and a long text is shown around the place only.
std::string describe(std::string_view text, const SyntaxError& error);

} // namespace npk::jit
