// Sealed memory for tests of single pieces, which have no registry of pages.
#pragma once

#include <sys/mman.h>

#include <cstring>
#include <stdexcept>
#include <string_view>

namespace npk::test {

/// Machine code at the start of a mapping of its own, first writable, then executable.
class ExecutableCode {
public:
    explicit ExecutableCode(std::string_view bytes) : memory_(map()) {
        std::memcpy(memory_, bytes.data(), bytes.size());
        if (mprotect(memory_, size, PROT_READ | PROT_EXEC) != 0) throw std::runtime_error("mprotect");
    }
    ~ExecutableCode() { munmap(memory_, size); }
    ExecutableCode(const ExecutableCode&) = delete;
    ExecutableCode& operator=(const ExecutableCode&) = delete;

    const void* entry() const noexcept { return memory_; }

private:
    static constexpr std::size_t size = 4096;

    static void* map() {
        void* const memory = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (memory == MAP_FAILED) throw std::runtime_error("mmap");
        return memory;
    }

    void* memory_;
};

} // namespace npk::test
