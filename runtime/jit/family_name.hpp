// The open family of typed calls: npk_jit_call_<parameters>[_to_<result>].
#pragma once

#include "signature_parser.hpp"

#include <string>
#include <string_view>

namespace npk::jit {

inline constexpr std::string_view call_family_prefix = "npk_jit_call_";

/// True when a name belongs to the family, well formed or not.
constexpr bool is_call_family_name(std::string_view name) noexcept {
    return name.starts_with(call_family_prefix);
}

/// The signature that a name of the family stands for: kinds joined by `_`, the result after `to`. Without
/// `_to_` the result is of the first parameter's kind. Scalar kinds only. An error's position counts
/// from the start of the name.
ParsedSignature parse_family_name(std::string_view name);

/// One sentence for a user: the name, the character (counted from 1), what is wrong there.
std::string describe_family_name(std::string_view name, const SyntaxError& error);

/// The shortest name of the family for a signature; empty when a struct keeps it out of the family.
std::string family_name(const SignatureSyntax& signature);

} // namespace npk::jit
