#pragma once
// Reads the text of a signature by the grammar of npk_abi.h, to compare it with a function's descriptor.
#include <cstdint>
#include <string_view>
#include <vector>

namespace npk::validate {

struct SignatureText {
    bool valid = false;
    std::uint32_t result = 0;              ///< npk_kind
    std::vector<std::uint32_t> parameters; ///< npk_kind, at most one more than NPK_MAX_PARAMETERS
};

/// `valid` is false for anything the grammar does not produce.
[[nodiscard]] SignatureText read_signature(std::string_view text);

} // namespace npk::validate
