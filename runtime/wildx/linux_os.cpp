#include "linux_os.hpp"

#include "keep_errno.hpp"

#include <array>
#include <charconv>
#include <fcntl.h>
#include <limits>
#include <linux/membarrier.h>
#include <string_view>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace npk::wildx {

namespace {

/// As /proc/self/maps shows it.
constexpr const char* memory_file_name = "npk_wildx";

/// Newer than some headers: the kernel's include/uapi/linux/memfd.h, and its table of system calls, the same number on
/// every architecture.
constexpr unsigned memfd_noexec_seal = 8;
constexpr long mseal_number = 462;

int protection(Access access) noexcept {
    switch (access) {
    case Access::None: return PROT_NONE;
    case Access::ReadWrite: return PROT_READ | PROT_WRITE;
    case Access::ReadExecute: return PROT_READ | PROT_EXEC;
    }
    return PROT_NONE;
}

SystemError checked(long result) noexcept {
    return {result == 0 ? 0 : errno};
}

/// An open file that closes itself. Nothing but /proc is read here, so short reads mean the end.
class ProcFile {
public:
    explicit ProcFile(const char* path) noexcept : descriptor_(open(path, O_RDONLY | O_CLOEXEC)) {}
    ~ProcFile() {
        if (descriptor_ >= 0) close(descriptor_);
    }
    ProcFile(const ProcFile&) = delete;
    ProcFile& operator=(const ProcFile&) = delete;

