#include "references.hpp"

namespace npk::check::ownership {

using syntax::as;
using syntax::Span;
using syntax::UnaryExpr;
using syntax::UnaryOp;

bool check_depth_of_pin(Analysis& analysis, const std::string& pointer, const std::string& host, Span span) {
    const Declared* reference = analysis.scopes.find(pointer);
    const Declared* target = analysis.scopes.find(host);
    if (!reference || !target || reference->depth >= target->depth) return false;
    analysis.findings
        .error("ARIA-017", span, "Reference " + quoted(pointer) + " cannot outlive host " + quoted(host))
        .label(target->span, "the host is declared in an inner block")
        .label(reference->span, "the reference is declared in an outer one")
        .hint("declare " + quoted(pointer) + " in the block of " + quoted(host));
    return true;
}

void note_address(Analysis& analysis, const std::string& pointer, const syntax::Expr* value) {
    analysis.context.addresses.erase(pointer);
    const auto* unary = as<UnaryExpr>(value);
    if (!unary || unary->op != UnaryOp::AddressOf) return;
    const auto host = path_of(unary->operand);
    if (!host || host->through_pointer()) return;
    const Declared* reference = analysis.scopes.find(pointer);
    const Declared* target = analysis.scopes.find(host->base);
    if (reference && target && reference->depth < target->depth)
        analysis.context.addresses[pointer] = {host->base, value->span};
}

void check_surviving_references(Analysis& analysis, bool left) {
    const std::size_t depth = analysis.scopes.depth();
    std::erase_if(analysis.context.addresses, [&](const auto& held) {
        const auto& [pointer, address] = held;
        const Declared* host = analysis.scopes.find(address.host);
        if (!host || host->depth < depth) return false;
        if (!left)
            analysis.findings
                .error("ARIA-028", address.span,
                       "Reference " + quoted(pointer) + " outlives its host " + quoted(address.host))
                .label(host->span, "the host's block ends before the pointer's")
                .hint("declare " + quoted(address.host) + " in the block of " + quoted(pointer));
        return true;
    });
}

} // namespace npk::check::ownership
