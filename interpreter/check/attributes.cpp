// #[cfg(...)]: declarations that belong to other platforms are left out before anything is checked.
#include "context.hpp"

namespace npk::check {

namespace {

/// predicate = name [ "=" string ] | ("not" | "all" | "any") "(" predicates ")"
class Predicate {
public:
    explicit Predicate(std::string_view text) : text_(text) {}

    std::optional<bool> evaluate() {
        const std::optional<bool> value = predicate();
        skip();
        return at_ == text_.size() ? value : std::nullopt;
    }

private:
    void skip() {
        while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_])))
            ++at_;
    }
    bool accept(char wanted) {
        skip();
        if (at_ >= text_.size() || text_[at_] != wanted) return false;
        ++at_;
        return true;
    }
    std::string_view word() {
        skip();
        const std::size_t begin = at_;
        while (at_ < text_.size() &&
               (std::isalnum(static_cast<unsigned char>(text_[at_])) || text_[at_] == '_'))
            ++at_;
        return text_.substr(begin, at_ - begin);
    }

    std::optional<bool> predicate() {
        constexpr int deepest = 64;
        if (++depth_ > deepest) return std::nullopt;
        const std::string_view name = word();
        std::optional<bool> value;
        if (name == "not" || name == "all" || name == "any")
            value = combination(name);
        else if (!name.empty() && accept('='))
            value = comparison(name);
        else if (!name.empty())
            value = name == "unix" || name == "debug_assertions";
        --depth_;
        return value;
    }

    std::optional<bool> combination(std::string_view name) {
        if (!accept('(')) return std::nullopt;
        bool all = true;
        bool any = false;
        while (!accept(')')) {
            const std::optional<bool> part = predicate();
            if (!part) return std::nullopt;
            all = all && *part;
            any = any || *part;
            accept(',');
        }
        return name == "not" ? !any : name == "all" ? all : any;
    }

    std::optional<bool> comparison(std::string_view name) {
        if (!accept('"')) return std::nullopt;
        const std::size_t end = text_.find('"', at_);
        if (end == std::string_view::npos) return std::nullopt;
        const std::string_view value = text_.substr(at_, end - at_);
        at_ = end + 1;
        if (name == "target_os" || name == "os") return value == "linux";
        if (name == "target_arch" || name == "arch") return value == "x86_64";
        if (name == "target_family") return value == "unix";
        if (name == "target_pointer_width") return value == "64";
        if (name == "target_endian") return value == "little";
        return false;
    }

    std::string_view text_;
    std::size_t at_ = 0;
    int depth_ = 0;
};

} // namespace

std::optional<bool> Checker::evaluate_cfg(std::string_view text) {
    return Predicate(text).evaluate();
}

bool Checker::enabled(const syntax::Decl& decl) {
    bool enabled = true;
    for (const syntax::Attribute& attribute : decl.attributes) {
        if (attribute.name.text != "cfg") continue;
        const std::optional<bool> value = evaluate_cfg(attribute.argument);
        if (!value && reported_attributes_.insert(&attribute).second)
            error(attribute.name.span, "'" + attribute.argument + "' is no cfg predicate").hint =
                "write target_os = \"linux\", not(...), all(...) or any(...)";
        enabled = enabled && value.value_or(true);
    }
    return enabled;
}

} // namespace npk::check
