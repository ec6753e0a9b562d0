// npk.seal/1: how firmly a seal holds.

#include "extensions.hpp"
#include "runtime.hpp"
#include "sized_record.hpp"
#include "wildx/seal_backend.hpp"

#include <cstring>

namespace npk::extensions {

namespace {

const char* documentation_of(wildx::SealBackend backend) noexcept {
    switch (backend) {
    case wildx::SealBackend::Mprotect:
        return "The memory's protection holds the seal; code of the same process can undo it.";
    case wildx::SealBackend::Kernel:
        return "A write-sealed memory file holds the seal; the kernel refuses every way back.";
    case wildx::SealBackend::Permanent: break;
    }
    return "As kernel, and the mapping itself is sealed: such a page is never freed.";
}

std::uint32_t count() {
    return static_cast<std::uint32_t>(wildx::seal_backends.size());
}

npk_status backend(std::uint32_t index, npk_seal_backend* receiver) {
    if (index >= count()) return NPK_NOT_FOUND;
    const wildx::SealBackend asked = wildx::seal_backends[index];
    wildx::Registry& registry = runtime().registry();
    const wildx::SystemError error = wildx::probe(registry.os(), asked);
    npk_seal_backend answer{};
    answer.struct_size = sizeof answer;
    answer.available = error ? 0 : 1;
    answer.name = wildx::name_of(asked);
    answer.documentation = documentation_of(asked);
    // strerrordesc_np gives static text, the same on every thread.
    answer.reason = error ? strerrordesc_np(error.code) : nullptr;
    answer.system_error = error.code;
    answer.chosen = registry.seal_backend() == asked ? 1 : 0;
    return give_record(answer, receiver) ? NPK_OK : NPK_BAD_ARGUMENTS;
}

npk_status choose(const char* name) {
    const auto chosen = name != nullptr ? wildx::seal_backend_named(name) : std::nullopt;
    if (!chosen) return NPK_NOT_FOUND;
    wildx::Registry& registry = runtime().registry();
    if (wildx::probe(registry.os(), *chosen)) return NPK_UNSUPPORTED;
    registry.set_seal_backend(*chosen);
    return NPK_OK;
}

} // namespace

constinit const npk_seal_extension seal{sizeof(npk_seal_extension), 0, &count, &backend, &choose};

} // namespace npk::extensions
