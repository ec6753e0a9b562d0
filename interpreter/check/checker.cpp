// The course of a check: load, declare, check bodies, then the flow rules, then ownership.
#include "checker.hpp"
#include "context.hpp"
#include "flow.hpp"

namespace npk::check {

const Type* Checker::fail(syntax::Expr* expr, std::string message) {
    error(expr->span, std::move(message));
    return types_.error();
}

namespace {
/// Nobody reads more suggestions, and each looks at every name.
constexpr std::size_t most_suggestions = 100;
} // namespace

void Checker::suggest(syntax::Diagnostic& diagnostic, std::string_view name,
                      std::span<const std::string> candidates) {
    if (diagnostics_.error_count() > most_suggestions) return;
    if (const auto near = closest(name, candidates)) diagnostic.hint = "did you mean '" + *near + "'?";
}

void Checker::unsupported(syntax::Span span, const std::string& what) {
    error(span, what + " is not supported");
}

Symbol* Checker::find_symbol(std::string_view name) {
    // Until the modules are linked only a module's own names are there.
    const auto visible = module_->visible.find(name);
    if (visible != module_->visible.end()) return &visible->second;
    const auto own = module_->own.find(name);
    return own == module_->own.end() ? nullptr : &own->second;
}

std::vector<std::string> Checker::visible_names() const {
    std::vector<std::string> names;
    if (diagnostics_.error_count() >= most_suggestions) return names;
    for (const Body* body = body_; body; body = body->outer)
        for (const auto& scope : body->scopes)
            for (const auto& [name, variable] : scope)
                names.push_back(name);
    for (const auto& [name, symbol] : module_->visible)
        names.push_back(name);
    for (const Builtin& builtin : program_.builtins.all())
        names.emplace_back(builtin.name);
    for (const npk_function* native : natives_.all())
        if (native->flags & NPK_FUNCTION_BUILTIN) names.emplace_back(native->name);
    return names;
}

void Checker::check(std::vector<std::unique_ptr<Module>>& modules) {
    for (const auto& module : modules) {
        modules_by_file_[module->file.id] = module.get();
        declare_names(*module);
        if (module->stem == "drop" && module->is_library) program_.automatic_release = true;
    }
    link_modules(modules, diagnostics_);
    for (const auto& module : modules)
        declare_members(*module, module->file.declarations);
    Module& root = *modules.back();
    module_ = &root;
    check_main_and_failsafe(root);
    for (auto& [rules, decl] : rules_declarations_) {
        module_ = &module_of(decl->span.file);
        std::vector<const syntax::RulesDecl*> open;
        flatten_rules(*decl, open);
    }
    for (Rules& rules : program_.rules)
        check_rules(rules);
    for (syntax::VarDecl* global : program_.globals) {
        module_ = &module_of(global->span.file);
        check_global(*global);
    }
    check_pending_bodies();
    if (!diagnostics_.has_errors()) evaluate_comptime();
}

std::unique_ptr<Program> check_program(const std::filesystem::path& root, const Options& options,
                                       const Natives& natives, syntax::SourceMap& sources,
                                       syntax::Diagnostics& diagnostics) {
    auto program = std::make_unique<Program>();
    std::vector<std::unique_ptr<Module>> modules =
        load_modules(root, options.search, program->tree, sources, diagnostics);
    if (modules.empty() || diagnostics.has_errors()) return nullptr;
    Checker checker(*program, options, natives, sources, diagnostics);
    checker.check(modules);
    for (auto module = modules.rbegin(); module != modules.rend(); ++module)
        program->files.push_back(std::move((*module)->file));
    check_initialization(*program, diagnostics);
    check_result_tests(*program, diagnostics);
    if (diagnostics.has_errors()) return nullptr;
    report_lints(*program, checker.used_variables(), checker.used_functions(), sources, options.library,
                 diagnostics);
    if (options.ownership) check_ownership(*program, natives, diagnostics);
    if (!diagnostics.has_errors()) checker.report_missing_natives();
    if (diagnostics.has_errors()) return nullptr;
    return program;
}

} // namespace npk::check
