// The host of the ABI target: keeps the functions and the codes of what is reported.
#pragma once

#include "npk_abi.h"

#include "fuzz_target.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

namespace npk::fuzz {

struct ReportingHost {
    std::vector<const npk_function*> functions;
    std::vector<std::uint32_t> codes; ///< of the reports since the last step, but for leaks
    std::uint64_t leaked = 0;         ///< pages, regions and handles that were told as leaks
    std::uint64_t step = 1;
    const npk_pages_extension* pages = nullptr;

    npk_host table() {
        npk_host table{};
        table.struct_size = sizeof table;
        table.abi_version = NPK_ABI_VERSION;
        table.data = this;
        table.register_function = [](void* data, const npk_function* function) {
            of(data).functions.push_back(function);
            return NPK_OK;
        };
        table.report = &ReportingHost::report;
        // Every step is a place of its own, so that nothing is summed up.
        table.locate = [](void* data) { return of(data).step; };
        table.describe = [](void*, std::uint64_t token, npk_place* place) -> std::uint32_t {
            place->at = {"fuzz.npk", "main", static_cast<std::uint32_t>(token), 1};
            return 1;
        };
        return table;
    }

    const npk_function& find(std::string_view name) const {
        for (const npk_function* function : functions)
            if (name == function->name) return *function;
        require(false, "a function is missing");
        std::abort();
    }

private:
    static ReportingHost& of(void* data) { return *static_cast<ReportingHost*>(data); }

    static void report(void* data, const npk_diagnostic* diagnostic) {
        ReportingHost& host = of(data);
        require(diagnostic->message && *diagnostic->message, "a report without a message");
        char text[256];
        if (host.pages) {
            host.pages->diagnostic_to_json(diagnostic, text, sizeof text);
            host.pages->diagnostic_to_text(diagnostic, text, sizeof text);
        }
        if (diagnostic->code == NPK_CODE_LEAK)
            host.leaked += std::max<std::uint64_t>(diagnostic->repeats, 1); // 0: a handle
        else
            host.codes.push_back(diagnostic->code);
    }
};

} // namespace npk::fuzz
