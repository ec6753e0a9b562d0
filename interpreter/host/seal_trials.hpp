#pragma once
// Tries every route against every seal backend of a plugin, each in a child process of its own.
#include "plugin.hpp"
#include "seal_routes.hpp"

#include "../check/natives.hpp"

#include <string>
#include <vector>

namespace npk::host {

/// What one attempt came to.
struct SealTrial {
    const SealRoute* route = nullptr;
    enum class Outcome { Succeeded, Refused, NotMade } outcome = Outcome::NotMade;
    std::string reason; ///< Refused: name of the errno or signal. NotMade: why no sealed page could be had.
};

/// One backend and all that was tried against it.
struct BackendTrials {
    npk_seal_backend backend{};
    std::vector<SealTrial> trials; ///< empty when the backend is not available
};

/// `natives` must hold the plugin's functions. Empty when the plugin offers no choice of seals (no npk.seal/1). Forks; call
/// it while there is one thread only.
[[nodiscard]] std::vector<BackendTrials> try_seal_backends(const Plugin& plugin,
                                                           const check::Natives& natives);

} // namespace npk::host
