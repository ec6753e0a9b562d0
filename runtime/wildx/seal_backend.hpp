// How firmly a seal holds.
//
//     mprotect    the protection of the memory is changed: it can be changed back by whoever means to
//     kernel      the code moves into a write-sealed memory file, mapped over the page: the kernel refuses every way
//                 back (memfd_create(2), fcntl(2) F_ADD_SEALS)
//     permanent   the same, and the mapping itself is sealed (mseal(2)): never to be unmapped
#pragma once

#include "os.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace npk::wildx {

enum class SealBackend : std::uint8_t { Mprotect, Kernel, Permanent };
inline constexpr std::array seal_backends{SealBackend::Mprotect, SealBackend::Kernel, SealBackend::Permanent};

/// "mprotect", "kernel", "permanent". Static.
const char* name_of(SealBackend backend) noexcept;

/// The backend of a name; none when there is no such.
std::optional<SealBackend> seal_backend_named(std::string_view name) noexcept;

/// Whether a backend's pages can be freed.
constexpr bool can_be_freed(SealBackend backend) noexcept {
    return backend != SealBackend::Permanent;
}

struct [[nodiscard]] SealOutcome {
    SystemError error;
    SealBackend
        backend; ///< that holds the seal: the one asked for, or `kernel` where `permanent` failed half-way
};

/// Makes writable private memory, whole pages, readable and executable. When it fails, the memory is writable and as it
/// was before.
SealOutcome seal_memory(Os& os, SealBackend backend, void* address, std::size_t size) noexcept;

/// Tries a backend on memory of its own: 0, or the errno of the step that the kernel refused.
SystemError probe(Os& os, SealBackend backend) noexcept;

} // namespace npk::wildx
