#include "handles.hpp"

#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace npk::check::ownership {

using syntax::as;
using syntax::Expr;
using syntax::Span;
using syntax::StructLiteral;

namespace {

/// "h" or "s.f", by which handles are known; empty for anything else.
std::string handle_key(const Expr* expression) {
    if (const auto* name = bare_name(expression)) return name->name;
    const auto* member = as<syntax::MemberExpr>(expression);
    if (!member || member->field < 0) return {};
    const std::string object = handle_key(member->object);
    return object.empty() ? object : object + "." + member->member.text;
}

std::optional<HandleOrigin> origin_of_call(const Analysis& analysis, const syntax::CallExpr& call) {
    const Callee callee = callee_of(call);
    const auto arena_argument = [&](std::size_t position) {
        return position < callee.arguments.size() ? bare_name(callee.arguments[position].value) : nullptr;
    };
    if (callee.name == "HandleArena_alloc") {
        const auto* arena = arena_argument(0);
        return arena ? std::optional(HandleOrigin{arena->name, false, call.span}) : std::nullopt;
    }
    if (!callee.function) return std::nullopt;
    const auto source = analysis.summaries.of(*callee.function).handle_source;
    const auto* arena = source ? arena_argument(*source) : nullptr;
    return arena ? std::optional(HandleOrigin{arena->name, true, call.span}) : std::nullopt;
}

std::optional<HandleOrigin> origin_of(const Analysis& analysis, const Expr* value) {
    if (const auto* call = call_below(value)) return origin_of_call(analysis, *call);
    const auto known = analysis.context.handles.find(handle_key(value));
    return known == analysis.context.handles.end() ? std::nullopt : std::optional(known->second);
}

bool is_arena_creation(const Expr* value) {
    const auto* call = call_below(value);
    return call && callee_of(*call).name == "HandleArena_create";
}

/// All handles under "name" and "name.…".
std::vector<std::pair<std::string, HandleOrigin>> handles_within(const Context& context,
                                                                 const std::string& name) {
    std::vector<std::pair<std::string, HandleOrigin>> found;
    for (auto handle = context.handles.lower_bound(name); handle != context.handles.end(); ++handle) {
        const std::string_view key = handle->first;
        if (!key.starts_with(name)) break;
        if (key.size() == name.size() || key[name.size()] == '.')
            found.emplace_back(key.substr(name.size()), handle->second);
    }
    return found;
}

void forget(Context& context, const std::string& name) {
    for (const auto& [suffix, origin] : handles_within(context, name))
        context.handles.erase(name + suffix);
}

void note_literal(Analysis& analysis, const std::string& name, const StructLiteral& literal) {
    if (const auto* base = bare_name(literal.base))
        for (auto& [suffix, origin] : handles_within(analysis.context, base->name))
            analysis.context.handles[name + suffix] = origin;
    for (const auto& field : literal.fields) {
        const std::string key = name + "." + field.name.text;
        forget(analysis.context, key);
        if (const auto origin = origin_of(analysis, field.value))
            analysis.context.handles[key] = *origin;
        else if (const auto* nested = as<StructLiteral>(field.value))
            note_literal(analysis, key, *nested);
    }
}

void destroy(Analysis& analysis, const Argument& argument, ArenaLife life) {
    const auto* name = bare_name(argument.value);
    if (!name) return;
    Arena& arena = analysis.context.arenas[name->name];
    if (arena.life >= life) return;
    arena.life = life;
    arena.destroyed = name->span;
}

void destroy_by_summary(Analysis& analysis, const Callee& callee) {
    if (!callee.function && !callee.native) return;
    const Summary& summary =
        callee.function ? analysis.summaries.of(*callee.function) : analysis.summaries.of(*callee.native);
    for (std::size_t i = 0; i < callee.arguments.size() && i < summary.parameters.size(); ++i) {
        if (summary.parameters[i] == ArenaEffect::Destroys)
            destroy(analysis, callee.arguments[i], ArenaLife::Destroyed);
        if (summary.parameters[i] == ArenaEffect::DestroysInCallees)
            destroy(analysis, callee.arguments[i], ArenaLife::DestroyedInCallees);
    }
}

void check_use(Analysis& analysis, const Expr* handle) {
    const std::string key = handle_key(handle);
    const auto origin = analysis.context.handles.find(key);
    if (origin == analysis.context.handles.end()) return;
    const auto arena = analysis.context.arenas.find(origin->second.arena);
    if (arena == analysis.context.arenas.end() || arena->second.life == ArenaLife::Alive) return;
    const std::string text = "Handle " + quoted(key) + " outlives its arena " + quoted(origin->second.arena);
    const bool is_certain = arena->second.life == ArenaLife::Destroyed && !origin->second.through_callee;
    Finding& finding =
        is_certain ? analysis.findings.error("ARIA-032", handle->span, text + ", which was destroyed before")
        : arena->second.life == ArenaLife::DestroyedInCallees
            ? analysis.findings.warning("ARIA-032", handle->span,
                                        text + ", which a callee destroyed transitively")
            : analysis.findings.warning("ARIA-032", handle->span,
                                        text + ", as far as the function that returned it tells");
    finding.label(arena->second.destroyed, "the arena is destroyed here")
        .label(origin->second.span, "the handle comes from here")
        .hint("use the handle before its arena is destroyed");
}

void warn_of_extern(Analysis& analysis, const Callee& callee) {
    for (const Argument& argument : callee.arguments) {
        const auto* name = bare_name(argument.value);
        if (!name) continue;
        if (!name->variable->type->is(TypeKind::Handle) && !analysis.context.handles.contains(name->name))
            continue;
        analysis.findings
            .warning("ARIA-032", name->span,
                     "Handle " + quoted(name->name) + " is passed to extern function " +
                         quoted(callee.written) + ", which may keep it beyond the life of its arena")
            .hint("write @cast<int64>(" + name->name + ") to say that this is meant");
    }
}

void check_escape(Analysis& analysis, const Expr& value, const std::string& handle,
                  const HandleOrigin& origin) {
    const auto arena = analysis.context.arenas.find(origin.arena);
    if (arena == analysis.context.arenas.end() || !arena->second.created_here) return;
    const std::string text = (handle.empty() ? "Handle" : "Handle " + quoted(handle)) +
                             " outlives its arena " + quoted(origin.arena) +
                             ", which is local to this function and does not reach its caller";
    Finding& finding = origin.through_callee ? analysis.findings.warning("ARIA-032", value.span, text)
                                             : analysis.findings.error("ARIA-032", value.span, text);
    if (const Declared* declared = analysis.scopes.find(origin.arena))
        finding.label(declared->span, "the arena");
    finding.hint("let the caller create the arena and pass it as a parameter");
}

void check_returned_literal(Analysis& analysis, const StructLiteral& literal) {
    for (const auto& field : literal.fields) {
        const auto origin = origin_of(analysis, field.value);
        if (origin)
            check_escape(analysis, *field.value, handle_key(field.value), *origin);
        else if (const auto* nested = as<StructLiteral>(field.value))
            check_returned_literal(analysis, *nested);
    }
}

} // namespace

