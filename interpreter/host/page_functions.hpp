#pragma once
// Functions that let a program ask about pages (stdlib/wildx.npk declares them): this host makes them out of a plugin's
// npk.pages/1, and they stand in the function table like a plugin's own.
#include "npk_abi.h"

#include <memory>
#include <vector>

namespace npk::host {

/// The functions over one plugin's extension; their addresses are stable. Valid until the plugin is closed.
class PageFunctions {
public:
    explicit PageFunctions(const npk_pages_extension& pages);
    ~PageFunctions();
    PageFunctions(const PageFunctions&) = delete;
    PageFunctions& operator=(const PageFunctions&) = delete;

    [[nodiscard]] std::vector<const npk_function*> all() const;

private:
    struct Entry;
    std::vector<std::unique_ptr<Entry>> entries_;
};

} // namespace npk::host