    /// The next bytes; empty at the end, on an error, and when the file could not be opened.
    std::string_view read_some(std::span<char> buffer) noexcept {
        if (descriptor_ < 0) return {};
        const ssize_t count = read(descriptor_, buffer.data(), buffer.size());
        return {buffer.data(), count > 0 ? static_cast<std::size_t>(count) : 0};
    }

private:
    int descriptor_;
};

std::uint64_t first_number(const char* path) noexcept {
    std::array<char, 64> buffer;
    const std::string_view text = ProcFile(path).read_some(buffer);
    std::uint64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

std::uint64_t count_lines(const char* path) noexcept {
    ProcFile file(path);
    std::array<char, 8192> buffer;
    std::uint64_t lines = 0;
    for (std::string_view text = file.read_some(buffer); !text.empty(); text = file.read_some(buffer))
        for (const char character : text)
            lines += character == '\n';
    return lines;
}

} // namespace

LinuxOs::LinuxOs() noexcept : page_size_(static_cast<std::size_t>(sysconf(_SC_PAGESIZE))) {}

Mapped LinuxOs::map(std::size_t size, Access access) noexcept {
    const KeepErrno keep;
    // Memory without access costs nothing until it is given some, so it need not be accounted for.
    const int reserve = access == Access::None ? MAP_NORESERVE : 0;
    void* address = mmap(nullptr, size, protection(access), MAP_PRIVATE | MAP_ANONYMOUS | reserve, -1, 0);
    if (address == MAP_FAILED) return {nullptr, errno};
    return {address, 0};
}

Mapped LinuxOs::map_shared(std::size_t size) noexcept {
    const KeepErrno keep;
    constexpr int flags = MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE;
    void* address = mmap(nullptr, size, PROT_READ | PROT_WRITE, flags, -1, 0);
    if (address == MAP_FAILED) return {nullptr, errno};
    return {address, 0};
}

SystemError LinuxOs::protect(void* address, std::size_t size, Access access) noexcept {
    const KeepErrno keep;
    return checked(mprotect(address, size, protection(access)));
}

SystemError LinuxOs::populate(void* address, std::size_t size) noexcept {
    const KeepErrno keep;
    constexpr int populate_write = 23; // MADV_POPULATE_WRITE, Linux 5.14; older kernels refuse it
    return {madvise(address, size, populate_write) == 0 ? 0 : errno};
}

SystemError LinuxOs::move(void* from, std::size_t size, void* to) noexcept {
    const KeepErrno keep;
    constexpr int dont_unmap = 4; // MREMAP_DONTUNMAP, Linux 5.7; older kernels refuse it
    return {mremap(from, size, size, MREMAP_MAYMOVE | MREMAP_FIXED | dont_unmap, to) == to ? 0 : errno};
}

SystemError LinuxOs::decommit(void* address, std::size_t size) noexcept {
    const KeepErrno keep;
    // One call replaces the pages, and the new mapping merges with the reservation around it.
    void* replaced =
        mmap(address, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_NORESERVE, -1, 0);
    if (replaced == address) return {};
    // At the limit of mappings the kernel refuses even that. These two need no new mapping.
    if (mprotect(address, size, PROT_NONE) != 0) return {errno};
    return checked(madvise(address, size, MADV_DONTNEED));
}

SystemError LinuxOs::unmap(void* address, std::size_t size) noexcept {
    const KeepErrno keep;
    return checked(munmap(address, size));
}

OpenedFile LinuxOs::open_memory_file(std::size_t size) noexcept {
    const KeepErrno keep;
    constexpr unsigned flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
    // NOEXEC_SEAL forbids execve, not mappings, and is granted where MFD_EXEC is not (vm.memfd_noexec); kernels
    // before 6.3 know neither.
    int descriptor = memfd_create(memory_file_name, flags | memfd_noexec_seal);
    if (descriptor < 0) descriptor = memfd_create(memory_file_name, flags);
    if (descriptor < 0) return {-1, errno};
    if (ftruncate(descriptor, static_cast<off_t>(size)) == 0) return {descriptor, 0};
    const int error = errno;
    close(descriptor);
    return {-1, error};
}

SystemError LinuxOs::write_file(int descriptor, std::span<const std::byte> bytes) noexcept {
    const KeepErrno keep;
    for (off_t offset = 0; !bytes.empty();) {
        const ssize_t count = pwrite(descriptor, bytes.data(), bytes.size(), offset);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return {count < 0 ? errno : ENOSPC};
        bytes = bytes.subspan(static_cast<std::size_t>(count));
        offset += count;
    }
    return {};
}

SystemError LinuxOs::seal_file(int descriptor) noexcept {
    const KeepErrno keep;
    return checked(fcntl(descriptor, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL));
}

SystemError LinuxOs::map_file(int descriptor, void* address, std::size_t size) noexcept {
    const KeepErrno keep;
    void* mapped = mmap(address, size, PROT_READ | PROT_EXEC, MAP_SHARED | MAP_FIXED, descriptor, 0);
    return {mapped == address ? 0 : errno};
}

SystemError LinuxOs::map_copy(int descriptor, void* address, std::size_t size) noexcept {
    const KeepErrno keep;
    void* mapped = mmap(address, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED, descriptor, 0);
    return {mapped == address ? 0 : errno};
}

SystemError LinuxOs::close_file(int descriptor) noexcept {
    const KeepErrno keep;
    return checked(close(descriptor));
}

SystemError LinuxOs::make_permanent(void* address, std::size_t size) noexcept {
    const KeepErrno keep;
    return checked(syscall(mseal_number, address, size, 0));
}

SystemError LinuxOs::random(std::span<std::byte> bytes) noexcept {
    const KeepErrno keep;
    while (!bytes.empty()) {
        const ssize_t count = getrandom(bytes.data(), bytes.size(), 0);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return {errno};
        bytes = bytes.subspan(static_cast<std::size_t>(count));
    }
    return {};
}

SystemError LinuxOs::prepare_barrier() noexcept {
    const KeepErrno keep;
    return checked(syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0));
}

SystemError LinuxOs::barrier() noexcept {
    const KeepErrno keep;
    return checked(syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0));
}

MappingFigures LinuxOs::figures() noexcept {
    const KeepErrno keep;
    MappingFigures figures;
    figures.mappings = count_lines("/proc/self/maps");
    figures.mapping_limit = first_number("/proc/sys/vm/max_map_count");
    figures.address_space = first_number("/proc/self/statm") * page_size_;
    rlimit limit{};
    const bool limited = getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY;
    figures.address_space_limit = limited ? limit.rlim_cur : std::numeric_limits<std::uint64_t>::max();
    return figures;
}

} // namespace npk::wildx
