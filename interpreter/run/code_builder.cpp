#include "code_builder.hpp"

#include <algorithm>
#include <string_view>

namespace npk::run {

CodeBuilder::CodeBuilder(const check::Program& program, const check::Natives& natives,
                         syntax::Diagnostics& diagnostics)
    : program_(program), plugin_functions_(natives), diagnostics_(diagnostics) {
    std::uint64_t offset = 0;
    for (const syntax::VarDecl* global : program.globals) {
        global_offsets_.emplace(global->variable, offset);
        offset += (global->variable->type->size + 15) / 16 * 16;
    }
    code_->globals.resize(offset / 8 + 1);
}

std::uint32_t CodeBuilder::number_of(std::unordered_map<const check::Function*, std::uint32_t>& numbers,
                                     const check::Function* function, bool is_adapter) {
    const auto [found, is_new] = numbers.emplace(function, 0);
    if (is_new) {
        found->second = reserve_function();
        queue_.push_back({function, found->second, is_adapter});
    }
    return found->second;
}

std::uint32_t CodeBuilder::function(const check::Function* function) {
    return number_of(functions_, function, false);
}

std::uint32_t CodeBuilder::adapter(const check::Function* function) {
    return number_of(adapters_, function, true);
}

std::uint32_t CodeBuilder::reserve_function() {
    code_->functions.emplace_back();
    return static_cast<std::uint32_t>(code_->functions.size() - 1);
}

std::uint32_t CodeBuilder::native(const check::NativeFunction* native) {
    const auto [found, is_new] = natives_.emplace(native, static_cast<std::uint32_t>(code_->natives.size()));
    if (is_new) code_->natives.push_back(native);
    return found->second;
}

const check::NativeFunction* CodeBuilder::page_release() {
    check::NativeFunction& made = code_->page_release; // outlives the lowering: the code calls it
    if (made.entry) return &made;
    for (const npk_function* function : plugin_functions_.all()) {
        const bool releases = function->parameter_count == 1 &&
                              function->parameters[0].role == NPK_ROLE_RELEASES && function->resource &&
                              std::string_view(function->resource) == "wildx";
        if (!releases) continue;
        made.name = function->name;
        made.parameters = {program_.types.erased_pointer()};
        made.result = program_.main->result;
        made.entry = function;
        return &made;
    }
    return nullptr;
}

std::uint32_t CodeBuilder::text(const std::string& text) {
    const auto [found, is_new] = texts_.emplace(text, static_cast<std::uint32_t>(code_->texts.size()));
    if (is_new) code_->texts.push_back(text);
    return found->second;
}

std::uint32_t CodeBuilder::constant(std::uint64_t value) {
    const auto [found, is_new] =
        constants_.emplace(value, static_cast<std::uint32_t>(code_->constants.size()));
    if (is_new) code_->constants.push_back(value);
    return found->second;
}

std::uint64_t CodeBuilder::global_address(const check::Variable* variable) const {
    const auto found = global_offsets_.find(variable);
    const std::uint64_t offset = found == global_offsets_.end() ? 0 : found->second;
    return reinterpret_cast<std::uint64_t>(code_->globals.data()) + offset;
}

void CodeBuilder::unsupported(syntax::Span span, const std::string& what) {
    diagnostics_.error(span, what + " is not supported");
}

CodeBuilder::Task CodeBuilder::next() {
    if (queue_.empty()) return {};
    const Task task = queue_.front();
    queue_.pop_front();
    return task;
}

void CodeBuilder::add(std::uint32_t number, const Emitter& emitter, std::uint32_t parameter_slots,
                      std::uint64_t result_bytes, std::string name, bool is_library) {
    FunctionCode& function = code_->functions[number];
    function.begin = static_cast<std::uint32_t>(code_->instructions.size());
    code_->instructions.insert(code_->instructions.end(), emitter.instructions().begin(),
                               emitter.instructions().end());
    function.end = static_cast<std::uint32_t>(code_->instructions.size());
    for (const syntax::Span& span : emitter.spans())
        code_->positions.push_back({span, number});
    function.frame_slots = emitter.frame_slots() + 2;
    function.parameter_slots = parameter_slots;
    function.result_bytes = static_cast<std::uint32_t>(result_bytes);
    function.name = std::move(name);
    function.is_library = is_library;
}

std::unique_ptr<Code> CodeBuilder::finish(std::uint32_t globals) {
    code_->globals_function = globals;
    code_->main = function(program_.main);
    code_->failsafe = function(program_.failsafe);
    for (FunctionCode& function : code_->functions)
        function.code = code_->instructions.data() + function.begin;
    return std::move(code_);
}

} // namespace npk::run
