#include "signature_text.hpp"

#include "npk_abi.h"

#include <array>
#include <optional>
#include <utility>

namespace npk::validate {
namespace {

constexpr int deepest_struct = 32;

constexpr std::array<std::pair<std::string_view, std::uint32_t>, 15> words{{
    {"i8", NPK_KIND_I8},
    {"i16", NPK_KIND_I16},
    {"i32", NPK_KIND_I32},
    {"i64", NPK_KIND_I64},
    {"u8", NPK_KIND_U8},
    {"u16", NPK_KIND_U16},
    {"u32", NPK_KIND_U32},
    {"u64", NPK_KIND_U64},
    {"f32", NPK_KIND_F32},
    {"f64", NPK_KIND_F64},
    {"bool", NPK_KIND_BOOL},
    {"ptr", NPK_KIND_PTR},
    {"void", NPK_KIND_VOID},
    {"string", NPK_KIND_STRING},
    {"function", NPK_KIND_FUNCTION},
}};

class Reader {
public:
    explicit Reader(std::string_view text) : rest_(text) {}

    bool take(char c) {
        if (rest_.empty() || rest_.front() != c) return false;
        rest_.remove_prefix(1);
        return true;
    }

    [[nodiscard]] bool at_end() const { return rest_.empty(); }

    std::optional<std::uint32_t> type(int depth = 0) {
        if (take('{')) return structure(depth);
        std::size_t length = 0;
        while (length < rest_.size() && ((rest_[length] >= 'a' && rest_[length] <= 'z') ||
                                         (rest_[length] >= '0' && rest_[length] <= '9')))
            ++length;
        const std::string_view word = rest_.substr(0, length);
        for (const auto& [text, kind] : words) {
            if (text == word) {
                rest_.remove_prefix(length);
                return kind;
            }
        }
        return std::nullopt;
    }

private:
    std::optional<std::uint32_t> structure(int depth) {
        if (depth >= deepest_struct) return std::nullopt;
        do {
            const auto member = type(depth + 1);
            if (!member || *member == NPK_KIND_VOID || *member == NPK_KIND_STRING ||
                *member == NPK_KIND_FUNCTION)
                return std::nullopt;
        } while (take(','));
        return take('}') ? std::optional<std::uint32_t>(NPK_KIND_STRUCT) : std::nullopt;
    }

    std::string_view rest_;
};

} // namespace

SignatureText read_signature(std::string_view text) {
    SignatureText signature;
    Reader reader(text);
    const auto result = reader.type();
    if (!result || *result == NPK_KIND_STRING || *result == NPK_KIND_FUNCTION || !reader.take('('))
        return signature;
    signature.result = *result;
    if (!reader.take(')')) {
        do {
            const auto parameter = reader.type();
            if (!parameter || *parameter == NPK_KIND_VOID || signature.parameters.size() > NPK_MAX_PARAMETERS)
                return signature;
            signature.parameters.push_back(*parameter);
        } while (reader.take(','));
        if (!reader.take(')')) return signature;
    }
    signature.valid = reader.at_end() && signature.parameters.size() <= NPK_MAX_PARAMETERS;
    return signature;
}

} // namespace npk::validate
