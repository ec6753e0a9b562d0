#pragma once
// The ways back from a sealed page to a writable one, each as an attempt that is really made.
#include <cstddef>
#include <span>
#include <string_view>

namespace npk::host {

/// A sealed page run of this process.
struct SealedPage {
    std::byte* address = nullptr;
    std::size_t size = 0; ///< bytes, whole pages
};

/// One way back. `attempt` returns 0 when it succeeded and the errno of the step that was refused otherwise. It may leave
/// the page, and with it the process, unusable: make it in a child process.
struct SealRoute {
    std::string_view name;
    std::string_view description;
    bool only_permanent; ///< refused by pages that can never be unmapped only
    int (*attempt)(SealedPage page);
};

/// All of them, in the order of a table. (mprotect(2), proc(5), ptrace(2), memfd_create(2), fcntl(2), mremap(2), mseal(2))
[[nodiscard]] std::span<const SealRoute> seal_routes();

} // namespace npk::host
