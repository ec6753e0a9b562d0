// The host, as the runtime sees it: a copy of its table with the defaults filled in, or, where no host ever opened the
// plugin, the default host, which writes one line a diagnostic to file descriptor 2.
#pragma once

#include "npk_abi.h"

#include <cstdint>
#include <string_view>

namespace npk {

/// Threads: any, once made.
class HostLink {
public:
    /// The default host.
    HostLink() noexcept;

    /// Checks a host's table and copies what this version knows of it. On a refusal, `why` (may be null) is filled and
    /// false returned; the link is then as before.
    bool connect(const npk_host* host, npk_refusal* why) noexcept;

    /// Whether this is the same host that connected before.
    bool is_linked_to(const npk_host& host) const noexcept;
    bool connected() const noexcept { return connected_; }
    void disconnect() noexcept { *this = HostLink(); }

    npk_status register_function(const npk_function& function) const {
        return table_.register_function(table_.data, &function);
    }
    void report(const npk_diagnostic& diagnostic) const { table_.report(table_.data, &diagnostic); }

    /// The program's current place, 0: unknown. Async-signal-safe.
    std::uint64_t locate() const { return table_.locate(table_.data); }

    /// What a token of locate stands for; all empty when unknown. Async-signal-safe.
    npk_place describe(std::uint64_t token) const;

    /// What the host knows of an address; kind UNKNOWN when nothing.
    npk_memory_info classify(const void* address) const;
    bool owned_by_binding(const void* page) const;

    /// The user's choice for an option of npk.options/1: the host's word, else the environment's, else empty.
    std::string_view option(const char* name, const char* environment) const;

private:
    npk_host table_;
    npk_memory_extension memory_{};
    npk_options_extension options_{};
    bool connected_ = false;
};

/// Writes a line, and its end, to file descriptor 2. Preserves errno.
void write_line(std::string_view line) noexcept;

/// Fills a refusal, if the caller wants one: never more than its struct_size has room for.
void refuse(npk_refusal* why, npk_refusal_code code, std::string_view text) noexcept;

} // namespace npk
