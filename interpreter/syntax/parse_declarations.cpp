// Rules for what stands at file level, functions apart.
#include "grammar.hpp"
#include "lookahead.hpp"

namespace npk::syntax {

using enum TokenKind;

// ---- files, modules, recovery ----------------------------------------------------------------------------------

void Parser::parse_declarations(std::vector<Decl*>& into, bool inside_braces) {
    const std::size_t level = level_;
    const std::size_t nesting = nesting_;
    while (!cursor_.at_end() && !(inside_braces && cursor_.at(RightBrace))) {
        const std::size_t start = cursor_.index();
        try {
            parse_declaration(into);
        } catch (const SyntaxError&) {
            level_ = level;
            nesting_ = nesting;
            recover_declaration(start, inside_braces);
        }
    }
}

/// Goes on to what seems to be the next declaration; `start` is the index of the token that began the broken one.
/// Variables count only at the left margin, so that the statements of a lost function are not taken for them.
void Parser::recover_declaration(std::size_t start, bool inside_braces) {
    auto open = cursor_.open_brackets_since(start);
    while (!cursor_.at_end()) {
        const TokenKind kind = cursor_.peek().kind;
        const bool has_moved = cursor_.index() > start;
        const bool is_outside = open.braces <= 0;
        const bool starts_line = cursor_.at_column_one();
        if (has_moved && (starts_line || is_outside) && at_declaration_word()) return;
        if (has_moved && starts_line && is_outside && declaration_ahead(cursor_) != DeclarationAhead::None)
            return;
        if (kind == RightBrace && is_outside && inside_braces) return;
        open.count(kind);
        cursor_.take();
    }
}

/// A word that can only begin a declaration of file level, given what follows it.
bool Parser::at_declaration_word(std::size_t ahead) const {
    const std::size_t next = ahead + 1;
    switch (cursor_.peek(ahead).kind) {
    case Func:
    case Struct: return cursor_.at(Colon, next) || cursor_.at(Less, next);
    case Enum:
    case TypeWord:
    case Trait:
    case Impl:
    case Macro: return cursor_.at(Colon, next);
    case RulesWord: return cursor_.at(Less, next);
    case Use: return cursor_.at(String, next) || cursor_.at_name(next);
    case Extern: return cursor_.at(Func, next) || cursor_.at(String, next);
    case Pub:
    case Mod:
    case Async:
    case Inline:
    case Noinline:
    case Comptime: return is_word(cursor_.peek(next).kind);
    case Hash: return cursor_.at(LeftBracket, next);
    default: return false;
    }
}

void Parser::parse_declaration(std::vector<Decl*>& into) {
    if (cursor_.at(Semicolon)) {
        cursor_.error(cursor_.here(), "expected a declaration, found ';'", "remove it");
        while (cursor_.accept(Semicolon)) {
        }
        return;
    }
    const Token first = cursor_.peek();
    std::vector<Attribute> attributes = parse_attributes();
    const bool is_public = cursor_.accept(Pub);
    const std::size_t first_new = into.size();
    if (cursor_.at(Extern)) {
        parse_extern(into);
    } else {
        into.push_back(parse_single_declaration());
        into.back()->span = cursor_.span_from(first);
    }
    for (std::size_t i = first_new; i < into.size(); ++i) {
        into[i]->is_public = is_public;
        into[i]->attributes = attributes;
        if (auto* global = as<GlobalDecl>(into[i])) global->variable->is_public = is_public;
        if (auto* foreign = as<ExternDecl>(into[i])) foreign->function->attributes = attributes;
    }
}

Decl* Parser::parse_single_declaration() {
    switch (cursor_.peek().kind) {
    case Use: return parse_use();
    case Struct: return parse_struct();
    case Enum: return parse_enum();
    case TypeWord: return parse_type_namespace();
    case Trait: return parse_trait();
    case Impl: return parse_impl();
    case Macro: return parse_macro();
    case RulesWord: return parse_rules();
    case Mod: return parse_module();
    case Func:
    case Async:
    case Comptime:
    case Inline:
    case Noinline: return parse_function(FunctionForm::WithBody);
    case RightBrace: cursor_.fail_expected("a declaration", "it closes nothing: is a '{' missing before it?");
    default: break;
    }
    if (declaration_ahead(cursor_) != DeclarationAhead::None) return parse_global();
    cursor_.fail_expected("a declaration",
                          "func, struct, enum, Type, trait, impl, extern, use, macro, Rules, mod or a "
                          "variable; statements stand inside functions");
}

std::vector<Attribute> Parser::parse_attributes() {
    std::vector<Attribute> attributes;
    while (cursor_.at(Hash) && cursor_.at(LeftBracket, 1)) {
        cursor_.take();
        const Token opener = cursor_.take();
        Attribute attribute;
        attribute.name = parse_word("the name of an attribute");
        if (cursor_.at(LeftParen)) {
            const Token parenthesis = cursor_.peek();
            cursor_.skip_group();
            if (cursor_.previous().kind != RightParen)
                cursor_.expect_closing(RightParen, parenthesis, "in an attribute");
            attribute.argument =
                cursor_.file_text({cursor_.file(), parenthesis.end, cursor_.previous().begin});
        }
        cursor_.expect_closing(RightBracket, opener, "after an attribute");
        attributes.push_back(std::move(attribute));
    }
    return attributes;
}

UseDecl* Parser::parse_use() {
    const Token word = cursor_.take();
    auto* use = make<UseDecl>(cursor_.span(word));
    parse_use_path(*use);
    if (cursor_.accept(As)) use->alias = parse_name("module");
    cursor_.expect_semicolon("'use'");
    return use;
}

/// `"file"` or `a.b`, then `.*` or `.{a, b}`.
void Parser::parse_use_path(UseDecl& use) {
    const Token first = cursor_.peek();
    use.dotted = !cursor_.at(String);
    if (!use.dotted)
        use.path = cursor_.literal_text(cursor_.take());
    else
        use.path = parse_word("a file in quotes or the name of a module after 'use'").text;
    use.path_span = cursor_.span_from(first);
    while (cursor_.accept(Dot)) {
        if (cursor_.accept(Star)) {
            use.all = true;
            return;
        }
        if (cursor_.at(LeftBrace)) {
            const Token opener = cursor_.take();
            do {
                use.names.push_back(parse_word("the name to import"));
            } while (cursor_.accept(Comma));
            cursor_.expect_closing(RightBrace, opener, "or ',' after an imported name");
            return;
        }
        if (!use.dotted) cursor_.fail_expected("'*' or '{' after the file's '.'", "as in use \"jit.npk\".*;");
        use.path += "/" + parse_word("the name of a module").text;
        use.path_span = cursor_.span_from(first);
    }
}

ModuleDecl* Parser::parse_module() {
    const Nesting nesting(*this);
    const Token word = cursor_.take();
    auto* module = make<ModuleDecl>(cursor_.span(word));
    module->name = parse_name("module");
    const Token opener = cursor_.expect(LeftBrace, "before the members of a module");
    parse_declarations(module->declarations, true);
    cursor_.expect_closing(RightBrace, opener, "to close a module");
    return module;
}

GlobalDecl* Parser::parse_global() {
    deepest_ = level_ = 0;
    VarDecl* variable = parse_variable();
    auto* global = make<GlobalDecl>(variable->span);
    global->name = variable->name;
    global->variable = variable;
    return global;
}

// ---- types -----------------------------------------------------------------------------------------------------

StructDecl* Parser::parse_struct() {
    const Token word = cursor_.take();
    auto* structure = make<StructDecl>(cursor_.span(word));
    structure->generics = parse_generic_parameters();
    cursor_.expect(Colon, "after 'struct'");
    structure->name = parse_name("struct");
    parse_struct_body(*structure);
    structure->span = cursor_.span_from(word);
    return structure;
}

void Parser::parse_struct_body(StructDecl& structure) {
    const std::string what = "struct '" + structure.name.text + "'";
    cursor_.expect(TokenKind::Assign, "after the name of a struct");
    const Token opener = cursor_.expect(LeftBrace, "before the fields of " + what);
    bool has_commas = false; // then the missing ';' of the last field is no second mistake
    while (!cursor_.at(RightBrace)) {
        if (cursor_.at_end() || at_missing_brace()) break;
        StructField field;
        field.type = parse_type();
        if (!cursor_.at(Colon))
            cursor_.fail_expected("':' after the type of a field", "a field is declared as TYPE:NAME;");
        cursor_.take();
        field.name = parse_name("field");
        structure.fields.push_back(field);
        if (cursor_.at(Comma) && has_commas) {
            cursor_.take();
        } else if (cursor_.at(Comma)) {
            has_commas = true;
            cursor_.error(cursor_.here(), "expected ';' after the field '" + field.name.text + "', found ','",
                          "the fields of a struct end in ';'");
            cursor_.take();
        } else if (cursor_.at(RightBrace)) {
            if (!has_commas)
                cursor_.error(cursor_.behind(), "expected ';' after the field '" + field.name.text + "'");
        } else {
            cursor_.expect_semicolon("the field '" + field.name.text + "'");
        }
    }
    cursor_.expect_closing(RightBrace, opener, "to close " + what);
    cursor_.expect_semicolon("the '}' of " + what);
}

EnumDecl* Parser::parse_enum() {
    const Token word = cursor_.take();
    auto* enumeration = make<EnumDecl>(cursor_.span(word));
    cursor_.expect(Colon, "after 'enum'");
    enumeration->name = parse_name("enum");
    const std::string what = "enum '" + enumeration->name.text + "'";
    cursor_.expect(TokenKind::Assign, "after the name of an enum");
    const Token opener = cursor_.expect(LeftBrace, "before the members of " + what);
    while (!cursor_.at(RightBrace)) {
        enumeration->members.push_back(parse_enum_member());
        if (cursor_.at(Semicolon)) {
            cursor_.error(cursor_.here(), "expected ',' after a member of an enum, found ';'");
            cursor_.take();
        } else if (!cursor_.accept(Comma)) {
            break;
        }
    }
    cursor_.expect_closing(RightBrace, opener, "or ',' after a member of " + what);
    cursor_.expect_semicolon("the '}' of " + what);
    return enumeration;
}

EnumMember Parser::parse_enum_member() {
    EnumMember member;
    member.name = parse_name("member");
    if (!cursor_.accept(TokenKind::Assign)) return member;
    const Span start = cursor_.here();
    const bool is_negative = cursor_.accept(Minus);
    if (!cursor_.at(Integer)) cursor_.fail_expected("an integer literal");
    const IntegerValue& value = cursor_.integer(cursor_.take());
    const std::uint64_t largest = (std::uint64_t{1} << 63) - (is_negative ? 0 : 1);
    if (value.too_large || value.value > largest)
        cursor_.error(cursor_.span_from(start),
                      "the value of '" + member.name.text + "' does not fit in int64");
    member.value = static_cast<std::int64_t>(is_negative ? ~value.value + 1 : value.value);
    return member;
}

RulesDecl* Parser::parse_rules() {
    const Token word = cursor_.take();
    auto* rules = make<RulesDecl>(cursor_.span(word));
    cursor_.expect(Less, "after 'Rules'");
    rules->subject = parse_type();
    cursor_.expect_greater();
    cursor_.expect(Colon, "after the type of the rules");
    rules->name = parse_name("rules");
    cursor_.expect(TokenKind::Assign, "after the name of the rules");
    const Token opener = cursor_.expect(LeftBrace, "before the conditions");
    while (!cursor_.at(RightBrace)) {
        if (cursor_.accept(Limit)) {
            cursor_.expect(Less, "after 'limit'");
            rules->included.push_back(parse_word("the name of a Rules"));
            cursor_.expect_greater();
        } else {
            rules->conditions.push_back(parse_expression());
        }
        if (!cursor_.accept(Comma)) break;
    }
    cursor_.expect_closing(RightBrace, opener, "or ',' after a condition");
    cursor_.expect_semicolon("the '}' of the rules '" + rules->name.text + "'");
    return rules;
}

MacroDecl* Parser::parse_macro() {
    const Token word = cursor_.take();
    auto* macro = make<MacroDecl>(cursor_.span(word));
    cursor_.expect(Colon, "after 'macro'");
    macro->name = parse_name("macro", cursor_.text(cursor_.peek()) == "cfg" ? "cfg" : "");
    cursor_.expect(TokenKind::Assign, "after the name of a macro");
    const Token opener = cursor_.expect(LeftParen, "before the parameters of a macro");
    while (!cursor_.at(RightParen)) {
        if (macro->variadic) cursor_.fail(cursor_.here(), "the '..?' parameter is the last one");
        macro->variadic = cursor_.accept(Variadic);
        macro->parameters.push_back(parse_name("parameter", "process"));
        if (!cursor_.accept(Comma)) break;
    }
    cursor_.expect_closing(RightParen, opener, "or ',' after a parameter");
    in_macro_ = true;
    macro->body = parse_block("before the body of a macro");
    in_macro_ = false;
    cursor_.expect_semicolon("the '}' of macro '" + macro->name.text + "'");
    return macro;
}

// ---- groups of functions ---------------------------------------------------------------------------------------

/// `{ member... }`: one broken member does not hide the next.
template <typename Member>
void Parser::parse_members(std::string_view what, Member member) {
    const Token opener = cursor_.expect(LeftBrace, "before the members of " + std::string(what));
    const std::size_t nesting = nesting_;
    const bool is_indented = !cursor_.at_column_one(); // members at the margin do not tell a missing brace
    while (!cursor_.accept(RightBrace)) {
        if (cursor_.at_end() || (is_indented && at_missing_brace()))
            cursor_.expect_closing(RightBrace, opener, "to close " + std::string(what));
        const std::size_t start = cursor_.index();
        try {
            member();
        } catch (const SyntaxError&) {
            level_ = 0;
            nesting_ = nesting;
            recover_declaration(start, true);
        }
    }
}

TypeNamespaceDecl* Parser::parse_type_namespace() {
    const Token word = cursor_.take();
    auto* type = make<TypeNamespaceDecl>(cursor_.span(word));
    cursor_.expect(Colon, "after 'Type'");
    type->name = parse_name("type");
    const std::string what = "Type '" + type->name.text + "'";
    cursor_.expect(TokenKind::Assign, "after the name of a Type");
    parse_members(what, [&] {
        if (cursor_.at(Struct))
            type->structs.push_back(parse_struct());
        else
            type->functions.push_back(parse_function(FunctionForm::Method));
    });
    cursor_.expect_semicolon("the '}' of " + what);
    return type;
}

TraitDecl* Parser::parse_trait() {
    const Token word = cursor_.take();
    auto* trait = make<TraitDecl>(cursor_.span(word));
    cursor_.expect(Colon, "after 'trait'");
    trait->name = parse_name("trait");
    cursor_.expect(TokenKind::Assign, "after the name of a trait");
    parse_members("trait '" + trait->name.text + "'",
                  [&] { trait->functions.push_back(parse_function(FunctionForm::Signature)); });
    cursor_.accept(Semicolon);
    return trait;
}

ImplDecl* Parser::parse_impl() {
    const Token word = cursor_.take();
    auto* impl = make<ImplDecl>(cursor_.span(word));
    cursor_.expect(Colon, "after 'impl'");
    impl->name = parse_word("the name of a trait");
    cursor_.expect(Colon, "after the trait: impl:Trait:for:Type");
    cursor_.expect(For, "after the trait: impl:Trait:for:Type");
    cursor_.expect(Colon, "after 'for': impl:Trait:for:Type");
    impl->target = parse_type();
    cursor_.expect(TokenKind::Assign, "after the type of an impl");
    parse_members("impl '" + impl->name.text + "'",
                  [&] { impl->functions.push_back(parse_function(FunctionForm::Method)); });
    cursor_.accept(Semicolon);
    return impl;
}

} // namespace npk::syntax