void note_handle(Analysis& analysis, const std::string& name, const Expr* value) {
    Context& context = analysis.context;
    const auto origin = origin_of(analysis, value);
    const auto* source = bare_name(value);
    const auto copied =
        source ? handles_within(context, source->name) : std::vector<std::pair<std::string, HandleOrigin>>{};
    forget(context, name);
    if (is_arena_creation(value)) context.arenas[name] = {true, ArenaLife::Alive, {}};
    if (origin) context.handles[name] = *origin;
    for (const auto& [suffix, each] : copied)
        context.handles[name + suffix] = each;
    if (const auto* literal = as<StructLiteral>(value)) note_literal(analysis, name, *literal);
}

void check_handle_call(Analysis& analysis, const Callee& callee) {
    const bool has_arguments = !callee.arguments.empty();
    if (callee.name == "HandleArena_destroy") {
        if (has_arguments) destroy(analysis, callee.arguments.front(), ArenaLife::Destroyed);
        return;
    }
    if (callee.name == "HandleArena_deref" || callee.name == "HandleArena_free") {
        if (has_arguments) check_use(analysis, callee.arguments.front().value);
        return;
    }
    destroy_by_summary(analysis, callee);
    if (callee.native) warn_of_extern(analysis, callee);
}

void check_returned_handle(Analysis& analysis, const Expr* value) {
    if (!value) return;
    if (const auto* literal = as<StructLiteral>(value)) return check_returned_literal(analysis, *literal);
    if (const auto* name = bare_name(value)) {
        for (const auto& [suffix, origin] : handles_within(analysis.context, name->name))
            check_escape(analysis, *value, name->name + suffix, origin);
        return;
    }
    if (const auto origin = origin_of(analysis, value))
        check_escape(analysis, *value, handle_key(value), *origin);
}

} // namespace npk::check::ownership
