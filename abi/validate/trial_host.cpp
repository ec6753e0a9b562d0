#include "trial_host.hpp"

#include <algorithm>
#include <cstring>
#include <dlfcn.h>
#include <fmt/format.h>
#include <new>
#include <sys/mman.h>
#include <unistd.h>

namespace npk::validate {
namespace {

npk_status take_function(void* data, const npk_function* function) {
    auto& record = *static_cast<Record*>(data);
    if (!record.opening)
        record.late_registrations.emplace_back(function && function->name ? function->name : "(no name)");
    if (record.refuse_names) return NPK_DUPLICATE;
    record.functions.push_back(function);
    return NPK_OK;
}

std::string fault_of(const npk_diagnostic* diagnostic) {
    if (!diagnostic) return "a null diagnostic was reported";
    if (diagnostic->struct_size < offsetof(npk_diagnostic, hint))
        return fmt::format("a diagnostic has struct_size {}", diagnostic->struct_size);
    if (!diagnostic->word || !*diagnostic->word) return "a diagnostic has no word";
    if (!diagnostic->message || !*diagnostic->message)
        return fmt::format("the diagnostic {} has no message", diagnostic->word);
    if (diagnostic->severity < NPK_SEVERITY_ERROR || diagnostic->severity > NPK_SEVERITY_NOTE)
        return fmt::format("the diagnostic {} has severity {}", diagnostic->word, diagnostic->severity);
    return {};
}

void take_report(void* data, const npk_diagnostic* diagnostic) {
    std::string fault = fault_of(diagnostic);
    if (!fault.empty()) static_cast<Record*>(data)->bad_diagnostics.push_back(std::move(fault));
}

std::uint64_t locate_nothing(void*) {
    return 0;
}
std::uint32_t describe_nothing(void*, std::uint64_t, npk_place*) {
    return 0;
}
const void* extend_nothing(void*, const char*) {
    return nullptr;
}

} // namespace

EdgeMemory::EdgeMemory(std::size_t size) {
    const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    const std::size_t room = (size + page - 1) / page * page;
    mapped_ = room + page;
    base_ = ::mmap(nullptr, mapped_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (base_ == MAP_FAILED) throw std::bad_alloc();
    auto* bytes = static_cast<std::byte*>(base_);
    if (::mprotect(bytes + room, page, PROT_NONE) != 0) {
        ::munmap(base_, mapped_);
        throw std::bad_alloc();
    }
    data_ = bytes + (room - size);
}

EdgeMemory::~EdgeMemory() {
    ::munmap(base_, mapped_);
}

TrialHost::TrialHost(const std::string& path) {
    library_ = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (!library_) {
        load_error_ = ::dlerror();
        return;
    }
    entry_ = reinterpret_cast<npk_plugin_open_function>(::dlsym(library_, NPK_PLUGIN_SYMBOL));
    if (!entry_) load_error_ = "it does not export " NPK_PLUGIN_SYMBOL;
}

TrialHost::~TrialHost() {
    if (library_) ::dlclose(library_);
}

npk_host TrialHost::complete_table() {
    npk_host table{};
    table.struct_size = sizeof table;
    table.abi_version = NPK_ABI_VERSION;
    table.data = &record;
    table.name = "npk-validate";
    table.version = "1";
    table.register_function = take_function;
    table.report = take_report;
    table.locate = locate_nothing;
    table.describe = describe_nothing;
    table.get_extension = extend_nothing;
    return table;
}

const npk_plugin* TrialHost::open(const npk_host& table, npk_refusal* why) {
    // Pointers are read at their natural alignment, so the edge is met up to the last whole pointer.
    table_size_ = (table.struct_size + alignof(npk_host) - 1) / alignof(npk_host) * alignof(npk_host);
    auto memory = std::make_unique<EdgeMemory>(table_size_);
    std::memset(memory->data(), 0xA5, table_size_);
    std::memcpy(memory->data(), &table, std::min<std::size_t>(table.struct_size, sizeof table));
    record.opening = true;
    const npk_plugin* plugin = entry_(static_cast<const npk_host*>(memory->data()), why);
    record.opening = false;
    table_ = std::move(memory);
    return plugin;
}

void TrialHost::spoil_table() {
    std::memset(table_->data(), 0x5A, table_size_);
}

} // namespace npk::validate
