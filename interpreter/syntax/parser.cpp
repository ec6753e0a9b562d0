#include "parser.hpp"

#include "grammar.hpp"
#include "lexer.hpp"

#include <algorithm>

namespace npk::syntax {

File parse_file(const SourceMap& sources, FileId file, Tree& tree, Diagnostics& diagnostics) {
    const std::size_t errors_before = diagnostics.error_count();
    TokenList tokens = tokenize(sources, file, diagnostics);
    if (diagnostics.error_count() != errors_before) return File{file, {}};
    return Parser(TokenCursor(sources, file, std::move(tokens), diagnostics), tree).parse();
}

File Parser::parse() {
    File file{cursor_.file(), {}};
    parse_declarations(file.declarations, false);
    return file;
}

// ---- bounds ----------------------------------------------------------------------------------------------------

Parser::Nesting::Nesting(Parser& parser) : parser_(parser) {
    if (parser.nesting_ == max_nesting) parser.fail_too_deep();
    ++parser.nesting_;
}

void Parser::fail_too_deep() {
    cursor_.give_up(cursor_.here(), "nesting is deeper than " + std::to_string(max_nesting) + " levels",
                    "name parts of it: variables for expressions, functions for blocks");
}

void Parser::enter_level() {
    ++level_;
    deepest_ = std::max(deepest_, level_);
    if (level_ > max_tree_depth)
        cursor_.give_up(cursor_.here(),
                        "more than " + std::to_string(max_tree_depth) + " branches depend on each other",
                        "use 'pick', or split the chain");
}

void Parser::set_height(Expr& expression, std::size_t height) {
    expression.depth = static_cast<std::uint16_t>(std::min<std::size_t>(height, max_tree_depth));
    deepest_ = std::max(deepest_, level_ + height);
    if (level_ + height > max_tree_depth)
        cursor_.give_up(expression.span,
                        "the expression has more than " + std::to_string(max_tree_depth) +
                            " operations in a row",
                        "split it, using a variable for each part");
}

} // namespace npk::syntax
