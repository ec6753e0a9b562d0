#include "words.hpp"

#include <array>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace npk::syntax {

namespace {

using enum TokenKind;

constexpr std::pair<TokenKind, std::string_view> fixed_spellings[] = {
    {LeftParen, "("},
    {RightParen, ")"},
    {LeftBrace, "{"},
    {RightBrace, "}"},
    {LeftBracket, "["},
    {RightBracket, "]"},
    {Comma, ","},
    {Semicolon, ";"},
    {Colon, ":"},
    {Dot, "."},
    {TokenKind::Assign, "="},
    {PlusAssign, "+="},
    {MinusAssign, "-="},
    {StarAssign, "*="},
    {SlashAssign, "/="},
    {PercentAssign, "%="},
    {Plus, "+"},
    {Minus, "-"},
    {Star, "*"},
    {Slash, "/"},
    {Percent, "%"},
    {Increment, "++"},
    {Decrement, "--"},
    {Equal, "=="},
    {NotEqual, "!="},
    {Less, "<"},
    {LessEqual, "<="},
    {Greater, ">"},
    {GreaterEqual, ">="},
    {Compare, "<=>"},
    {AndAnd, "&&"},
    {OrOr, "||"},
    {Not, "!"},
    {NotNot, "!!"},
    {And, "&"},
    {Or, "|"},
    {Caret, "^"},
    {Tilde, "~"},
    {ShiftLeft, "<<"},
    {ShiftRight, ">>"},
    {Arrow, "->"},
    {LeftArrow, "<-"},
    {FatArrow, "=>"},
    {Question, "?"},
    {QuestionQuestion, "??"},
    {QuestionNot, "?!"},
    {QuestionOr, "?|"},
    {QuestionDot, "?."},
    {PipeForward, "|>"},
    {PipeBackward, "<|"},
    {DotDot, ".."},
    {Ellipsis, "..."},
    {Variadic, "..?"},
    {DotDotCaret, "..^"},
    {At, "@"},
    {Hash, "#"},
    {Dollar, "$"},
    {SharedBorrow, "$$i"},
    {ExclusiveBorrow, "$$m"},
    {FailsafeCall, "!!!"},
    {DropMark, "_?"},
    {RawMark, "_!"},
    {TemplateBegin, "`"},
    {TemplateEnd, "`"},
    {InterpolationBegin, "&{"},
    {InterpolationEnd, "}"},
    {If, "if"},
    {Else, "else"},
    {While, "while"},
    {For, "for"},
    {Loop, "loop"},
    {Till, "till"},
    {When, "when"},
    {Then, "then"},
    {End, "end"},
    {Pick, "pick"},
    {Fall, "fall"},
    {Break, "break"},
    {Continue, "continue"},
    {Return, "return"},
    {Pass, "pass"},
    {Fail, "fail"},
    {Exit, "exit"},
    {Defer, "defer"},
    {In, "in"},
    {As, "as"},
    {Use, "use"},
    {Mod, "mod"},
    {Pub, "pub"},
    {Extern, "extern"},
    {ConstWord, "const"},
    {Fixed, "fixed"},
    {Limit, "limit"},
    {Is, "is"},
    {Move, "move"},
    {Wild, "wild"},
    {Wildx, "wildx"},
    {Async, "async"},
    {Await, "await"},
    {Catch, "catch"},
    {Comptime, "comptime"},
    {Inline, "inline"},
    {Noinline, "noinline"},
    {Macro, "macro"},
    {Struct, "struct"},
    {Enum, "enum"},
    {TypeWord, "Type"},
    {Opaque, "opaque"},
    {Trait, "trait"},
    {Impl, "impl"},
    {RulesWord, "Rules"},
    {Requires, "requires"},
    {Ensures, "ensures"},
    {Invariant, "invariant"},
    {Prove, "prove"},
    {AssertStatic, "assert_static"},
    {Raw, "raw"},
    {Drop, "drop"},
    {Ok, "ok"},
    {Defaults, "defaults"},
    {Dyn, "dyn"},
    {True, "true"},
    {False, "false"},
    {NullWord, "NULL"},
    {NilWord, "NIL"},
    {ErrWord, "ERR"},
    {UnknownWord, "unknown"},
    {Func, "func"},
    {Stack, "stack"},
    {Gc, "gc"},
};

constexpr std::size_t kind_count = static_cast<std::size_t>(Gc) + 1;

const std::array<std::string_view, kind_count>& spelling_by_kind() {
    static const auto table = [] {
        std::array<std::string_view, kind_count> result{};
        for (const auto& [kind, text] : fixed_spellings)
            result[static_cast<std::size_t>(kind)] = text;
        return result;
    }();
    return table;
}

constexpr std::string_view supported_types[] = {
    "int1",  "int2",  "int4",  "int8",   "int16",  "int32",  "int64", "uint1",
    "uint2", "uint4", "uint8", "uint16", "uint32", "uint64", "flt32", "flt64",
    "tbb8",  "tbb16", "tbb32", "tbb64",  "bool",   "string", "any",   "void",
};

constexpr std::string_view unsupported_types[] = {
    "int128",  "int256",   "int512",   "int1024",  "int2048", "int4096", "uint128", "uint256",
    "uint512", "uint1024", "uint2048", "uint4096", "flt128",  "flt256",  "flt512",  "fix256",
    "frac8",   "frac16",   "frac32",   "frac64",   "tfp32",   "tfp64",   "trit",    "tryte",
    "nit",     "nyte",     "vec2",     "vec3",     "vec9",
};

const std::unordered_map<std::string_view, TokenKind>& kinds_by_word() {
    static const auto table = [] {
        std::unordered_map<std::string_view, TokenKind> result;
        for (const auto& [kind, text] : fixed_spellings)
            if (is_word(kind)) result.emplace(text, kind);
        for (const std::string_view name : supported_types)
            result.emplace(name, TypeName);
        for (const std::string_view name : unsupported_types)
            result.emplace(name, TypeName);
        return result;
    }();
    return table;
}

/// Reserved for declarations, yet ordinary names in expressions: builtin functions, memory orders, future words.
const std::unordered_set<std::string_view>& reserved_names() {
    static const std::unordered_set<std::string_view> names = {
        "relaxed", "acquire", "release", "acq_rel", "seq_cst",  "cfg",    "derive", "astack",
        "apush",   "apop",    "apeek",   "acap",    "asize",    "afits",  "atype",  "ahash",
        "ahset",   "ahget",   "ahhas",   "ahcount", "ahdelete", "ahkeys", "ahsize", "ahtype",
        "ahfits",  "ahclear", "binary",  "stream",  "process",  "pipe",   "debug",
    };
    return names;
}

} // namespace

bool is_word(TokenKind kind) {
    return kind == Name || kind == TypeName || (kind >= If && kind <= Gc);
}

std::string_view spelling(TokenKind kind) {
    switch (kind) {
    case EndOfFile: return "end of file";
    case Name: return "a name";
    case TypeName: return "a type";
    case Integer: return "an integer";
    case Float: return "a float";
    case String: return "a string";
    case TemplateText: return "template text";
    default: return spelling_by_kind()[static_cast<std::size_t>(kind)];
    }
}

bool has_fixed_spelling(TokenKind kind) {
    return !spelling_by_kind()[static_cast<std::size_t>(kind)].empty();
}

TokenKind classify_word(std::string_view word) {
    const auto& kinds = kinds_by_word();
    const auto found = kinds.find(word);
    return found == kinds.end() ? Name : found->second;
}

bool is_unsupported_type(std::string_view word) {
    for (const std::string_view name : unsupported_types)
        if (name == word) return true;
    return false;
}

bool is_reserved(TokenKind kind, std::string_view word) {
    if (kind == Func || kind == Stack || kind == Gc) return false;
    if (kind == Name) return reserved_names().contains(word);
    return is_word(kind);
}

} // namespace npk::syntax
