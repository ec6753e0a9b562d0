#pragma once
// This host's side of npk_abi.h: the C tables that one plugin gets, and nothing but the way from them into C++.
#include "function_table.hpp"
#include "host_services.hpp"

#include "npk_abi.h"

namespace npk::host {

/// Must outlive the plugin it was given to; neither moved nor copied, since the plugin keeps its address.
class HostTable {
public:
    /// `owner` is the plugin's file name, for messages about what it registers.
    HostTable(HostServices& services, FunctionTable& functions, std::string owner);
    HostTable(const HostTable&) = delete;
    HostTable& operator=(const HostTable&) = delete;

    [[nodiscard]] const npk_host& table() const { return table_; }

private:
    static HostTable& from(void* data) { return *static_cast<HostTable*>(data); }
    static npk_status register_function(void* data, const npk_function* function);
    static void report(void* data, const npk_diagnostic* diagnostic);
    static std::uint64_t locate(void* data);
    static std::uint32_t describe(void* data, std::uint64_t token, npk_place* place);
    static const void* get_extension(void* data, const char* id);
    static std::uint32_t classify(void* data, const void* address, npk_memory_info* info);
    static std::uint32_t owned_by_binding(void* data, const void* page);
    static const char* option(void* data, const char* name);

    HostServices& services_;
    FunctionTable& functions_;
    std::string owner_;
    npk_host table_{};
    npk_memory_extension memory_{};
    npk_options_extension options_{};
};

} // namespace npk::host
