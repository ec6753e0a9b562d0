// Every signature in use, once each.
#pragma once

#include "signature.hpp"

#include <atomic>
#include <deque>
#include <memory>
#include <mutex>
#include <string_view>
#include <variant>
#include <vector>

namespace npk::jit {

/// Interns signatures: equal text, equal address, for as long as the table lives. The table belongs to
/// the plugin's state, so everything interned goes when the plugin does.
///
/// Threads: any, at once. Finding takes no lock and allocates nothing; interning a new text takes one.
class SignatureTable {
public:
    using Interned = std::variant<const Signature*, SyntaxError>;

    SignatureTable();
    SignatureTable(const SignatureTable&) = delete;
    SignatureTable& operator=(const SignatureTable&) = delete;

    /// The signature that a text spells; parsed and prepared when it is new.
    Interned intern(std::string_view text);

    /// The same from types instead of text.
    const Signature& intern(SignatureSyntax syntax);

    /// The signature spelled exactly so if it was interned before, else null.
    const Signature* find(std::string_view text) const noexcept;

    /// How many signatures there are.
    std::size_t size() const;

    /// fork(2).
    void before_fork() noexcept { mutex_.lock(); }
    void after_fork() noexcept { mutex_.unlock(); }

private:
    /// An open-addressing hash table, at most half full, whose slots go from null to a signature once.
    struct Index {
        explicit Index(std::size_t capacity);
        const Signature* find(std::string_view text) const noexcept;
        void insert(const Signature& signature) noexcept;

        std::size_t mask;
        std::unique_ptr<std::atomic<const Signature*>[]> slots;
    };

    mutable std::mutex mutex_;
    std::deque<Signature> signatures_;
    // Readers may still walk an index after it was outgrown, so all stay; their sizes double, hence
    // the outgrown ones together are no larger than the current one.
    std::vector<std::unique_ptr<Index>> indexes_;
    std::atomic<const Index*> current_;
};

} // namespace npk::jit
