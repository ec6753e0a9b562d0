// Functions without a Nitpick body: extern declarations and the builtins of plugins.
#include "context.hpp"

namespace npk::check {

namespace {

/// What a type is in a C signature; nullopt for what C does not know.
std::optional<npk_kind> kind_of(const Type& type) {
    switch (type.kind) {
    case TypeKind::Void:
    case TypeKind::Nil: return NPK_KIND_VOID;
    case TypeKind::Bool: return NPK_KIND_BOOL;
    case TypeKind::Int:
        switch (type.bits) {
        case 8: return type.is_signed ? NPK_KIND_I8 : NPK_KIND_U8;
        case 16: return type.is_signed ? NPK_KIND_I16 : NPK_KIND_U16;
        case 32: return type.is_signed ? NPK_KIND_I32 : NPK_KIND_U32;
        case 64: return type.is_signed ? NPK_KIND_I64 : NPK_KIND_U64;
        default: return std::nullopt;
        }
    case TypeKind::Tbb:
        return type.bits == 8    ? NPK_KIND_I8
               : type.bits == 16 ? NPK_KIND_I16
               : type.bits == 32 ? NPK_KIND_I32
                                 : NPK_KIND_I64;
    case TypeKind::Float: return type.bits == 32 ? NPK_KIND_F32 : NPK_KIND_F64;
    case TypeKind::Enum:
    case TypeKind::Handle: return NPK_KIND_I64;
    case TypeKind::Pointer:
    case TypeKind::ErasedPointer: return NPK_KIND_PTR;
    case TypeKind::Struct: return NPK_KIND_STRUCT;
    case TypeKind::String: return NPK_KIND_STRING;
    case TypeKind::Function: return NPK_KIND_FUNCTION;
    case TypeKind::Optional:
        if (type.element->is(TypeKind::String)) return NPK_KIND_STRING;
        return std::nullopt;
    default: return std::nullopt;
    }
}

std::string_view name_of(std::uint32_t kind) {
    switch (kind) {
    case NPK_KIND_VOID: return "NIL";
    case NPK_KIND_I8: return "int8";
    case NPK_KIND_I16: return "int16";
    case NPK_KIND_I32: return "int32";
    case NPK_KIND_I64: return "int64";
    case NPK_KIND_U8: return "uint8";
    case NPK_KIND_U16: return "uint16";
    case NPK_KIND_U32: return "uint32";
    case NPK_KIND_U64: return "uint64";
    case NPK_KIND_F32: return "flt32";
    case NPK_KIND_F64: return "flt64";
    case NPK_KIND_BOOL: return "bool";
    case NPK_KIND_PTR: return "a pointer";
    case NPK_KIND_STRUCT: return "a struct";
    case NPK_KIND_STRING: return "string";
    case NPK_KIND_FUNCTION: return "a function";
    default: return "an unknown type";
    }
}

/// Whether a declared type may stand for the plugin's. A `ptr` also takes strings: they travel as C strings.
bool agrees(const Type& declared, std::uint32_t wanted, std::uint32_t size, bool any_pointer) {
    const std::optional<npk_kind> kind = kind_of(declared);
    if (!kind) return false;
    if (wanted == NPK_KIND_PTR)
        return *kind == NPK_KIND_PTR || *kind == NPK_KIND_STRING ||
               (any_pointer && *kind == NPK_KIND_FUNCTION);
    if (wanted == NPK_KIND_STRUCT) return *kind == NPK_KIND_STRUCT && (size == 0 || declared.size == size);
    if (wanted == NPK_KIND_STRING) return *kind == NPK_KIND_STRING || *kind == NPK_KIND_PTR;
    return static_cast<std::uint32_t>(*kind) == wanted;
}

} // namespace

void Checker::declare_extern(Module& module, syntax::ExternDecl& decl) {
    (void)module;
    NativeFunction& native = *decl.native;
    syntax::FunctionDecl& function = *decl.function;
    native.result = resolve_extern(function.result);
    if (native.result->is(TypeKind::Nil)) native.result = types_.void_type();
    for (const syntax::Parameter& parameter : function.parameters) {
        const Type* type = resolve_extern(parameter.type);
        complete_struct(type, parameter.span);
        if (!type->is(TypeKind::Error) && !kind_of(*type)) {
            error(parameter.span,
                  "A value of type " + quoted(type) + " cannot be passed to an extern function");
            type = types_.error();
        }
        native.parameters.push_back(type);
    }
    complete_struct(native.result, function.span);
    if (!native.result->is(TypeKind::Error) && !kind_of(*native.result))
        error(function.result->span,
              "An extern function cannot return a value of type " + quoted(native.result));
    if (natives_.builtin(native.name) || program_.builtins.find(native.name))
        return; // the builtin's own rules apply at each call
    std::string refusal;
    native.entry = natives_.find(native.name, refusal);
    if (native.entry) {
        compare_signature(native, decl);
        return;
    }
    if (const Builtin* builtin = program_.builtins.find_extern(native.name)) {
        extern_builtins_[&native] = builtin;
        return;
    }
    if (!refusal.empty()) {
        error(decl.function->name.span, "extern '" + native.name + "': " + refusal);
        refused_natives_.insert(&native);
        return;
    }
    native.symbol = natives_.process_symbol(native.name);
}

void Checker::compare_signature(const NativeFunction& native, const syntax::ExternDecl& decl) {
    const npk_function& entry = *native.entry;
    const std::string whose = "the plugin's " + native.name;
    if (entry.parameter_count != native.parameters.size()) {
        error(decl.function->name.span, "extern '" + native.name +
                                            "' does not agree with the plugin: it is declared with " +
                                            std::to_string(native.parameters.size()) + " parameters, " +
                                            whose + " takes " + std::to_string(entry.parameter_count))
            .hint = std::string("the plugin's signature is ") + entry.signature;
        return;
    }
    const bool any_pointer = (entry.flags & NPK_FUNCTION_ANY_POINTER) != 0;
    for (std::size_t i = 0; i < native.parameters.size(); ++i) {
        const Type& declared = *native.parameters[i];
        const npk_parameter& wanted = entry.parameters[i];
        if (declared.is(TypeKind::Error) || agrees(declared, wanted.kind, wanted.size, any_pointer)) continue;
        error(decl.function->parameters[i].span, "extern '" + native.name +
                                                     "' does not agree with the plugin: parameter " +
                                                     std::to_string(i + 1) + " is " + declared.name + ", " +
                                                     whose + " takes " + std::string(name_of(wanted.kind)))
            .hint = std::string("the plugin's signature is ") + entry.signature;
    }
    const Type& result = *native.result;
    if (!result.is(TypeKind::Error) && !agrees(result, entry.result_kind, entry.result_size, any_pointer))
        error(decl.function->result ? decl.function->result->span : decl.function->name.span,
              "extern '" + native.name + "' does not agree with the plugin: the result is " + result.name +
                  ", " + whose + " returns " + std::string(name_of(entry.result_kind)))
            .hint = std::string("the plugin's signature is ") + entry.signature;
}

/// An extern is harmless until it is called; then it must be known. That is said last, as a linker would.
bool Checker::require_native(NativeFunction& native, syntax::Span use) {
    if (native.entry || native.symbol || extern_builtins_.contains(&native)) return true;
    if (body_) {
        missing_natives_.push_back({body_->function, &native, use});
        return true;
    }
    if (refused_natives_.insert(&native).second) report_undefined(native, use);
    return false;
}

void Checker::report_undefined(const NativeFunction& native, syntax::Span use) {
    std::vector<std::string> names;
    for (const npk_function* known : natives_.all())
        names.emplace_back(known->name);
    suggest(error(use, "Undefined extern function '" + native.name +
                           "': no loaded plugin and no C library has this symbol"),
            native.name, names);
}

/// A library may know more functions than the loaded plugins have; that matters where the program reaches them.
void Checker::report_missing_natives() {
    if (missing_natives_.empty()) return;
    std::unordered_set<const Function*> reached;
    std::vector<const Function*> open;
    for (const Function& function : program_.functions)
        if (!function.is_library) open.push_back(&function);
    while (!open.empty()) {
        const Function* function = open.back();
        open.pop_back();
        if (!reached.insert(function).second) continue;
        const auto callees = callees_.find(function);
        if (callees != callees_.end())
            open.insert(open.end(), callees->second.begin(), callees->second.end());
    }
    for (const MissingNative& missing : missing_natives_)
        if (reached.contains(missing.caller) && refused_natives_.insert(missing.native).second)
            report_undefined(*missing.native, missing.use);
}

/// A function of a plugin's table that programs call without a declaration.
NativeFunction* Checker::plugin_builtin(std::string_view name) {
    if (const auto known = plugin_builtins_.find(name); known != plugin_builtins_.end()) return known->second;
    const npk_function* entry = natives_.builtin(name);
    if (!entry) return nullptr;
    const auto type_of = [this](std::uint32_t kind, bool result) -> const Type* {
        switch (kind) {
        case NPK_KIND_VOID: return types_.void_type();
        case NPK_KIND_PTR: return result ? types_.pointer(types_.integer(8, true)) : types_.erased_pointer();
        case NPK_KIND_STRING: return types_.string();
        default:
            if (const Type* scalar = types_.primitive(name_of(kind))) return scalar;
            return types_.error();
        }
    };
    NativeFunction& native = program_.natives.emplace_back();
    native.name = name;
    native.entry = entry;
    native.any_pointer_parameters = true;
    native.result = type_of(entry->result_kind, true);
    for (std::uint32_t i = 0; i < entry->parameter_count; ++i)
        native.parameters.push_back(type_of(entry->parameters[i].kind, false));
    plugin_builtins_.emplace(native.name, &native);
    return &native;
}

} // namespace npk::check
