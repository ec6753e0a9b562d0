// A floor for tests: the real one underneath, with system calls that fail on demand, a count of what was called and
// what is mapped, and pages as large as the test wants.
#pragma once

#include "wildx/linux_os.hpp"

#include <array>
#include <cerrno>
#include <cstddef>
#include <functional>
#include <set>
#include <vector>

namespace npk::wildx::test {

enum class SystemCall {
    Map,
    Protect,
    Move,
    Decommit,
    Unmap,
    Random,
    OpenFile,
    WriteFile,
    SealFile,
    MapFile,
    MapCopy,
    CloseFile,
    MakePermanent
};

class ScriptedOs final : public Os {
public:
    // `page_size` is a multiple of the kernel's.
    explicit ScriptedOs(std::size_t page_size = 4096) : page_size_(page_size) {}

    // The calls to fail, counted from 0 since the last script, with the errno they fail with.
    void fail(std::set<std::size_t> calls, int error = ENOMEM) {
        failing_ = std::move(calls);
        error_ = error;
        history_.clear();
        failures_.clear();
    }

    const std::vector<SystemCall>& history() const { return history_; }

    // Those of the history that failed.
    const std::vector<SystemCall>& failures() const { return failures_; }

    // Lets mseal(2) succeed without being called: kernels before 6.10 lack it, and its pages could never go again.
    bool pretends_permanence = false;

    // Runs at the begin of each move.
    std::function<void()> before_move;

    std::size_t mapped_bytes() const { return mapped_bytes_; }
    MappingFigures reported_figures{100, 65530, 1 << 20, UINT64_MAX};

    std::size_t page_size() const noexcept override { return page_size_; }
    Mapped map(std::size_t size, Access access) noexcept override;
    Mapped map_shared(std::size_t size) noexcept override;
    SystemError protect(void* address, std::size_t size, Access access) noexcept override;
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
    SystemError prepare_barrier() noexcept override { return kernel_.prepare_barrier(); }
    SystemError barrier() noexcept override { return kernel_.barrier(); }
    MappingFigures figures() noexcept override { return reported_figures; }

private:
    // Notes the call; whether it is one that must fail.
    bool fails(SystemCall call);

    LinuxOs kernel_;
    std::size_t page_size_;
    std::set<std::size_t> failing_;
    int error_ = 0;
    std::vector<SystemCall> history_;
    std::vector<SystemCall> failures_;
    std::size_t mapped_bytes_ = 0;
};

} // namespace npk::wildx::test
