#include "signature_table.hpp"

#include <functional>
#include <utility>

namespace npk::jit {

namespace {
constexpr std::size_t initial_capacity = 256; // a power of two
}

SignatureTable::Index::Index(std::size_t capacity)
    : mask(capacity - 1), slots(std::make_unique<std::atomic<const Signature*>[]>(capacity)) {}

const Signature* SignatureTable::Index::find(std::string_view text) const noexcept {
    for (std::size_t at = std::hash<std::string_view>{}(text);; ++at) {
        const Signature* const signature = slots[at & mask].load(std::memory_order_acquire);
        if (signature == nullptr || signature->text() == text) return signature;
    }
}

void SignatureTable::Index::insert(const Signature& signature) noexcept {
    std::size_t at = std::hash<std::string_view>{}(signature.text());
    while (slots[at & mask].load(std::memory_order_relaxed) != nullptr)
        ++at;
    slots[at & mask].store(&signature, std::memory_order_release);
}

SignatureTable::SignatureTable() {
    indexes_.push_back(std::make_unique<Index>(initial_capacity));
    current_.store(indexes_.back().get(), std::memory_order_release);
}

SignatureTable::Interned SignatureTable::intern(std::string_view text) {
    if (const Signature* const known = find(text)) return known;
    ParsedSignature parsed = parse_signature(text);
    if (SyntaxError* const error = std::get_if<SyntaxError>(&parsed)) return std::move(*error);
    return &intern(std::get<SignatureSyntax>(std::move(parsed)));
}

const Signature& SignatureTable::intern(SignatureSyntax syntax) {
    const std::string text = syntax.text();
    const std::lock_guard lock(mutex_);
    if (const Signature* const known = find(text)) return *known;
    if (2 * (signatures_.size() + 1) > indexes_.back()->mask) {
        auto larger = std::make_unique<Index>(2 * (indexes_.back()->mask + 1));
        for (const Signature& signature : signatures_)
            larger->insert(signature);
        indexes_.push_back(std::move(larger));
        current_.store(indexes_.back().get(), std::memory_order_release);
    }
    const Signature& added = signatures_.emplace_back(std::move(syntax));
    indexes_.back()->insert(added);
    return added;
}

const Signature* SignatureTable::find(std::string_view text) const noexcept {
    return current_.load(std::memory_order_acquire)->find(text);
}

std::size_t SignatureTable::size() const {
    const std::lock_guard lock(mutex_);
    return signatures_.size();
}

} // namespace npk::jit
