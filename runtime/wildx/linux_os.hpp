// The floor on Linux.
#pragma once

#include "os.hpp"

namespace npk::wildx {

class LinuxOs final : public Os {
public:
    LinuxOs() noexcept;

    std::size_t page_size() const noexcept override { return page_size_; }
    Mapped map(std::size_t size, Access access) noexcept override;
    Mapped map_shared(std::size_t size) noexcept override;
    SystemError protect(void* address, std::size_t size, Access access) noexcept override;
    SystemError populate(void* address, std::size_t size) noexcept override;
    SystemError move(void* from, std::size_t size, void* to) noexcept override;
    SystemError decommit(void* address, std::size_t size) noexcept override;
    SystemError unmap(void* address, std::size_t size) noexcept override;
    OpenedFile open_memory_file(std::size_t size) noexcept override;
    SystemError write_file(int descriptor, std::span<const std::byte> bytes) noexcept override;
    SystemError seal_file(int descriptor) noexcept override;
    SystemError map_file(int descriptor, void* address, std::size_t size) noexcept override;
    SystemError map_copy(int descriptor, void* address, std::size_t size) noexcept override;
    SystemError close_file(int descriptor) noexcept override;
    SystemError make_permanent(void* address, std::size_t size) noexcept override;
    SystemError random(std::span<std::byte> bytes) noexcept override;
    SystemError prepare_barrier() noexcept override;
    SystemError barrier() noexcept override;
    MappingFigures figures() noexcept override;

private:
    std::size_t page_size_;
};

} // namespace npk::wildx
