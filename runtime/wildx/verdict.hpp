// What the registry says to an operation: done, or refused and why, with all that a report needs.
#pragma once

#include "os.hpp"
#include "page_record.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace npk::wildx {

/// A name as reports write it, cut to fit; empty: none.
using ReportedName = std::array<char, 96>;

/// A page at one moment.
struct PageView {
    State state = State::Uninitialized; ///< Uninitialized: there is no page
    std::uint32_t generation = 0;       ///< how often the address was minted
    std::int64_t offset = 0;            ///< of the pointer in question from the page's start
    PageStory story;
    const jit::Signature* signature =
        nullptr; ///< the page's, or that of the region's function that the pointer is in
    bool is_region = false;
    bool at_entry = false;             ///< the pointer is the entry of a region's function
    std::uint64_t function_offset = 0; ///< of the function that the pointer lies in
    ReportedName function{};
};

struct Verdict {
    npk_code code = NPK_CODE_NONE; ///< NONE: done
    npk_operation operation = NPK_OPERATION_NONE;
    std::uintptr_t pointer = 0; ///< as it was passed
    PageView page;              ///< before the operation; after it when it was done
    bool story_lost = false;    ///< pages were forgotten that this could have been about

    std::uint64_t bytes = 0; ///< asked for: the mint's size, the code's length
    std::int64_t at = 0;     ///< TOO_LONG: where in the page the code was to go
    int system_error = 0;    ///< errno of the refused system call
    MappingFigures figures;  ///< for MAPPING_FAILED and MAPPING_LIMIT
    std::uint64_t quota = 0; ///< the limit
    std::uint64_t quota_used = 0;
    std::uint32_t executing_thread = 0;   ///< for PAGE_IN_USE
    std::uint32_t owner = 0;              ///< for FORKED: the process whose page it is
    std::array<std::byte, 48> code_now{}; ///< for CODE_CHANGED: the first bytes found
    std::uint64_t hash_now = 0;           ///< for CODE_CHANGED

    bool done() const noexcept { return code == NPK_CODE_NONE; }
};

} // namespace npk::wildx
