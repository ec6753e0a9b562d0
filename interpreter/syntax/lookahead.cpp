#include "lookahead.hpp"

#include "limits.hpp"

namespace npk::syntax {

using enum TokenKind;

namespace {

class TypeScanner {
public:
    TypeScanner(const TokenCursor& cursor, std::size_t ahead) : cursor_(cursor), position_(ahead) {}

    std::optional<TypeScan> scan() {
        if (!type(&result_) || half_taken_) return std::nullopt;
        result_.end = position_;
        return result_;
    }

private:
    [[nodiscard]] bool at(TokenKind kind, std::size_t ahead = 0) const {
        return cursor_.at(kind, position_ + ahead);
    }

    bool accept(TokenKind kind) {
        if (half_taken_ || !at(kind)) return false;
        ++position_;
        return true;
    }

    /// `shape` collects the suffixes of the outermost type; null for inner ones.
    bool type(TypeScan* shape) {
        if (++depth_ > max_nesting) return false;
        const bool matched = core(shape);
        --depth_;
        if (!matched) return false;
        while (!half_taken_ && suffix(shape)) {
        }
        return true;
    }

    bool core(TypeScan* shape) {
        if (accept(TypeName) || accept(NilWord)) return true;
        if (at(Question) && (at(Arrow, 1) || at(Star, 1))) {
            if (shape && at(Arrow, 1)) ++shape->pointers;
            if (shape) shape->is_thin = at(Star, 1);
            position_ += 2;
            return true;
        }
        if (accept(Star)) return accept(Name);
        if (accept(Dyn)) return accept(Name);
        if (accept(LeftParen)) return function_rest();
        if (!cursor_.at_name(position_)) return false;
        ++position_;
        return !accept(Less) || (type_list() && close_arguments());
    }

    /// `R)(A, B)` of `(R)(A, B)`.
    bool function_rest() {
        if (!type(nullptr) || !accept(RightParen) || !accept(LeftParen)) return false;
        if (accept(RightParen)) return true;
        return type_list() && accept(RightParen);
    }

    bool type_list() {
        do {
            if (!type(nullptr)) return false;
        } while (accept(Comma));
        return true;
    }

    /// `>`, or one half of `>>`.
    bool close_arguments() {
        if (accept(Greater)) return true;
        if (!at(ShiftRight)) return false;
        if (half_taken_) ++position_;
        half_taken_ = !half_taken_;
        return true;
    }

    bool suffix(TypeScan* shape) {
        if (accept(Arrow)) {
            if (shape) ++shape->pointers;
            return true;
        }
        if (accept(Question)) return true;
        if (at(Star) && shape) {
            shape->is_thin = true;
            return accept(Star);
        }
        if (!at(LeftBracket)) return false;
        const bool has_length = at(Integer, 1) || at(Name, 1);
        if (!at(RightBracket, has_length ? 2 : 1)) return false;
        position_ += has_length ? 3 : 2;
        if (shape) ++shape->dimensions;
        return true;
    }

    const TokenCursor& cursor_;
    std::size_t position_;
    std::size_t depth_ = 0;
    bool half_taken_ = false;
    TypeScan result_;
};

bool starts_uppercase(const TokenCursor& cursor) {
    const char first = cursor.text(cursor.peek()).front();
    return first >= 'A' && first <= 'Z';
}

/// A type at `ahead`, then `:` and a word.
std::optional<TypeScan> declared_type(const TokenCursor& cursor, std::size_t ahead) {
    const auto scan = scan_type(cursor, ahead);
    if (!scan || !cursor.at(Colon, scan->end) || !is_word(cursor.peek(scan->end + 1).kind))
        return std::nullopt;
    return scan;
}

DeclarationAhead of_named_type(const TokenCursor& cursor) {
    switch (cursor.peek(1).kind) {
    case Colon: return is_word(cursor.peek(2).kind) ? DeclarationAhead::Variable : DeclarationAhead::None;
    case Less:
        if (cursor.text(cursor.peek()) == "simd") return DeclarationAhead::Variable;
        break;
    case Question:
    case LeftBracket:
    case Arrow:
    case Star: break;
    default: return DeclarationAhead::None;
    }
    const auto scan = declared_type(cursor, 0);
    if (!scan) return DeclarationAhead::None;
    const bool needs_qualifier = scan->pointers > 0 || scan->dimensions > 1;
    return needs_qualifier ? DeclarationAhead::NeedsQualifier : DeclarationAhead::Variable;
}

} // namespace

std::optional<TypeScan> scan_type(const TokenCursor& cursor, std::size_t ahead) {
    return TypeScanner(cursor, ahead).scan();
}

DeclarationAhead declaration_ahead(const TokenCursor& cursor) {
    switch (cursor.peek().kind) {
    case Wild:
    case Wildx:
    case ConstWord:
    case Fixed:
    case SharedBorrow:
    case ExclusiveBorrow:
    case Limit:
    case Dyn:
    case Star: return DeclarationAhead::Variable;
    case TypeName: return cursor.at(LeftParen, 1) ? DeclarationAhead::None : DeclarationAhead::Variable;
    case NilWord: return cursor.at(Colon, 1) ? DeclarationAhead::Variable : DeclarationAhead::None;
    case LeftParen: return declared_type(cursor, 0) ? DeclarationAhead::Variable : DeclarationAhead::None;
    case Question:
        if (cursor.at(Star, 1)) return DeclarationAhead::Variable;
        return cursor.at(Arrow, 1) ? DeclarationAhead::NeedsQualifier : DeclarationAhead::None;
    case Stack:
    case Gc:
        if (cursor.at(TypeName, 1) || cursor.at_name(1) || declared_type(cursor, 1))
            return DeclarationAhead::Variable;
        return of_named_type(cursor);
    case Func:
    case Name: return of_named_type(cursor);
    default: return DeclarationAhead::None;
    }
}

bool is_lambda_ahead(const TokenCursor& cursor, bool brace_ends_expression) {
    std::size_t parameters = 1;
    if (!cursor.at(LeftParen, 1)) {
        if (!starts_uppercase(cursor)) return false;
        const auto result = scan_type(cursor);
        if (!result || !cursor.at(LeftParen, result->end)) return false;
        parameters = result->end;
    }
    const std::size_t first = parameters + 1;
    if (cursor.at(RightParen, first)) return cursor.at(LeftBrace, first + 1) && !brace_ends_expression;
    switch (cursor.peek(first).kind) {
    case Wild:
    case Wildx:
    case Fixed:
    case ConstWord:
    case SharedBorrow:
    case ExclusiveBorrow: return true;
    case Stack:
    case Gc: return cursor.at(TypeName, first + 1) || cursor.at_name(first + 1);
    default: return declared_type(cursor, first).has_value();
    }
}

bool is_struct_literal_ahead(const TokenCursor& cursor) {
    if (!starts_uppercase(cursor)) return false;
    if (cursor.at(LeftBrace, 1)) return true;
    if (!cursor.at(Less, 1)) return false;
    const auto scan = scan_type(cursor);
    return scan && cursor.at(LeftBrace, scan->end);
}

bool is_for_in_ahead(const TokenCursor& cursor) {
    if (is_word(cursor.peek().kind) && cursor.at(In, 1)) return true;
    const auto type = declared_type(cursor, 0);
    return type && cursor.at(In, type->end + 2);
}

} // namespace npk::syntax
