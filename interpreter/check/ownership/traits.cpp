#include "traits.hpp"

#include <algorithm>
#include <string>

namespace npk::check::ownership {

using syntax::as;
using syntax::Borrow;
using syntax::FunctionDecl;
using syntax::ImplDecl;
using syntax::Parameter;
using syntax::TraitDecl;

namespace {

const TraitDecl* find_trait(const Program& program, const std::string& name) {
    for (const auto& file : program.files)
        for (const auto* declaration : file.declarations)
            if (const auto* trait = as<TraitDecl>(declaration); trait && trait->name.text == name)
                return trait;
    return nullptr;
}

const Parameter* self_of(const FunctionDecl& method) {
    const bool has_self = !method.parameters.empty() && method.parameters.front().name.text == "self";
    return has_self ? &method.parameters.front() : nullptr;
}

std::string written(const Parameter* self) {
    if (!self) return "no self";
    switch (self->borrow) {
    case Borrow::None: return "a plain self";
    case Borrow::Shared: return "$$i self";
    case Borrow::Exclusive: return "$$m self";
    }
    return {};
}

void compare(const FunctionDecl& wanted, const FunctionDecl& given, const std::string& type,
             Findings& findings) {
    const Parameter* theirs = self_of(wanted);
    const Parameter* ours = self_of(given);
    if (written(theirs) == written(ours)) return;
    findings
        .error("ARIA-024", ours ? ours->span : given.name.span,
               "Method '" + given.name.text + "' of '" + type +
                   "': self borrow qualifier mismatch, the trait has " + written(theirs) + ", the impl has " +
                   written(ours))
        .label(theirs ? theirs->span : wanted.name.span, "declared in the trait here")
        .hint("write " + written(theirs) + " in the impl");
}

void advise_drop(const ImplDecl& impl, Findings& findings) {
    for (const FunctionDecl* method : impl.functions) {
        const Parameter* self = self_of(*method);
        if (!self || self->borrow == Borrow::Exclusive) continue;
        findings
            .warning("ARIA-024", self->span,
                     "impl:Drop:for:" + impl.target->name + " takes " + written(self) +
                         ": a destructor should take $$m self")
            .hint("write func:drop = NIL($$m " + impl.target->name + ":self)");
    }
}

void check_impl(const Program& program, const ImplDecl& impl, Findings& findings) {
    if (impl.name.text == "Drop") return advise_drop(impl, findings);
    const TraitDecl* trait = find_trait(program, impl.name.text);
    if (!trait) return;
    for (const FunctionDecl* given : impl.functions) {
        const auto wanted =
            std::find_if(trait->functions.begin(), trait->functions.end(),
                         [&](const FunctionDecl* method) { return method->name.text == given->name.text; });
        if (wanted != trait->functions.end()) compare(**wanted, *given, impl.target->name, findings);
    }
}

} // namespace

void check_trait_impls(const Program& program, Findings& findings) {
    if (program.files.empty()) return;
    for (const auto* declaration : program.files.front().declarations)
        if (const auto* impl = as<ImplDecl>(declaration)) check_impl(program, *impl, findings);
}

} // namespace npk::check::ownership
