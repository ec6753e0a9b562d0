// main and failsafe: every program has both, in one exact shape.
#include "context.hpp"

namespace npk::check {

namespace {

constexpr std::string_view main_shape = "func:main = int32() { ... };";
constexpr std::string_view failsafe_shape = "func:failsafe = int32(tbb32:code) { ... };";

} // namespace

void Checker::check_main_and_failsafe(Module& root) {
    const auto own_function = [&](const char* name) -> Function* {
        const auto found = root.visible.find(name);
        return found == root.visible.end() ? nullptr : found->second.function;
    };
    program_.main = own_function("main");
    program_.failsafe = own_function("failsafe");
    if (program_.main) check_shape_of_main(*program_.main);
    if (program_.failsafe) check_shape_of_failsafe(*program_.failsafe);
    if (options_.library) return;
    std::vector<std::string> defined;
    for (const auto& [name, symbol] : root.own)
        if (symbol.function) defined.push_back(name);
    const auto report = [&](std::string_view name, std::string_view shape) {
        syntax::Span span{root.file.id, 0, 0};
        const auto near = closest(name, defined);
        if (near) {
            const Function& misspelt = *root.own.at(*near).function;
            span = misspelt.declaration->name.span;
            misspelt_entries_.insert(&misspelt);
        }
        syntax::Diagnostic& diagnostic =
            error(span, "Every Nitpick program must define a 'func:" + std::string(name) + "'");
        diagnostic.hint = near ? "'" + *near + "' looks like a misspelt '" + std::string(name) + "'"
                               : "write " + std::string(shape);
    };
    if (!program_.failsafe) report("failsafe", failsafe_shape);
    if (!program_.main) report("main", main_shape);
}

void Checker::check_shape_of_main(Function& function) {
    function.is_exit_allowed = true;
    const syntax::FunctionDecl& decl = *function.declaration;
    if (!function.parameters.empty())
        error(decl.parameters.front().span, "'main' takes no parameters").hint =
            "write " + std::string(main_shape);
    if (function.result != types_.int32() && !function.result->is(TypeKind::Error))
        error(decl.result->span,
              "The result of 'main' must be of type 'int32', got " + quoted(function.result))
            .hint = "write " + std::string(main_shape);
}

void Checker::check_shape_of_failsafe(Function& function) {
    function.is_exit_allowed = true;
    const syntax::FunctionDecl& decl = *function.declaration;
    const std::string hint = "write " + std::string(failsafe_shape);
    if (function.parameters.size() != 1) {
        error(decl.name.span, "'failsafe' must have exactly one parameter, of type 'tbb32'; it has " +
                                  std::to_string(function.parameters.size()))
            .hint = hint;
    } else if (const Type* type = function.parameters.front()->type;
               type != types_.tbb(32) && !type->is(TypeKind::Error)) {
        error(decl.parameters.front().span,
              "The parameter of 'failsafe' must be of type 'tbb32', got " + quoted(type))
            .hint = hint;
    }
    if (function.result != types_.int32() && !function.result->is(TypeKind::Error))
        error(decl.result->span,
              "The result of 'failsafe' must be of type 'int32', got " + quoted(function.result))
            .hint = hint;
}

} // namespace npk::check
