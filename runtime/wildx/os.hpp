// The floor: what the pages need of the operating system, one checked wrapper a system call, no state and no
// policy. Tests put a recording or failing one in its place.
#pragma once

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <span>

namespace npk::wildx {

/// What may be done with mapped memory. There is no value for writable and executable.
enum class Access : std::uint8_t { None, ReadWrite, ReadExecute };

/// A mapping, or the errno that says why there is none.
struct [[nodiscard]] Mapped {
    void* address = nullptr;
    int error = 0;
};

/// An errno, 0 for success.
struct [[nodiscard]] SystemError {
    int code = 0;
    explicit operator bool() const noexcept { return code != 0; }
};

/// An open file, or the errno that says why there is none.
struct [[nodiscard]] OpenedFile {
    int descriptor = -1;
    int error = 0;
};

/// What the process uses of its mappings and address space, and how much it may (proc(5), getrlimit(2)).
struct MappingFigures {
    std::uint64_t mappings = 0;            ///< lines of /proc/self/maps
    std::uint64_t mapping_limit = 0;       ///< vm.max_map_count; 0: unknown
    std::uint64_t address_space = 0;       ///< bytes
    std::uint64_t address_space_limit = 0; ///< bytes, RLIMIT_AS; UINT64_MAX: none
};

/// Threads: every function may be called from any thread. All preserve errno, none throws.
class Os {
public:
    virtual ~Os() = default;

    /// Bytes of a page, a power of two (sysconf(3), _SC_PAGESIZE).
    virtual std::size_t page_size() const noexcept = 0;

    /// Maps fresh zeroed private memory where the kernel likes (mmap(2)). The size is a multiple of the page size.
    virtual Mapped map(std::size_t size, Access access) noexcept = 0;

    /// Maps fresh zeroed memory that processes made by fork(2) share, readable and writable.
    virtual Mapped map_shared(std::size_t size) noexcept = 0;

    /// Changes what may be done with whole mapped pages (mprotect(2)).
    virtual SystemError protect(void* address, std::size_t size, Access access) noexcept = 0;

    /// Gives mapped writable pages their memory now, not one by one at the first touch (madvise(2),
    /// MADV_POPULATE_WRITE). Only a matter of time: a refusal changes nothing.
    virtual SystemError populate(void*, std::size_t) noexcept { return {}; }

    /// Moves the memory of private mapped pages, with its protection, to other mapped pages, in the place of theirs. The
    /// addresses before stay taken and are empty (mremap(2), MREMAP_DONTUNMAP). Only a matter of time, but a refusal may leave
    /// the target unmapped, or with a part of what was to move.
    virtual SystemError move(void*, std::size_t, void*) noexcept { return {ENOSYS}; }

    /// Drops the content of mapped pages and forbids every access; the addresses stay taken.
    virtual SystemError decommit(void* address, std::size_t size) noexcept = 0;

    /// Gives mapped pages and their addresses back (munmap(2)).
    virtual SystemError unmap(void* address, std::size_t size) noexcept = 0;

    /// A file in memory of this size, which can be sealed and is closed on exec (memfd_create(2)).
    virtual OpenedFile open_memory_file(std::size_t size) noexcept = 0;

    /// Writes all the bytes at the file's start.
    virtual SystemError write_file(int descriptor, std::span<const std::byte> bytes) noexcept = 0;

    /// Forbids every write and change of size, for ever (fcntl(2), F_ADD_SEALS).
    virtual SystemError seal_file(int descriptor) noexcept = 0;

    /// Maps the file, shared, readable and executable, in place of mapped pages.
    virtual SystemError map_file(int descriptor, void* address, std::size_t size) noexcept = 0;

    /// Maps a private copy of the file, readable and writable, in place of mapped pages.
    virtual SystemError map_copy(int descriptor, void* address, std::size_t size) noexcept = 0;

    virtual SystemError close_file(int descriptor) noexcept = 0;

    /// Forbids every change of the mapping, for ever (mseal(2)). With size 0 it only tells whether the kernel can.
    virtual SystemError make_permanent(void* address, std::size_t size) noexcept = 0;

    /// Fills the bytes with random ones from the kernel (getrandom(2)).
    virtual SystemError random(std::span<std::byte> bytes) noexcept = 0;

    /// Asks for barrier() to work in this process (membarrier(2), PRIVATE_EXPEDITED).
    virtual SystemError prepare_barrier() noexcept = 0;

    /// A full memory barrier on every thread of this process.
    virtual SystemError barrier() noexcept = 0;

    /// The current figures, for messages and statistics. Slow: reads /proc.
    virtual MappingFigures figures() noexcept = 0;
};

} // namespace npk::wildx
