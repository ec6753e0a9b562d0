// A text that others are compared with in as few instructions as that takes.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <utility>

namespace npk::jit {

/// Whether whole words may be read where a text ends within one: sanitizers mind.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool reads_whole_words = false;
#elif defined(__has_feature)
inline constexpr bool reads_whole_words =
    !__has_feature(address_sanitizer) && !__has_feature(thread_sanitizer) && !__has_feature(memory_sanitizer);
#else
inline constexpr bool reads_whole_words = true;
#endif

/// Immutable; any thread. A text without zero bytes.
class KnownText {
public:
    explicit KnownText(std::string text) : text_(std::move(text)) {
        if (text_.size() >= sizeof words_) return;
        words_[0] = 0;
        std::memcpy(words_.data(), text_.data(), text_.size());
        last_word_ = text_.size() / sizeof(std::uint64_t);
        std::memset(&last_mask_, 0xFF, text_.size() % sizeof(std::uint64_t) + 1);
    }

    /// A zero byte follows it.
    const std::string& text() const noexcept { return text_; }

    /// Whether a zero-terminated text is the same.
    bool equals(const char* text) const noexcept { return std::strcmp(text, text_.c_str()) == 0; }

    /// The same in a few instructions, with no call; false also for what cannot be compared so: null, long texts, and those
    /// near the end of a page of memory. Words are read whole, so that up to seven bytes behind a text may be read: never of
    /// another page.
    [[gnu::always_inline]] bool equals_in_words(const char* text) const noexcept {
        if (!may_be_read_in_words(text)) [[unlikely]]
            return false;
        // Each word is read when those before it are equal, hence have no zero byte.
        for (std::size_t at = 0; at < last_word_; ++at)
            if (word_at(text, at) != words_[at]) return false;
        return (word_at(text, last_word_) & last_mask_) == words_[last_word_];
    }

private:
    static constexpr std::size_t smallest_page = 4096; ///< of any processor that Linux runs on with 64 bits

    static bool may_be_read_in_words(const char* text) noexcept {
        // Null and the first byte of a page count as an end as well: one comparison for both.
        const auto before = (reinterpret_cast<std::uintptr_t>(text) - 1) % smallest_page;
        return reads_whole_words && before < smallest_page - sizeof words_;
    }

    static std::uint64_t word_at(const char* text, std::size_t at) noexcept {
        std::uint64_t word;
        std::memcpy(&word, text + at * sizeof word, sizeof word);
        return word;
    }

    std::string text_;
    // Of a short text, zeros behind it; the mask is that of the bytes of its last word, the zero byte included. A long text
    // has a word that no masked one equals.
    std::array<std::uint64_t, 8> words_{1};
    std::uint64_t last_mask_ = 0;
    std::size_t last_word_ = 0;
};

} // namespace npk::jit
