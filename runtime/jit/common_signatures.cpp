#include "common_signatures.hpp"

#include <variant>

namespace npk::jit {

CommonSignatures::CommonSignatures(SignatureTable& table) {
    for (std::size_t i = 0; i < common_signatures.size(); ++i)
        signatures_[i] = std::get<const Signature*>(table.intern(common_signatures[i]));
}

} // namespace npk::jit
