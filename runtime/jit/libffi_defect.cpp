#include "libffi_defect.hpp"

#include "enter.hpp"
#include "register_class.hpp"

#include <algorithm>

namespace npk::jit {

std::optional<std::size_t> parameter_to_split(const SignatureSyntax& signature) noexcept {
    if (!register_calls_available) return std::nullopt;
    const Type& result = signature.result;
    const bool result_in_memory = result.kind == Kind::Struct && classify(result).words == 0;
    std::size_t integers = result_in_memory ? 1 : 0; // its address is the first argument
    std::size_t vectors = 0;
    for (std::size_t index = 0; index < signature.parameters.size(); ++index) {
        const RegisterClass parts = classify(signature.parameters[index]);
        const auto* const end = parts.is_vector.begin() + parts.words;
        const auto in_vectors = static_cast<std::size_t>(std::count(parts.is_vector.begin(), end, true));
        const std::size_t in_integers = parts.words - in_vectors;
        // A struct for which there are not enough registers is passed on the stack, whole.
        if (integers + in_integers > integer_registers || vectors + in_vectors > vector_registers) continue;
        const bool mixed = parts.words == 2 && !parts.is_vector[0] && parts.is_vector[1];
        if (mixed && integers == integer_registers - 1 && vectors != 0) return index;
        integers += in_integers;
        vectors += in_vectors;
    }
    return std::nullopt;
}

} // namespace npk::jit
