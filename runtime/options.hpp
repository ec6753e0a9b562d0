// What the user chose (npk.options/1, and the environment): read whole before anything of it is applied.
#pragma once

#include "host_link.hpp"
#include "jit/machine_call.hpp"
#include "wildx/quota.hpp"
#include "wildx/registry.hpp"
#include "wildx/seal_backend.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace npk {

/// With the defaults of npk_abi.h. Those that cannot always be had are none where nobody chose.
struct Options {
    std::optional<wildx::SealBackend> seal; ///< none: whatever the kernel allows, mprotect first
    jit::Route calls = jit::Route::Thunk;
    bool untagged_allowed = true;
    std::uint64_t quota = wildx::default_quota;
    std::optional<bool> guards;     ///< on
    std::uint32_t verify_every = 0; ///< 0: on demand only
    wildx::FreePolicy free = wildx::FreePolicy::Refuse;
    std::optional<std::size_t> remembered; ///< as many as RegistryOptions says
};

/// Reads them from a host, or from the environment. None, with the reason: an option has a value that cannot be. Throws
/// std::bad_alloc, but only to refuse.
std::optional<Options> read_options(const HostLink& host, npk_refusal* why);

/// Refuses the opening because of an option's value: "option NAME=VALUE: WHAT".
void refuse_option(npk_refusal* why, const char* name, std::string_view value, std::string_view what);

} // namespace npk
