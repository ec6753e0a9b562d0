#include "type.hpp"

#include <algorithm>

namespace npk::check {

namespace {

constexpr std::uint64_t pointer_size = 8;

std::uint64_t round_up(std::uint64_t value, std::uint64_t alignment) {
    return (value + alignment - 1) / alignment * alignment;
}

std::uint64_t bytes_of_bits(unsigned bits) {
    return bits <= 8 ? 1 : bits / 8;
}

/// "int32[2][3]" for two arrays of three: the new dimension comes first, as programs write it.
std::string array_name(const Type* element, const std::string& dimension) {
    const Type* core = element;
    while (core->is(TypeKind::Array) || core->is(TypeKind::Slice))
        core = core->element;
    return core->name + dimension + element->name.substr(core->name.size());
}

} // namespace

bool Type::is_scalar() const {
    switch (kind) {
    case TypeKind::String:
    case TypeKind::Slice:
    case TypeKind::Struct:
    case TypeKind::Array:
    case TypeKind::Optional:
    case TypeKind::Result:
    case TypeKind::Any:
    case TypeKind::Dyn:
    case TypeKind::Range: return false;
    default: return true;
    }
}

int Type::field_index(std::string_view field) const {
    const auto found =
        std::find_if(fields.begin(), fields.end(), [&](const Field& f) { return f.name == field; });
    return found == fields.end() ? -1 : static_cast<int>(found - fields.begin());
}

TypeTable::TypeTable() {
    error_ = make(TypeKind::Error, "<error>", 8, 8);
    nil_ = make(TypeKind::Nil, "NIL", 1, 1);
    bool_ = make(TypeKind::Bool, "bool", 1, 1);
    string_ = make(TypeKind::String, "string", 16, 8);
    null_ = make(TypeKind::Null, "NULL", pointer_size, pointer_size);
    erased_ = make(TypeKind::ErasedPointer, "?->", pointer_size, pointer_size);
    any_ = make(TypeKind::Any, "any", 16, 8);
    range_ = make(TypeKind::Range, "range", 16, 8);
    type_ = make(TypeKind::Type, "type", 8, 8);
    void_ = make(TypeKind::Void, "void", 1, 1);
    by_name_ = {{"NIL", nil_}, {"bool", bool_}, {"string", string_}, {"any", any_}, {"type", type_}};
    for (unsigned bits : {1U, 2U, 4U, 8U, 16U, 32U, 64U}) {
        for (bool is_signed : {true, false}) {
            Type* made = make(TypeKind::Int, (is_signed ? "int" : "uint") + std::to_string(bits),
                              bytes_of_bits(bits), bytes_of_bits(bits));
            made->bits = static_cast<std::uint16_t>(bits);
            made->is_signed = is_signed;
            by_name_.emplace(made->name, made);
        }
    }
    for (unsigned bits : {8U, 16U, 32U, 64U}) {
        Type* made = make(TypeKind::Tbb, "tbb" + std::to_string(bits), bits / 8, bits / 8);
        made->bits = static_cast<std::uint16_t>(bits);
        made->is_signed = true;
        by_name_.emplace(made->name, made);
    }
    for (unsigned bits : {32U, 64U}) {
        Type* made = make(TypeKind::Float, "flt" + std::to_string(bits), bits / 8, bits / 8);
        made->bits = static_cast<std::uint16_t>(bits);
        made->is_signed = true;
        by_name_.emplace(made->name, made);
    }
}

Type* TypeTable::make(TypeKind kind, std::string name, std::uint64_t size, std::uint64_t alignment) {
    auto type = std::make_unique<Type>();
    type->kind = kind;
    type->name = std::move(name);
    type->size = size;
    type->alignment = alignment;
    types_.push_back(std::move(type));
    return types_.back().get();
}

const Type* TypeTable::derived(TypeKind kind, const Type* element, std::uint64_t length, std::string name,
                               std::uint64_t size, std::uint64_t alignment) {
    const auto key = std::make_pair(element, std::to_string(static_cast<int>(kind)) + name);
    if (const auto found = derived_.find(key); found != derived_.end()) return found->second;
    Type* made = make(kind, std::move(name), size, alignment);
    made->element = element;
    made->length = length;
    derived_.emplace(key, made);
    return made;
}

const Type* TypeTable::integer(unsigned bits, bool is_signed) {
    return primitive((is_signed ? "int" : "uint") + std::to_string(bits));
}

const Type* TypeTable::tbb(unsigned bits) {
    return primitive("tbb" + std::to_string(bits));
}

const Type* TypeTable::floating(unsigned bits) {
    return primitive("flt" + std::to_string(bits));
}

const Type* TypeTable::pointer(const Type* element) {
    return derived(TypeKind::Pointer, element, 0, element->name + "->", pointer_size, pointer_size);
}

const Type* TypeTable::optional(const Type* element) {
    const std::uint64_t alignment = std::max<std::uint64_t>(element->alignment, 1);
    return derived(TypeKind::Optional, element, 0, element->name + "?",
                   round_up(element->size + 1, alignment), alignment);
}

const Type* TypeTable::array(const Type* element, std::uint64_t length) {
    return derived(TypeKind::Array, element, length, array_name(element, "[" + std::to_string(length) + "]"),
                   element->size * length, element->alignment);
}

const Type* TypeTable::slice(const Type* element) {
    return derived(TypeKind::Slice, element, 0, array_name(element, "[]"), 2 * pointer_size, pointer_size);
}

const Type* TypeTable::function(const Type* result, std::vector<const Type*> parameters) {
    std::string name = "(" + result->name + ")(";
    std::string identity;
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        name += (i == 0 ? "" : ", ") + parameters[i]->name;
        identity += std::to_string(reinterpret_cast<std::uintptr_t>(parameters[i])) + ",";
    }
    name += ")";
    const auto key = std::make_pair(result, "function " + identity);
    if (const auto found = derived_.find(key); found != derived_.end()) return found->second;
    Type* made = make(TypeKind::Function, std::move(name), pointer_size, pointer_size);
    made->element = result;
    made->parameters = std::move(parameters);
    derived_.emplace(key, made);
    return made;
}

