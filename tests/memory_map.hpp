// What the kernel says about this process's memory (proc(5), /proc/self/maps).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace npk::test {

struct Mapping {
    std::uintptr_t start = 0;
    std::uintptr_t end = 0;
    std::string permissions; // "r-xp"
};

std::vector<Mapping> mappings();

// "rw-p" and so on for the mapping that holds the address; empty where nothing is mapped.
std::string permissions_at(const void* address);

// The number of mappings that are writable and executable at once.
std::size_t writable_and_executable_mappings();

// The number of open file descriptors.
std::size_t open_descriptors();

} // namespace npk::test
