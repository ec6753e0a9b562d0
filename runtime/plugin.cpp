// The plugin's entry and its table.

#include "extensions.hpp"
#include "functions.hpp"
#include "opening_turn.hpp"
#include "runtime.hpp"

#include <new>

namespace npk {

namespace {

void close_plugin() {
    if (const OpeningTurn turn; turn) runtime().close();
}

constexpr npk_plugin plugin{
    sizeof(npk_plugin),
    NPK_ABI_VERSION,
    "npk_wildx",
    "0.1.0",
    "Executable memory: writable, then executable, never both, then gone; and typed calls into it.",
    "Pages are minted by wildx_alloc, written while writable, sealed by wildx_seal, called with a checked "
    "signature, and "
    "freed by wildx_free. Every misuse is refused and reported with the page's story: where it was minted, "
    "sealed and "
    "freed. Functions of the family npk_jit_call_<parameters>[_to_<result>] are resolved on demand.",
    &functions::resolve,
    &extensions::find,
    &close_plugin,
};

} // namespace

} // namespace npk

extern "C" const npk_plugin* npk_plugin_open(const npk_host* host, npk_refusal* why) {
    try {
        const npk::OpeningTurn turn;
        if (!turn) {
            npk::refuse(why, NPK_REFUSAL_ALREADY_OPEN,
                        "the plugin is just being opened or closed: not from inside a callback of that");
            return nullptr;
        }
        if (!npk::runtime().open(host, why)) return nullptr;
        npk::refuse(why, NPK_REFUSAL_NONE, "");
        return &npk::plugin;
    } catch (const std::bad_alloc&) {
        npk::refuse(why, NPK_REFUSAL_SYSTEM, "out of memory");
        return nullptr;
    }
}
