#include "regions.hpp"

#include "callee.hpp"
#include "pointers.hpp"

namespace npk::check::ownership {

using syntax::as;
using syntax::Qualifier;
using syntax::UnaryExpr;
using syntax::UnaryOp;

void check_wild_slot(Analysis& analysis, const syntax::VarDecl& declaration) {
    if (!is_manual(declaration.qualifier)) return;
    const auto* source = bare_name(declaration.initializer);
    if (!source || source->variable->qualifier != Qualifier::Gc) return;
    analysis.findings
        .error("ARIA-029", source->span,
               "Cannot initialize wild-region slot " + quoted(declaration.name.text) + " from gc reference " +
                   quoted(source->name) + ": the gc marker does not trace wild memory")
        .label(source->variable->span, "a gc variable")
        .hint("pin it: wild " + source->variable->type->name + "->:" + declaration.name.text + " = #" +
              source->name + ";");
}

void check_gc_field(Analysis& analysis, const syntax::AssignExpr& assignment) {
    const auto* value = as<UnaryExpr>(assignment.value);
    if (!value || (value->op != UnaryOp::Pin && value->op != UnaryOp::AddressOf)) return;
    if (!as<syntax::MemberExpr>(assignment.target)) return;
    const auto target = path_of(assignment.target);
    const auto source = path_of(value->operand);
    if (!target || !source || target->variable->qualifier != Qualifier::Gc) return;
    const bool is_on_stack =
        source->variable->storage != Storage::Global && !source->through_pointer() &&
        (source->variable->qualifier == Qualifier::None || source->variable->qualifier == Qualifier::Stack ||
         source->variable->qualifier == Qualifier::Fixed || source->variable->qualifier == Qualifier::Const);
    if (!is_on_stack) return;
    analysis.findings
        .error("ARIA-031", assignment.value->span,
               "Cannot store a reference to stack variable " + quoted(source->base) +
                   " into gc-rooted field " + quoted(target->text()) + ": the object may outlive it")
        .label(source->variable->span, "lives until its block ends")
        .hint("declare " + quoted(source->base) + " as gc too");
}

} // namespace npk::check::ownership