const Type* TypeTable::result(const Type* element) {
    const std::string name = "Result<" + element->name + ">";
    const auto key = std::make_pair(element, std::to_string(static_cast<int>(TypeKind::Result)) + name);
    if (const auto found = derived_.find(key); found != derived_.end()) return found->second;
    Type* made = make(TypeKind::Result, name, 0, 1);
    made->element = element;
    made->fields = {{"value", element, 0}, {"error", int32(), 0}, {"is_error", boolean(), 0}};
    lay_out(*made);
    derived_.emplace(key, made);
    return made;
}

const Type* TypeTable::handle(const Type* element) {
    return derived(TypeKind::Handle, element, 0, "Handle<" + element->name + ">", 8, 8);
}

const Type* TypeTable::dyn(std::string trait) {
    const std::string name = "dyn " + trait;
    if (const auto found = by_name_.find(name); found != by_name_.end()) return found->second;
    const Type* made = make(TypeKind::Dyn, name, 16, 8);
    by_name_.emplace(name, made);
    return made;
}

Type* TypeTable::new_struct(std::string name) {
    Type* made = make(TypeKind::Struct, std::move(name), 0, 1);
    made->complete = false;
    return made;
}

Type* TypeTable::new_enum(std::string name) {
    Type* made = make(TypeKind::Enum, std::move(name), 8, 8);
    made->is_signed = true;
    made->bits = 64;
    return made;
}

Type* TypeTable::new_opaque(std::string name) {
    return make(TypeKind::Opaque, std::move(name), 0, 1);
}

void TypeTable::lay_out(Type& type) {
    std::uint64_t offset = 0;
    type.alignment = 1;
    for (Field& field : type.fields) {
        offset = round_up(offset, field.type->alignment);
        field.offset = offset;
        offset += field.type->size;
        type.alignment = std::max(type.alignment, field.type->alignment);
    }
    type.size = std::max<std::uint64_t>(round_up(offset, type.alignment), 1);
    type.complete = true;
}

const Type* TypeTable::primitive(std::string_view name) {
    const auto found = by_name_.find(name);
    return found == by_name_.end() ? nullptr : found->second;
}

} // namespace npk::check
