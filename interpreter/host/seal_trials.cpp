#include "seal_trials.hpp"

#include <cstring>
#include <fmt/format.h>
#include <optional>
#include <sys/wait.h>
#include <unistd.h>

namespace npk::host {
namespace {

constexpr int setup_failed = 255; // larger than every errno

/// Calls wildx_alloc or wildx_seal through the plugin's table.
std::optional<npk_value> call(const check::Natives& natives, std::string_view name, npk_value argument,
                              npk_kind result_kind) {
    const auto* function = natives.builtin(name);
    if (!function || function->parameter_count != 1) return std::nullopt;
    argument.kind = function->parameters[0].kind;
    npk_value result{};
    result.kind = result_kind;
    if (function->invoke(function->context, &argument, 1, &result) != NPK_OK) return std::nullopt;
    return result;
}

std::optional<SealedPage> mint_sealed_page(const check::Natives& natives) {
    const auto size = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
    npk_value bytes{};
    bytes.i = static_cast<std::int64_t>(size);
    const auto page = call(natives, "wildx_alloc", bytes, NPK_KIND_PTR);
    if (!page || !page->ptr) return std::nullopt;
    std::memset(page->ptr, 0xC3, size); // x86-64 `ret`; never called here
    const auto sealed = call(natives, "wildx_seal", *page, NPK_KIND_I32);
    if (!sealed || sealed->i != 0) return std::nullopt;
    return SealedPage{static_cast<std::byte*>(page->ptr), size};
}

int attempt_in_this_process(const SealRoute& route, const npk_seal_extension& seal, const char* backend,
                            const check::Natives& natives) {
    if (seal.choose(backend) != NPK_OK) return setup_failed;
    const auto page = mint_sealed_page(natives);
    return page ? route.attempt(*page) : setup_failed;
}

SealTrial judge(const SealRoute& route, int status) {
    if (WIFSIGNALED(status))
        return {&route, SealTrial::Outcome::Refused, fmt::format("SIG{}", sigabbrev_np(WTERMSIG(status)))};
    const int code = WEXITSTATUS(status);
    if (code == 0) return {&route, SealTrial::Outcome::Succeeded, {}};
    if (code == setup_failed)
        return {&route, SealTrial::Outcome::NotMade, "no page could be minted and sealed"};
    const char* name = strerrorname_np(code);
    return {&route, SealTrial::Outcome::Refused, name ? name : fmt::format("errno {}", code)};
}

SealTrial try_route(const SealRoute& route, const npk_seal_extension& seal, const char* backend,
                    const check::Natives& natives) {
    const pid_t child = fork();
    if (child < 0) return {&route, SealTrial::Outcome::NotMade, std::strerror(errno)};
    if (child == 0) _exit(attempt_in_this_process(route, seal, backend, natives));
    int status = 0;
    waitpid(child, &status, 0);
    return judge(route, status);
}

} // namespace

std::vector<BackendTrials> try_seal_backends(const Plugin& plugin, const check::Natives& natives) {
    const auto* seal = plugin.extension<npk_seal_extension>(NPK_EXTENSION_SEAL);
    std::vector<BackendTrials> table;
    for (std::uint32_t i = 0; seal && i < seal->count(); ++i) {
        BackendTrials row;
        row.backend.struct_size = sizeof row.backend;
        if (seal->backend(i, &row.backend) != NPK_OK) continue;
        for (const auto& route : seal_routes())
            if (row.backend.available)
                row.trials.push_back(try_route(route, *seal, row.backend.name, natives));
        table.push_back(std::move(row));
    }
    return table;
}

} // namespace npk::host
