#include "host_table.hpp"

#include <algorithm>
#include <cstring>
#include <string_view>

namespace npk::host {
namespace {

/// Hands a record to an asker whose own idea of the record's size may differ: no more is written than there is room for.
template <typename Record>
void copy_out(const Record& from, Record* to) {
    const std::uint32_t room = to->struct_size;
    if (room < sizeof(std::uint32_t)) return;
    std::memcpy(to, &from, std::min<std::size_t>(room, sizeof(Record)));
    to->struct_size = std::min<std::uint32_t>(room, sizeof(Record));
}

} // namespace

HostTable::HostTable(HostServices& services, FunctionTable& functions, std::string owner)
    : services_(services), functions_(functions), owner_(std::move(owner)) {
    table_.struct_size = sizeof table_;
    table_.abi_version = NPK_ABI_VERSION;
    table_.data = this;
    table_.name = "npk";
    table_.version = NPK_VERSION;
    table_.register_function = register_function;
    table_.report = report;
    table_.locate = locate;
    table_.describe = describe;
    table_.get_extension = get_extension;
    memory_.struct_size = sizeof memory_;
    memory_.classify = classify;
    memory_.owned_by_binding = owned_by_binding;
    options_.struct_size = sizeof options_;
    options_.option = option;
}

npk_status HostTable::register_function(void* data, const npk_function* function) {
    auto& self = from(data);
    return self.functions_.add(function, self.owner_);
}

void HostTable::report(void* data, const npk_diagnostic* diagnostic) {
    auto& self = from(data);
    if (!diagnostic) return;
    npk_diagnostic known{};
    std::memcpy(&known, diagnostic, std::min<std::size_t>(diagnostic->struct_size, sizeof known));
    self.services_.receiver.report(known);
}

std::uint64_t HostTable::locate(void* data) {
    auto* program = from(data).services_.program.load(std::memory_order_acquire);
    return program ? program->locate() : 0;
}

std::uint32_t HostTable::describe(void* data, std::uint64_t token, npk_place* place) {
    auto* program = from(data).services_.program.load(std::memory_order_acquire);
    npk_place known{};
    if (!program || !place || !program->describe(token, known)) return 0;
    copy_out(known, place);
    return 1;
}

const void* HostTable::get_extension(void* data, const char* id) {
    const std::string_view name = id ? id : "";
    if (name == NPK_EXTENSION_MEMORY) return &from(data).memory_;
    if (name == NPK_EXTENSION_OPTIONS) return &from(data).options_;
    return nullptr;
}

std::uint32_t HostTable::classify(void* data, const void* address, npk_memory_info* info) {
    auto* program = from(data).services_.program.load(std::memory_order_acquire);
    npk_memory_info known{};
    if (!program || !info || !program->classify(address, known)) return 0;
    copy_out(known, info);
    return 1;
}

std::uint32_t HostTable::owned_by_binding(void* data, const void* page) {
    auto* program = from(data).services_.program.load(std::memory_order_acquire);
    return program && program->owned_by_binding(page) ? 1 : 0;
}

const char* HostTable::option(void* data, const char* name) {
    if (!name) return nullptr;
    auto& services = from(data).services_;
    services.asked_options.emplace(name);
    const auto chosen = services.options.find(std::string_view(name));
    return chosen == services.options.end() ? nullptr : chosen->second.c_str();
}

} // namespace npk::host
