// Calls: of a page, of a region's function, of what a handle stands for.
#include "abi_sequence.hpp"

namespace npk::fuzz {

void Sequence::call() {
    const Pointer target = pointer();
    std::uint32_t code = judge(Operation::Call, target);
    const std::int32_t a = choices_.byte();
    const std::int32_t b = choices_.byte();
    const std::string signature = signature_behind(target);
    if (code == NPK_CODE_NONE && !signature.empty() && signature != "i32(i32,i32)")
        code = NPK_CODE_SIGNATURE_MISMATCH;
    if (code == NPK_CODE_NONE && !is_callable(target)) return;
    const std::array arguments{value(NPK_KIND_I32, static_cast<std::uint64_t>(a)),
                               value(NPK_KIND_I32, static_cast<std::uint64_t>(b))};
    npk_value result = value(NPK_KIND_I32, 0);
    const npk_status status = calls_->call(target.address, "i32(i32,i32)", arguments.data(), 2, &result);
    expect(code, "call");
    require(status == (code == NPK_CODE_NONE ? NPK_OK : NPK_TRAP), "call gave status %d",
            static_cast<int>(status));
}

/// Values of any kind for any signature. Whatever does not fit must be refused; nothing refused may be called.
void Sequence::call_with_wrong_values() {
    const Pointer target = pointer();
    const bool refused = judge(Operation::Call, target) != NPK_CODE_NONE;
    if (!refused && !is_callable(target)) return;
    const char* signature = signatures[choices_.below(signatures.size())];
    std::array<std::uint8_t, 64> bytes{};
    std::array<npk_value, 40> arguments{};
    const auto count = static_cast<std::uint32_t>(choices_.below(arguments.size()));
    for (std::uint32_t index = 0; index < count; ++index) {
        arguments[index] = value(static_cast<std::uint32_t>(choices_.below(17)), choices_.byte());
        if (arguments[index].kind == NPK_KIND_STRUCT) {
            arguments[index].ptr = bytes.data();
            arguments[index].size = static_cast<std::uint32_t>(choices_.below(bytes.size()));
        }
    }
    npk_value result = value(static_cast<std::uint32_t>(choices_.below(17)), 0);
    if (result.kind == NPK_KIND_STRUCT) {
        result.ptr = bytes.data();
        result.size = static_cast<std::uint32_t>(choices_.below(bytes.size()));
    }
    const npk_status status = calls_->call(target.address, signature, arguments.data(), count, &result);
    require(!refused || status != NPK_OK, "what must be refused was called");
    const std::string bound = signature_behind(target);
    const bool mismatch = !bound.empty() && bound != signature;
    require(!mismatch || status != NPK_OK, "code was called with another signature");
}

} // namespace npk::fuzz
