#pragma once
// What all functions of a program share while it is lowered: numbers of functions, natives, texts, constants, globals.
#include "bytecode.hpp"
#include "emitter.hpp"

#include "../syntax/diagnostic.hpp"

#include <deque>
#include <memory>
#include <string>
#include <unordered_map>

namespace npk::run {

class CodeBuilder {
public:
    CodeBuilder(const check::Program& program, const check::Natives& natives,
                syntax::Diagnostics& diagnostics);

    /// The function's number; a function asked for the first time is queued for lowering.
    [[nodiscard]] std::uint32_t function(const check::Function* function);
    /// The same for a function that takes everything by value and calls this one: what function values refer to when the
    /// function borrows parameters, since its type does not tell.
    [[nodiscard]] std::uint32_t adapter(const check::Function* function);
    [[nodiscard]] std::uint32_t native(const check::NativeFunction* native);
    /// The plugin function that releases what drop.npk's FreePage bindings own; null when no plugin has one.
    [[nodiscard]] const check::NativeFunction* page_release();
    [[nodiscard]] std::uint32_t text(const std::string& text);
    [[nodiscard]] std::uint32_t constant(std::uint64_t value);
    /// The address of a global's storage.
    [[nodiscard]] std::uint64_t global_address(const check::Variable* variable) const;
    [[nodiscard]] const check::Program& program() const { return program_; }
    void unsupported(syntax::Span span, const std::string& what);

    /// A function that waits to be lowered.
    struct Task {
        const check::Function* function = nullptr; ///< null: none is left
        std::uint32_t number = 0;
        bool is_adapter = false;
    };
    [[nodiscard]] Task next();
    /// Takes the finished code of a function.
    void add(std::uint32_t number, const Emitter& emitter, std::uint32_t parameter_slots,
             std::uint64_t result_bytes, std::string name, bool is_library);
    /// A number for a function that has no check::Function (the globals' initialiser).
    [[nodiscard]] std::uint32_t reserve_function();
    [[nodiscard]] std::unique_ptr<Code> finish(std::uint32_t globals);

private:
    const check::Program& program_;
    const check::Natives& plugin_functions_;
    syntax::Diagnostics& diagnostics_;
    std::unique_ptr<Code> code_ = std::make_unique<Code>();
    [[nodiscard]] std::uint32_t number_of(std::unordered_map<const check::Function*, std::uint32_t>& numbers,
                                          const check::Function* function, bool is_adapter);

    std::deque<Task> queue_;
    std::unordered_map<const check::Function*, std::uint32_t> functions_;
    std::unordered_map<const check::Function*, std::uint32_t> adapters_;
    std::unordered_map<const check::NativeFunction*, std::uint32_t> natives_;
    std::unordered_map<std::string, std::uint32_t> texts_;
    std::unordered_map<std::uint64_t, std::uint32_t> constants_;
    std::unordered_map<const check::Variable*, std::uint64_t> global_offsets_;
};

} // namespace npk::run
