// The door of the ownership phase: which bodies are judged, and by what.
#include "../checker.hpp"

#include "analysis.hpp"
#include "traits.hpp"

#include <set>

namespace npk::check {

namespace {

using syntax::as;

/// Functions and impl methods of the root file. Bodies of `Type:` methods, lambdas, `mod` blocks and imported modules are
/// not judged; instances of one generic are copies of one text, so the first stands for all.
std::vector<const Function*> judged_functions(const Program& program) {
    std::set<std::uint32_t> texts; // where their declarations begin
    for (const auto* declaration : program.files.front().declarations) {
        if (const auto* function = as<syntax::FunctionDecl>(declaration))
            texts.insert(function->name.span.begin);
        if (const auto* impl = as<syntax::ImplDecl>(declaration))
            for (const auto* method : impl->functions)
                texts.insert(method->name.span.begin);
    }
    const syntax::FileId root = program.files.front().id;
    std::vector<const Function*> functions;
    for (const Function& function : program.functions)
        if (function.declaration && function.file == root &&
            texts.erase(function.declaration->name.span.begin) != 0)
            functions.push_back(&function);
    return functions;
}

} // namespace

void check_ownership(const Program& program, const Natives& natives, syntax::Diagnostics& diagnostics) {
    if (program.files.empty()) return;
    ownership::Findings findings;
    const ownership::Summaries summaries(program);
    for (const Function* function : judged_functions(program)) {
        ownership::Analysis analysis{program, natives, summaries, findings, *function};
        ownership::analyse(analysis);
    }
    ownership::check_trait_impls(program, findings);
    findings.flush(diagnostics);
}

} // namespace npk::check
