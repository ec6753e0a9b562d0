#include "places.hpp"

#include "type.hpp"

namespace npk::check {

using syntax::as;

Variable* root_variable(syntax::Expr* place) {
    while (place) {
        if (auto* name = as<syntax::NameExpr>(place)) return name->variable;
        if (auto* member = as<syntax::MemberExpr>(place)) {
            if (member->object->type && member->object->type->is_pointer()) return nullptr;
            if (member->variable) return member->variable;
            place = member->object;
        } else if (auto* index = as<syntax::IndexExpr>(place)) {
            if (index->object->type && index->object->type->is_pointer()) return nullptr;
            place = index->object;
        } else {
            return nullptr;
        }
    }
    return nullptr;
}

} // namespace npk::check
