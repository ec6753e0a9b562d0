#pragma once
// The functions that plugins registered, by name.
#include "npk_abi.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace npk::host {

/// Entries are kept as the plugins' own pointers; they live until their plugin is closed. Not thread-safe.
class FunctionTable {
public:
    /// Takes a function of the plugin called `owner` (for messages only). NPK_DUPLICATE when the name is taken,
    /// NPK_BAD_ARGUMENTS when the descriptor breaks the contract; why() then tells.
    npk_status add(const npk_function* function, const std::string& owner);
    /// Forgets what `owner` registered: its opening failed.
    void remove_owner(const std::string& owner);

    [[nodiscard]] const npk_function* find(std::string_view name) const; ///< or null
    [[nodiscard]] std::vector<const npk_function*> all() const;          ///< in order of registration
    /// Why the last refused add() was refused, as a clause for a message.
    [[nodiscard]] const std::string& why() const { return why_; }

private:
    struct Entry {
        const npk_function* function = nullptr;
        std::string owner;
    };

    std::vector<Entry> entries_;
    std::map<std::string_view, std::size_t>
        by_name_; ///< index in entries_; the key is the function's own name
    std::string why_;
};

} // namespace npk::host
