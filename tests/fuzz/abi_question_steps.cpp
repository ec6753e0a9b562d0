// What changes no page: questions, policies, names of families, faults that did not happen.
#include "abi_sequence.hpp"

namespace npk::fuzz {

namespace {

bool same_text(const char* told, std::string_view wanted) {
    return told != nullptr ? wanted == told : wanted.empty();
}

void compare(const npk_page_info& info, const Page& page, std::int64_t offset) {
    require(info.state == static_cast<std::uint32_t>(page.state), "info tells another state");
    require(info.address == page.address, "info tells another address");
    require(info.offset == offset, "info tells another offset");
    require(info.mapped == page.mapped, "info tells another size");
    const Function* function = page.containing(offset);
    const bool named = function != nullptr && page.is_live();
    require(same_text(info.function, named ? function->name : ""), "info tells another function");
    require(same_text(info.signature, function != nullptr ? function->signature : page.signature),
            "info tells another signature");
}

} // namespace

void Sequence::ask() {
    const Pointer asked = pointer();
    const Pointer target = target_of(asked);
    npk_page_info info{};
    info.struct_size =
        static_cast<std::uint32_t>(choices_.below(2) ? sizeof info : choices_.below(sizeof info));
    const bool whole = info.struct_size == sizeof info;
    const npk_status status = host_.pages->info(asked.address, &info);
    if (target.page == nullptr)
        require(status == NPK_NOT_FOUND, "info knows a foreign pointer");
    else if (whole)
        compare(info, *target.page, target.offset);
    npk_statistics statistics{};
    statistics.struct_size = static_cast<std::uint32_t>(choices_.word() % (sizeof statistics + 1));
    if (choices_.below(8) == 0) host_.pages->statistics(&statistics);
    if (choices_.below(8) == 0)
        host_.pages->each([](void*, const npk_page_info*) { return std::int32_t{0}; }, nullptr);
    expect(NPK_CODE_NONE, "ask");
}

void Sequence::choose_policies() {
    host_.pages->set_verification(choices_.byte() % 6, choices_.byte() % 4);
    host_.pages->set_free_policy(choices_.byte() % 4);
    calls_->set_route(choices_.byte() % 4);
    seal_->choose(choices_.below(2) ? "kernel" : "mprotect");
    seal_->choose(choices_.below(2) ? "" : "nothing");
    const npk_audit_sink sink = [](void*, const char* line, std::size_t length) {
        require(length > 2 && line[0] == '{' && line[length - 1] == '\n', "half a line in the audit log");
    };
    host_.pages->set_audit(choices_.below(2) ? sink : nullptr, nullptr);
    host_.pages->summarise();
}

void Sequence::resolve() {
    const std::string name = (choices_.below(2) ? "npk_jit_call_" : "") + choices_.text();
    npk_refusal why{};
    why.struct_size = static_cast<std::uint32_t>(choices_.word() % (sizeof why + 1));
    const npk_function* function = plugin_->resolve(name.c_str(), &why);
    require(function == nullptr || function->invoke != nullptr, "a family has no entry");
    require(function == plugin_->resolve(name.c_str(), nullptr), "a name has two functions");
}

void Sequence::diagnose() {
    const Pointer target = pointer();
    npk_fault fault{};
    fault.struct_size = sizeof fault;
    fault.signal = static_cast<std::uint32_t>(choices_.below(40));
    fault.access = static_cast<std::uint32_t>(choices_.below(5));
    fault.address = reinterpret_cast<std::uintptr_t>(target.address);
    fault.instruction = reinterpret_cast<std::uintptr_t>(pointer().address);
    npk_diagnostic diagnostic{};
    diagnostic.struct_size = static_cast<std::uint32_t>(choices_.word() % (sizeof diagnostic + 1));
    std::array<char, 2048> text;
    faults_->diagnose(&fault, &diagnostic, text.data(), choices_.word() % (text.size() + 1));
}

} // namespace npk::fuzz
