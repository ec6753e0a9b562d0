#include "memory_map.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace npk::test {

std::vector<Mapping> mappings() {
    std::vector<Mapping> result;
    std::ifstream file("/proc/self/maps");
    for (std::string line; std::getline(file, line);) {
        Mapping mapping;
        char dash = 0;
        std::istringstream(line) >> std::hex >> mapping.start >> dash >> mapping.end >> mapping.permissions;
        result.push_back(mapping);
    }
    return result;
}

std::string permissions_at(const void* address) {
    const auto wanted = reinterpret_cast<std::uintptr_t>(address);
    for (const Mapping& mapping : mappings())
        if (mapping.start <= wanted && wanted < mapping.end) return mapping.permissions;
    return {};
}

std::size_t writable_and_executable_mappings() {
    const auto all = mappings();
    return static_cast<std::size_t>(std::ranges::count_if(all, [](const Mapping& mapping) {
        return mapping.permissions[1] == 'w' && mapping.permissions[2] == 'x';
    }));
}

std::size_t open_descriptors() {
    const std::filesystem::directory_iterator descriptors("/proc/self/fd");
    return static_cast<std::size_t>(std::distance(begin(descriptors), end(descriptors)));
}

} // namespace npk::test
