// From types as written to types as meant.
#include "context.hpp"

#include "../syntax/words.hpp"

namespace npk::check {

using syntax::TypeForm;

const Type* Checker::resolve(const syntax::TypeSyntax* written) {
    if (!written) return types_.error();
    switch (written->form) {
    case TypeForm::Named: return resolve_named(*written);
    case TypeForm::Parameter: {
        if (substitution_)
            if (const auto found = substitution_->find(written->name); found != substitution_->end())
                return found->second;
        error(written->span, "Undefined type parameter: '*" + written->name + "'");
        return types_.error();
    }
    case TypeForm::Pointer: {
        const Type* element = resolve(written->element);
        if (element->is(TypeKind::Error)) return element;
        if (element->is(TypeKind::Pointer)) {
            error(written->span,
                  "Pointers have one level only: " + quoted(element) + " is a pointer already");
            return types_.error();
        }
        return types_.pointer(element);
    }
    case TypeForm::ErasedPointer: return types_.erased_pointer();
    case TypeForm::ThinPointer:
    case TypeForm::ErasedThin: {
        const std::string target = written->element ? written->element->name : "?";
        syntax::Diagnostic& diagnostic = error(
            written->span, "C pointers such as '" + target + "*' are allowed only in extern declarations");
        diagnostic.hint = "write " + target + "->";
        return types_.error();
    }
    case TypeForm::Optional: {
        const Type* element = resolve(written->element);
        if (element->is(TypeKind::Error)) return element;
        complete_struct(element, written->span);
        return types_.optional(element);
    }
    case TypeForm::Array:
    case TypeForm::Slice: return resolve_array(*written);
    case TypeForm::Function: {
        const Type* result = resolve(written->element);
        std::vector<const Type*> parameters;
        for (const syntax::TypeSyntax* parameter : written->arguments)
            parameters.push_back(resolve(parameter));
        return types_.function(result, std::move(parameters));
    }
    case TypeForm::Dyn: unsupported(written->span, "'dyn " + written->name + "'"); return types_.error();
    }
    return types_.error();
}

/// The suffix written first is the outermost dimension: int32[2][3] is two arrays of three.
const Type* Checker::resolve_array(const syntax::TypeSyntax& written) {
    std::vector<const syntax::TypeSyntax*> dimensions; // the last written first
    const syntax::TypeSyntax* core = &written;
    for (; core->form == TypeForm::Array || core->form == TypeForm::Slice; core = core->element)
        dimensions.push_back(core);
    const Type* type = resolve(core);
    if (type->is(TypeKind::Error)) return type;
    for (const syntax::TypeSyntax* dimension : dimensions) {
        if (dimension->form == TypeForm::Slice) {
            type = types_.slice(type);
            continue;
        }
        complete_struct(type, written.span);
        constexpr std::uint64_t largest = 1ULL << 32;
        if (dimension->length > largest || (type->size != 0 && dimension->length > largest / type->size)) {
            error(written.span, "Arrays hold at most 4 GiB; this one would be larger");
            return types_.error();
        }
        type = types_.array(type, dimension->length);
    }
    return type;
}

const Type* Checker::resolve_named(const syntax::TypeSyntax& written) {
    const std::string& name = written.name;
    if (name == "Self" && self_) return self_;
    if (name == "Result" || name == "Handle") {
        if (written.arguments.size() != 1) {
            error(written.span, "'" + name + "' takes one type argument: " + name + "<T>");
            return types_.error();
        }
        const Type* argument = resolve(written.arguments.front());
        if (argument->is(TypeKind::Error)) return argument;
        complete_struct(argument, written.span);
        return name == "Result" ? types_.result(argument) : types_.handle(argument);
    }
    if (name == "any" || syntax::is_unsupported_type(name)) {
        unsupported(written.span, "The type '" + name + "'");
        return types_.error();
    }
    if (const Type* primitive = types_.primitive(name)) return primitive;
    if (name == "void") return types_.void_type();
    if (substitution_)
        if (const auto found = substitution_->find(name); found != substitution_->end()) return found->second;
    Symbol* symbol = find_symbol(name);
    if (symbol && symbol->generic_struct)
        return instantiate_struct(*symbol->home, *symbol->generic_struct, written);
    if (symbol && symbol->type) {
        if (!written.arguments.empty()) {
            error(written.span, "'" + name + "' takes no type arguments");
            return types_.error();
        }
        return symbol->type;
    }
    return undefined_type(written);
}

const Type* Checker::undefined_type(const syntax::TypeSyntax& written) {
    std::vector<std::string> names{"int8",   "int16",  "int32", "int64",  "uint8",  "uint16",
                                   "uint32", "uint64", "flt32", "flt64",  "tbb8",   "tbb16",
                                   "tbb32",  "tbb64",  "bool",  "string", "Result", "Handle"};
    for (const auto& [name, symbol] : module_->visible)
        if (symbol.type || symbol.generic_struct) names.push_back(name);
    suggest(error(written.span, "Undefined type: '" + written.name + "'"), written.name, names);
    return types_.error();
}

const Type* Checker::instantiate_struct(Module& home, syntax::StructDecl& decl,
                                        const syntax::TypeSyntax& written) {
    if (written.arguments.size() != decl.generics.size()) {
        error(written.span, "'" + decl.name.text + "' takes " + std::to_string(decl.generics.size()) +
                                " type arguments, got " + std::to_string(written.arguments.size()));
        return types_.error();
    }
    Substitution substitution;
    std::string name = decl.name.text + "<";
    for (std::size_t i = 0; i < decl.generics.size(); ++i) {
        const Type* argument = resolve(written.arguments[i]);
        if (argument->is(TypeKind::Error)) return argument;
        substitution[decl.generics[i].name.text] = argument;
        name += (i == 0 ? "" : ", ") + argument->name;
    }
    name += ">";
    if (const auto known = struct_instances_.find(name); known != struct_instances_.end())
        return known->second;
    constexpr std::size_t longest_instance = 500;
    if (name.size() > longest_instance) {
        error(written.span, "Struct '" + decl.name.text + "' is instantiated without end");
        return types_.error();
    }
    Type* type = types_.new_struct(name);
    struct_instances_[name] = type;
    struct_plans_[type] = {&decl, &home, type, std::move(substitution), false};
    return type;
}

/// Types in extern signatures: C spellings are allowed too.
const Type* Checker::resolve_extern(const syntax::TypeSyntax* written) {
    if (!written) return types_.void_type();
    if (written->form == TypeForm::ErasedThin) return types_.erased_pointer();
    if (written->form == TypeForm::ThinPointer) {
        if (written->element && written->element->form == TypeForm::Named && written->element->name == "void")
            return types_.erased_pointer();
        const Type* element = resolve(written->element);
        return element->is(TypeKind::Error) ? element : types_.pointer(element);
    }
    return resolve(written);
}

} // namespace npk::check
