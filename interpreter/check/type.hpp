#pragma once
// The types of the language, interned: two types are the same exactly when their addresses are.
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace npk::check {

enum class TypeKind : std::uint8_t {
    Error, ///< poison: what a mistaken expression has; never reported again, never reaches a run
    Nil,   ///< NIL: unit
    Bool,
    Int,           ///< bits 1..64, is_signed
    Tbb,           ///< bits 8..64; the minimum is ERR
    Float,         ///< bits 32 or 64
    String,        ///< 16 bytes: pointer, length
    Null,          ///< of the literal NULL before it is converted
    Pointer,       ///< element->
    ErasedPointer, ///< ?-> and ?*
    Optional,      ///< element?: the value, then a bool
    Array,         ///< element[length]
    Slice,         ///< element[]: 16 bytes: pointer, length in elements
    Function,      ///< (result)(parameters): pointer to a closure object
    Struct,
    Enum,   ///< an int64
    Result, ///< element value; int32 error; bool is_error
    Handle, ///< Handle<element>: an int64
    Opaque, ///< opaque struct of an extern block; only behind pointers
    Any,
    Dyn,   ///< dyn Trait
    Range, ///< low..high before it is used
    Type,  ///< the value of a comptime type parameter
    Void,  ///< result of builtins and externs that give nothing
};

struct Type;
struct Function;

/// A field with its place in memory.
struct Field {
    std::string name;
    const Type* type = nullptr;
    std::uint64_t offset = 0; ///< bytes
};

struct EnumConstant {
    std::string name;
    std::int64_t value = 0;
    const Type* type = nullptr;
};

struct Type {
    TypeKind kind = TypeKind::Error;
    bool is_signed = false;
    std::uint16_t bits = 0;
    std::uint64_t length = 0;    ///< of arrays, in elements
    std::uint64_t size = 0;      ///< bytes; natural layout
    std::uint64_t alignment = 1; ///< bytes
    std::string name;            ///< as written in programs: "int32", "Point", "int8->"
    const Type* element =
        nullptr; ///< of pointers, optionals, arrays, slices, results, handles; result of functions
    std::vector<const Type*> parameters; ///< of functions
    std::vector<Field> fields;           ///< of structs, and of Result: value (0), error (1), is_error (2)
    std::vector<std::unique_ptr<EnumConstant>> constants; ///< of enums
    Function* drop = nullptr;                             ///< user Drop of a struct; null = none
    bool complete = true; ///< false while a struct's fields are not yet laid out

    [[nodiscard]] bool is(TypeKind k) const { return kind == k; }
    [[nodiscard]] bool is_integer() const { return kind == TypeKind::Int; }
    [[nodiscard]] bool is_numeric() const {
        return kind == TypeKind::Int || kind == TypeKind::Tbb || kind == TypeKind::Float;
    }
    [[nodiscard]] bool is_pointer() const {
        return kind == TypeKind::Pointer || kind == TypeKind::ErasedPointer || kind == TypeKind::Null;
    }
    /// Fits one 8-byte register of the evaluator (everything but strings, slices, structs, arrays, optionals, results, any, dyn).
    [[nodiscard]] bool is_scalar() const;
    /// Index of the field, or -1.
    [[nodiscard]] int field_index(std::string_view field) const;
};

/// Makes and owns types. One a program; not thread-safe.
class TypeTable {
public:
    TypeTable();
    TypeTable(const TypeTable&) = delete;
    TypeTable& operator=(const TypeTable&) = delete;

    [[nodiscard]] const Type* error() const { return error_; }
    [[nodiscard]] const Type* nil() const { return nil_; }
    [[nodiscard]] const Type* boolean() const { return bool_; }
    [[nodiscard]] const Type* string() const { return string_; }
    [[nodiscard]] const Type* null() const { return null_; }
    [[nodiscard]] const Type* erased_pointer() const { return erased_; }
    [[nodiscard]] const Type* any() const { return any_; }
    [[nodiscard]] const Type* range() const { return range_; }
    [[nodiscard]] const Type* type() const { return type_; }
    [[nodiscard]] const Type* void_type() const { return void_; }
    [[nodiscard]] const Type* integer(unsigned bits, bool is_signed);
    [[nodiscard]] const Type* int32() { return integer(32, true); }
    [[nodiscard]] const Type* int64() { return integer(64, true); }
    [[nodiscard]] const Type* tbb(unsigned bits);
    [[nodiscard]] const Type* floating(unsigned bits);
    [[nodiscard]] const Type* pointer(const Type* element);
    [[nodiscard]] const Type* optional(const Type* element);
    [[nodiscard]] const Type* array(const Type* element, std::uint64_t length);
    [[nodiscard]] const Type* slice(const Type* element);
    [[nodiscard]] const Type* function(const Type* result, std::vector<const Type*> parameters);
    [[nodiscard]] const Type* result(const Type* element);
    [[nodiscard]] const Type* handle(const Type* element);
    [[nodiscard]] const Type* dyn(std::string trait);
    /// A new nominal type; the caller fills it and calls lay_out. Mutable until then.
    [[nodiscard]] Type* new_struct(std::string name);
    [[nodiscard]] Type* new_enum(std::string name);
    [[nodiscard]] Type* new_opaque(std::string name);
    /// Gives the fields their offsets, the type its size and alignment. Every field's type must be complete.
    void lay_out(Type& type);
    /// "int32", "flt64", "tbb8", "bool", "string", "NIL", ...; null when it is no primitive of ours.
    [[nodiscard]] const Type* primitive(std::string_view name);

private:
    Type* make(TypeKind kind, std::string name, std::uint64_t size, std::uint64_t alignment);
    const Type* derived(TypeKind kind, const Type* element, std::uint64_t length, std::string name,
                        std::uint64_t size, std::uint64_t alignment);

    std::vector<std::unique_ptr<Type>> types_;
    std::map<std::string, const Type*, std::less<>>
        by_name_; ///< structural types and primitives by their full spelling
    std::map<std::pair<const Type*, std::string>, const Type*> derived_;
    const Type *error_, *nil_, *bool_, *string_, *null_, *erased_, *any_, *range_, *type_, *void_;
};

} // namespace npk::check
