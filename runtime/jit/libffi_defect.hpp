// A defect of libffi on x86-64, seen in 3.4.4: a struct whose first word goes to the sixth integer register and whose second
// to a vector register is copied whole to the former, so that the first vector register, which lies behind it in libffi's
// memory, holds the struct's second word and no longer its own argument. Passed as its two words, apart, the struct travels
// in the same registers (System V psABI, section 3.2.3), and nothing is overwritten.
#pragma once

#include "signature_parser.hpp"

#include <cstddef>
#include <optional>

namespace npk::jit {

/// The parameter that libffi must be given as two words; none of nearly all signatures. Pure.
std::optional<std::size_t> parameter_to_split(const SignatureSyntax& signature) noexcept;

} // namespace npk::jit
