#include "words.hpp"

#include <array>
#include <span>

namespace npk::report {

namespace {

constexpr auto code_words = [] {
    std::array<const char*, NPK_CODE_LIMIT> words{};
    words[NPK_CODE_NONE] = "wildx-none";
    words[NPK_CODE_DOUBLE_FREE] = "wildx-double-free";
    words[NPK_CODE_USE_AFTER_FREE] = "wildx-use-after-free";
    words[NPK_CODE_ALREADY_SEALED] = "wildx-already-sealed";
    words[NPK_CODE_NOT_SEALED] = "wildx-not-sealed";
    words[NPK_CODE_FOREIGN_POINTER] = "wildx-foreign-pointer";
    words[NPK_CODE_NULL_POINTER] = "wildx-null-pointer";
    words[NPK_CODE_INTERIOR_POINTER] = "wildx-interior-pointer";
    words[NPK_CODE_GUARD_POINTER] = "wildx-guard-pointer";
    words[NPK_CODE_BAD_SIZE] = "wildx-bad-size";
    words[NPK_CODE_QUOTA] = "wildx-quota";
    words[NPK_CODE_MAPPING_FAILED] = "wildx-mapping-failed";
    words[NPK_CODE_MAPPING_LIMIT] = "wildx-mapping-limit";
    words[NPK_CODE_LEAK] = "wildx-leak";
    words[NPK_CODE_WRONG_STATE] = "wildx-wrong-state";
    words[NPK_CODE_SIGNATURE_MISMATCH] = "wildx-signature-mismatch";
    words[NPK_CODE_BAD_SIGNATURE] = "wildx-bad-signature";
    words[NPK_CODE_BAD_ARGUMENTS] = "wildx-bad-arguments";
    words[NPK_CODE_TOO_LONG] = "wildx-too-long";
    words[NPK_CODE_CODE_CHANGED] = "wildx-code-changed";
    words[NPK_CODE_PAGE_IN_USE] = "wildx-page-in-use";
    words[NPK_CODE_FORKED] = "wildx-forked";
    words[NPK_CODE_PERMANENT] = "wildx-permanent";
    words[NPK_CODE_SEAL_UNAVAILABLE] = "wildx-seal-unavailable";
    words[NPK_CODE_UNLOADED] = "wildx-unloaded";
    words[NPK_CODE_HOST_MISBEHAVING] = "wildx-host-misbehaving";
    words[NPK_CODE_UNTAGGED] = "wildx-untagged";
    words[NPK_CODE_FAULT_WRITE] = "wildx-fault-write";
    words[NPK_CODE_FAULT_GUARD] = "wildx-fault-guard";
    words[NPK_CODE_FAULT_EXECUTE] = "wildx-fault-execute";
    words[NPK_CODE_FAULT_FREED] = "wildx-fault-freed";
    words[NPK_CODE_FAULT_INSTRUCTION] = "wildx-fault-instruction";
    words[NPK_CODE_FAULT_IN_CODE] = "wildx-fault-in-code";
    return words;
}();

constexpr std::array severity_words{"unknown", "error", "warning", "note"};
constexpr std::array operation_words{"none",   "mint", "install", "bind",  "seal", "call",
                                     "verify", "free", "close",   "fault", "swap"};
constexpr std::array state_words{"UNINITIALIZED", "WRITABLE", "EXECUTABLE", "FREED"};

const char* word_at(std::span<const char* const> words, std::uint32_t index, const char* otherwise) noexcept {
    return index < words.size() && words[index] != nullptr ? words[index] : otherwise;
}

} // namespace

const char* code_word(std::uint32_t code) noexcept {
    return word_at(code_words, code, "wildx-unknown");
}
const char* severity_word(std::uint32_t severity) noexcept {
    return word_at(severity_words, severity, "unknown");
}
const char* operation_word(std::uint32_t operation) noexcept {
    return word_at(operation_words, operation, "unknown");
}
const char* state_word(std::uint32_t state) noexcept {
    return word_at(state_words, state, "UNKNOWN");
}

} // namespace npk::report
