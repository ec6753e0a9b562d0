#pragma once
// Tokens: what the lexer makes of the text and the parser reads.
#include "source.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace npk::syntax {

enum class TokenKind : std::uint8_t {
    EndOfFile,
    Name,
    TypeName,
    Integer,
    Float,
    String,
    // `text &{expr} text`: Begin, Text, (InterpolationBegin, tokens, InterpolationEnd, Text)..., End
    TemplateBegin,
    TemplateText,
    InterpolationBegin,
    InterpolationEnd,
    TemplateEnd,
    // brackets and separators
    LeftParen,
    RightParen,
    LeftBrace,
    RightBrace,
    LeftBracket,
    RightBracket,
    Comma,
    Semicolon,
    Colon,
    Dot,
    // operators
    Assign,
    PlusAssign,
    MinusAssign,
    StarAssign,
    SlashAssign,
    PercentAssign,
    Plus,
    Minus,
    Star,
    Slash,
    Percent,
    Increment,
    Decrement,
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    Compare,
    AndAnd,
    OrOr,
    Not,
    NotNot,
    And,
    Or,
    Caret,
    Tilde,
    ShiftLeft,
    ShiftRight,
    Arrow,
    LeftArrow,
    FatArrow,
    Question,
    QuestionQuestion,
    QuestionNot,
    QuestionOr,
    QuestionDot,
    PipeForward,
    PipeBackward,
    DotDot,
    Ellipsis,
    Variadic,
    DotDotCaret,
    At,
    Hash,
    Dollar,
    SharedBorrow,
    ExclusiveBorrow,
    FailsafeCall,
    DropMark,
    RawMark,
    // words with a role in the grammar
    If,
    Else,
    While,
    For,
    Loop,
    Till,
    When,
    Then,
    End,
    Pick,
    Fall,
    Break,
    Continue,
    Return,
    Pass,
    Fail,
    Exit,
    Defer,
    In,
    As,
    Use,
    Mod,
    Pub,
    Extern,
    ConstWord,
    Fixed,
    Limit,
    Is,
    Move,
    Wild,
    Wildx,
    Async,
    Await,
    Catch,
    Comptime,
    Inline,
    Noinline,
    Macro,
    Struct,
    Enum,
    TypeWord,
    Opaque,
    Trait,
    Impl,
    RulesWord,
    Requires,
    Ensures,
    Invariant,
    Prove,
    AssertStatic,
    Raw,
    Drop,
    Ok,
    Defaults,
    Dyn,
    True,
    False,
    NullWord,
    NilWord,
    ErrWord,
    UnknownWord,
    // words with a role that are usable as names all the same
    Func,
    Stack,
    Gc,
};

struct Token {
    TokenKind kind = TokenKind::EndOfFile;
    bool starts_line = false; ///< no other token before it on its line
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
    std::uint32_t literal = 0; ///< index into the TokenList's table for the kind
};

struct IntegerValue {
    std::uint64_t value = 0;
    std::string_view suffix;
    bool is_character = false;
    bool too_large = false; ///< does not fit in 64 bits
    int base = 10;
};

struct FloatValue {
    double value = 0;
    std::string_view suffix;
};

/// The tokens of one file, ended by EndOfFile, and the values of its literals. Suffixes view the file's text.
struct TokenList {
    std::vector<Token> tokens;
    std::vector<IntegerValue> integers;
    std::vector<FloatValue> floats;
    std::vector<std::string> texts; ///< of String and TemplateText, escapes resolved
};

/// How the kind is written ("->", "while"), or what it is ("a name") when it has no fixed spelling. Without quotes.
[[nodiscard]] std::string_view spelling(TokenKind kind);

/// True when the kind has one fixed spelling.
[[nodiscard]] bool has_fixed_spelling(TokenKind kind);

/// True for every kind that is lexically a word.
[[nodiscard]] bool is_word(TokenKind kind);

} // namespace npk::syntax
