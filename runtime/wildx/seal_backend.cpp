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

/// Fresh writable memory with the code again, where the mapping of the file failed half-way.
void restore(Os& os, int file, void* address, std::size_t size) noexcept {
    const std::span bytes(static_cast<std::byte*>(address), size);
    // Where even that is refused, the mapping before was not touched.
    if (!os.renew(address, size)) static_cast<void>(os.read_file(file, bytes));
}

SystemError seal_in_file(Os& os, void* address, std::size_t size) noexcept {
    const MemoryFile file(os, size);
    if (file.error()) return file.error();
    if (const SystemError error = os.write_file(file.descriptor(), {static_cast<std::byte*>(address), size}))
        return error;
    if (const SystemError error = os.seal_file(file.descriptor())) return error;
    const SystemError error = os.map_file(file.descriptor(), address, size);
    if (error) restore(os, file.descriptor(), address, size);
    return error;
}

SystemError seal_for_ever(Os& os, void* address, std::size_t size) noexcept {
    // Asked for before anything is changed: afterwards there would be no way back.
    if (const SystemError error = os.make_permanent(address, 0)) return error;
    if (const SystemError error = seal_in_file(os, address, size)) return error;
    return os.make_permanent(address, size);
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

SystemError seal_memory(Os& os, SealBackend backend, void* address, std::size_t size) noexcept {
    switch (backend) {
    case SealBackend::Mprotect: return os.protect(address, size, Access::ReadExecute);
    case SealBackend::Kernel: return seal_in_file(os, address, size);
    case SealBackend::Permanent: return seal_for_ever(os, address, size);
    }
    return {};
}

SystemError probe(Os& os, SealBackend backend) noexcept {
    // A page sealed for ever could not be given back; whether the kernel knows how is asked with an empty range.
    if (backend == SealBackend::Permanent) {
        if (const SystemError error = os.make_permanent(nullptr, 0)) return error;
        backend = SealBackend::Kernel;
    }
    const Mapped mapped = os.map(os.page_size(), Access::ReadWrite);
    if (mapped.address == nullptr) return {mapped.error};
    const SystemError sealed = seal_memory(os, backend, mapped.address, os.page_size());
    const SystemError unmapped = os.unmap(mapped.address, os.page_size());
    return sealed ? sealed : unmapped;
}

} // namespace npk::wildx
