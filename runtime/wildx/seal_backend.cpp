#include "seal_backend.hpp"

#include <span>

namespace npk::wildx {

namespace {

constexpr std::array names{"mprotect", "kernel", "permanent"};

/// A memory file that closes itself.
class MemoryFile {
public:
    MemoryFile(Os& os, std::size_t size) noexcept : os_(os), opened_(os.open_memory_file(size)) {}
    ~MemoryFile() {
        // A close that is interrupted has closed all the same (close(2)).
        if (opened_.descriptor >= 0) static_cast<void>(os_.close_file(opened_.descriptor));
    }
    MemoryFile(const MemoryFile&) = delete;
    MemoryFile& operator=(const MemoryFile&) = delete;

    SystemError error() const noexcept { return {opened_.error}; }
    int descriptor() const noexcept { return opened_.descriptor; }

private:
    Os& os_;
    OpenedFile opened_;
};

SealOutcome seal_in_file(Os& os, SealBackend backend, void* address, std::size_t size) noexcept {
    const bool permanent = backend == SealBackend::Permanent;
    // Whether the kernel knows how is asked before anything is changed.
    if (const SystemError error = permanent ? os.make_permanent(address, 0) : SystemError{})
        return {error, backend};
    const MemoryFile file(os, size);
    if (file.error()) return {file.error(), backend};
    if (const SystemError error = os.write_file(file.descriptor(), {static_cast<std::byte*>(address), size}))
        return {error, backend};
    if (const SystemError error = os.seal_file(file.descriptor())) return {error, backend};
    if (const SystemError error = os.map_file(file.descriptor(), address, size)) {
        // Should the kernel have removed the pages before it refused, here they are again.
        static_cast<void>(os.map_copy(file.descriptor(), address, size));
        return {error, backend};
    }
    const SystemError error = permanent ? os.make_permanent(address, size) : SystemError{};
    if (!error) return {{}, backend};
    // Back to how it was; where even that is refused, the page is sealed, if not for ever.
    if (os.map_copy(file.descriptor(), address, size)) return {{}, SealBackend::Kernel};
    return {error, backend};
}

} // namespace

const char* name_of(SealBackend backend) noexcept {
    return names[static_cast<std::size_t>(backend)];
}

std::optional<SealBackend> seal_backend_named(std::string_view name) noexcept {
    for (const SealBackend backend : seal_backends)
        if (name == name_of(backend)) return backend;
    return std::nullopt;
}

SealOutcome seal_memory(Os& os, SealBackend backend, void* address, std::size_t size) noexcept {
    if (backend == SealBackend::Mprotect) return {os.protect(address, size, Access::ReadExecute), backend};
    return seal_in_file(os, backend, address, size);
}

SystemError probe(Os& os, SealBackend backend) noexcept {
    // A page sealed for ever could not be given back; whether the kernel knows how is asked with an empty range.
    if (backend == SealBackend::Permanent) {
        if (const SystemError error = os.make_permanent(nullptr, 0)) return error;
        backend = SealBackend::Kernel;
    }
    const Mapped mapped = os.map(os.page_size(), Access::ReadWrite);
    if (mapped.address == nullptr) return {mapped.error};
    const SystemError sealed = seal_memory(os, backend, mapped.address, os.page_size()).error;
    const SystemError unmapped = os.unmap(mapped.address, os.page_size());
    return sealed ? sealed : unmapped;
}

} // namespace npk::wildx
