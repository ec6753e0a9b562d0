// #[derive(Display)]: the method that a program would otherwise write by hand.
#include "context.hpp"

namespace npk::check {

namespace {

bool derives_display(const syntax::Decl& decl) {
    return std::any_of(
        decl.attributes.begin(), decl.attributes.end(), [](const syntax::Attribute& attribute) {
            return attribute.name.text == "derive" && attribute.argument.find("Display") != std::string::npos;
        });
}

syntax::Expr* name(syntax::Tree& tree, syntax::Span span, std::string text) {
    auto* expr = tree.make<syntax::NameExpr>(span);
    expr->name = std::move(text);
    return expr;
}

syntax::Expr* member(syntax::Tree& tree, syntax::Span span, std::string object, std::string field) {
    auto* expr = tree.make<syntax::MemberExpr>(span);
    expr->object = name(tree, span, std::move(object));
    expr->member = {std::move(field), span};
    return expr;
}

/// { pass VALUE; }
syntax::Block* passing(syntax::Tree& tree, syntax::Span span, syntax::Expr* value) {
    auto* pass = tree.make<syntax::PassStmt>(span);
    pass->value = value;
    auto* block = tree.make<syntax::Block>(span);
    block->statements.push_back(pass);
    return block;
}

/// { pass `T { f: &{self.f}, g: &{self.g} }`; }
syntax::Block* struct_text(syntax::Tree& tree, syntax::Span span, const Type& type) {
    auto* text = tree.make<syntax::TemplateExpr>(span);
    text->texts.push_back(type.name + " {");
    for (const Field& field : type.fields) {
        text->texts.back() += (text->values.empty() ? " " : ", ") + field.name + ": ";
        text->values.push_back(member(tree, span, "self", field.name));
        text->texts.emplace_back();
    }
    text->texts.back() += " }";
    return passing(tree, span, text);
}

/// { pick (self) { (E.A) { pass "A"; }, ... } }
syntax::Block* enum_text(syntax::Tree& tree, syntax::Span span, const Type& type) {
    auto* pick = tree.make<syntax::PickStmt>(span);
    pick->selector = name(tree, span, "self");
    for (const auto& constant : type.constants) {
        auto* text = tree.make<syntax::StringLiteral>(span);
        text->value = constant->name;
        syntax::PickArm arm;
        arm.pattern = syntax::PatternKind::Value;
        arm.value = member(tree, span, type.name, constant->name);
        arm.body = passing(tree, span, text);
        arm.span = span;
        pick->arms.push_back(std::move(arm));
    }
    auto* block = tree.make<syntax::Block>(span);
    block->statements.push_back(pick);
    return block;
}

} // namespace

void Checker::derive(Module& module, const syntax::Decl& decl) {
    const Symbol* symbol = find_symbol(decl.name.text);
    if (!derives_display(decl) || !symbol || !symbol->type) return;
    const Type& type = *symbol->type;
    const syntax::Span span = decl.name.span;
    Function& function = program_.functions.emplace_back();
    function.name = type.name + "_display";
    function.body = type.is(TypeKind::Enum) ? enum_text(program_.tree, span, type)
                                            : struct_text(program_.tree, span, type);
    function.file = module.file.id;
    function.is_library = module.is_library;
    function.is_impl_method = true;
    function.result = types_.string();
    Variable* self = new_variable("self", &type, span, Storage::Parameter);
    self->borrow = syntax::Borrow::Shared;
    self->has_initializer = true;
    self->owner = &function;
    function.parameters.push_back(self);
    function.function_type = types_.function(function.result, {&type});
    impl_methods_[function.name] = &function;
    implemented_.emplace("Display", type.name);
    pending_.push_back(&function);
}

} // namespace npk::check
