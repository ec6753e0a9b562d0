// Pages that were never freed, grouped by where they were minted.
#pragma once

#include "host_link.hpp"
#include "npk_abi.h"
#include "wildx/verdict.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace npk::report {

/// The pages of one mint place.
struct Leak {
    npk_severity severity = NPK_SEVERITY_ERROR; ///< NOTE: nobody's fault
    wildx::PageView first;                      ///< the group's first page
    std::vector<std::uint64_t> numbers;         ///< of its first pages, in the order of minting
    std::uint64_t pages = 0;
    std::uint64_t bytes = 0;
    std::string message;
    std::string hint;
};

/// The most bytes first, with the total in the first's message when there are several groups; notes last. Pages whose place is unknown are each a
/// group of their own, up to a few, then one group.
std::vector<Leak> group_leaks(std::span<const wildx::PageView> pages, const HostLink& host);

/// The record of a group, with everything but its texts.
npk_diagnostic leak_diagnostic(const Leak& leak, const HostLink& host);

} // namespace npk::report
