#include "figures.hpp"

#include "require.hpp"

#include <cstdio>
#include <cstring>
#include <dirent.h>
#include <malloc.h>

namespace npk::soak {

using test::require;

Figures figures() {
    Figures now;
    std::FILE* maps = std::fopen("/proc/self/maps", "r");
    require(maps != nullptr, "cannot read /proc/self/maps");
    for (char line[512]; std::fgets(line, sizeof line, maps);) {
        ++now.mappings;
        const char* permissions = std::strchr(line, ' ');
        require(std::strncmp(permissions + 2, "wx", 2) != 0, "writable and executable: %s", line);
        now.executable_mappings += permissions[3] == 'x';
    }
    std::fclose(maps);
    DIR* descriptors = opendir("/proc/self/fd");
    while (readdir(descriptors))
        ++now.descriptors;
    closedir(descriptors);
    now.heap_bytes = mallinfo2().uordblks;
    return now;
}

void compare(const Figures& before, const Figures& after, bool exact, std::size_t kept_mappings) {
    std::printf("%zu mappings (before: %zu), %zu of them executable (%zu), %zu descriptors (%zu), "
                "%zu bytes of heap (%zu)\n",
                after.mappings, before.mappings, after.executable_mappings, before.executable_mappings,
                after.descriptors, before.descriptors, after.heap_bytes, before.heap_bytes);
    require(after.executable_mappings == before.executable_mappings, "executable mappings are left");
    require(after.descriptors == before.descriptors, "descriptors are left");
    if (!exact) return;
    require(after.mappings <= before.mappings + kept_mappings, "mappings are left");
    require(after.heap_bytes <= before.heap_bytes + 65536, "heap is left");
}

} // namespace npk::soak
