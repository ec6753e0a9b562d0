#include "wording.hpp"

#include "wildx/call_marks.hpp"
#include "words.hpp"

#include <cstring>
#include <fmt/format.h>
#include <limits>

namespace npk::report {

namespace {

using wildx::PageView;
using wildx::Verdict;

std::string byte_count(std::uint64_t bytes) {
    return fmt::format("{} byte{}", bytes, bytes == 1 ? "" : "s");
}

std::string pointer_text(std::uintptr_t pointer) {
    return fmt::format("{:#x}", pointer);
}

/// What calls, with its pointer: "wildx_free(0x7f00...)".
std::string call_text(const Verdict& verdict, const char* function) {
    return fmt::format("{}({})", function, pointer_text(verdict.pointer));
}

/// "a heap block of alloc (64 bytes at 0x7f00, allocated at FILE:LINE:COL)", with the byte of it that is meant.
std::string block_name(const Verdict& verdict, const ForeignMemory& memory) {
    const std::uint64_t offset = verdict.pointer - memory.info.address;
    const bool inside = memory.info.address != 0 && offset != 0 && offset < memory.info.size;
    return fmt::format("{}a heap block of {} ({} at {:#x}{}{})",
                       inside ? fmt::format("byte {} of ", offset) : std::string(),
                       memory.info.name != nullptr ? memory.info.name : "alloc", byte_count(memory.info.size),
                       memory.info.address, memory.made_at.empty() ? "" : ", allocated at ", memory.made_at);
}

Wording foreign(const Verdict& verdict, const char* function, const ForeignMemory& known) {
    const npk_memory_info& memory = known.info;
    const std::string call = call_text(verdict, function);
    const char* hint = "pass the pointer that wildx_alloc gave, unchanged";
    switch (memory.kind) {
    case NPK_MEMORY_HEAP_BLOCK:
        return {fmt::format("{}: this is {}, not a wildx page", call, block_name(verdict, known)),
                "release a heap block with free(); executable pages come from wildx_alloc()"};
    case NPK_MEMORY_FREED_BLOCK:
        return {fmt::format("{}: this is {}, which was freed already, not a wildx page", call,
                            block_name(verdict, known)),
                hint};
    case NPK_MEMORY_STACK:
        return {fmt::format("{}: this is the address of a variable{}{}{}, not a wildx page", call,
                            memory.name != nullptr ? " `" : "", memory.name != nullptr ? memory.name : "",
                            memory.name != nullptr ? "`" : ""),
                hint};
    case NPK_MEMORY_STATIC:
        return {fmt::format("{}: this is constant data of the program, not a wildx page", call), hint};
    default: break;
    }
    return {fmt::format("{}: foreign pointer, wildx_alloc() never gave it", call), hint};
}

/// The page, or the function of a region that the pointer lies in.
std::string subject_name(const PageView& page) {
    if (page.function[0] == '\0') return page_name(page);
    return fmt::format("function `{}` of {}", page.function.data(), page_name(page));
}

/// Where in a region a pointer lies that is not what the operation wants.
std::string place_in_region(const PageView& page) {
    if (page.offset == 0) return "is the start of the region, not the entry of a function";
    if (page.at_entry) return fmt::format("is the entry of its function `{}`", page.function.data());
    const auto offset = static_cast<std::uint64_t>(page.offset);
    if (page.function[0] == '\0')
        return fmt::format("lies {} into it, in none of its functions", byte_count(offset));
    return fmt::format("lies {} into its function `{}`", byte_count(offset - page.function_offset),
                       page.function.data());
}

Wording inside_region(const Verdict& verdict, const char* function) {
    const bool call = verdict.operation == NPK_OPERATION_CALL;
    return {fmt::format("{}: {}{}: the pointer {}", call_text(verdict, function), page_name(verdict.page),
                        verdict.page.state == wildx::State::Freed ? ", which was freed" : "",
                        place_in_region(verdict.page)),
            call ? "call a function by the entry that npk_region_add() gave, unchanged"
                 : fmt::format("pass the start of the region, {:#x}", verdict.page.story.address)};
}

Wording bad_region_arguments(const Verdict& verdict, const char* function) {
    const std::string call = call_text(verdict, function);
    const std::string page = page_name(verdict.page);
    if (!verdict.page.is_region)
        return {fmt::format("{}: {} is no region", call, page), "mint a region with npk_region_alloc()"};
    return {fmt::format("{}: {} has a signature for each of its functions, none of its own", call, page),
            "give the signature to npk_region_add()"};
}

Wording interior(const Verdict& verdict, const char* function) {
    if (verdict.page.is_region) return inside_region(verdict, function);
    const auto offset = verdict.page.offset;
    return {fmt::format("{}: the pointer is byte {} (word {}) of {}{}, not its start",
                        call_text(verdict, function), offset,
                        offset / static_cast<std::int64_t>(sizeof(void*)), page_name(verdict.page),
                        verdict.page.state == wildx::State::Freed ? ", which was freed" : ""),
            fmt::format("pass the start of the page, {:#x}", verdict.page.story.address)};
}

Wording guard(const Verdict& verdict, const char* function) {
    const auto offset = verdict.page.offset;
    const bool below = offset < 0;
    const std::uint64_t distance = below ? static_cast<std::uint64_t>(-offset)
                                         : static_cast<std::uint64_t>(offset) - verdict.page.story.mapped;
    return {fmt::format("{}: the pointer lies in the guard {} {}, {} {} it", call_text(verdict, function),
                        below ? "below" : "above", page_name(verdict.page), byte_count(distance),
                        below ? "before" : "past the end of"),
            fmt::format("pass the start of the page, {:#x}", verdict.page.story.address)};
}

Wording bad_size(const Verdict& verdict, const char* function) {
    const auto asked = static_cast<std::int64_t>(verdict.bytes);
    return {fmt::format("{}: a page cannot have {} bytes", function, asked),
            "ask for at least 1 byte; sizes are rounded up to whole pages"};
}

Wording quota(const Verdict& verdict, const char* function) {
    return {fmt::format("{}: {} more, in whole pages, exceed the quota: {} of {} are in use", function,
                        byte_count(verdict.bytes), verdict.quota_used, byte_count(verdict.quota)),
            "free pages that are no longer called, or raise the quota"};
}

std::string cause(const Verdict& verdict) {
    const auto& figures = verdict.figures;
    std::string text = fmt::format("{} ({})", std::strerror(verdict.system_error), verdict.system_error);
    if (figures.mapping_limit != 0)
        text += fmt::format("; mappings: {} of vm.max_map_count {}", figures.mappings, figures.mapping_limit);
    const bool limited = figures.address_space_limit != std::numeric_limits<std::uint64_t>::max();
    text += limited ? fmt::format("; address space: {} of RLIMIT_AS {} bytes", figures.address_space,
                                  figures.address_space_limit)
                    : fmt::format("; address space: {} bytes, RLIMIT_AS unlimited", figures.address_space);
    return text;
}

Wording mapping(const Verdict& verdict, const char* function) {
    const auto& figures = verdict.figures;
    const std::string what =
        verdict.operation == NPK_OPERATION_MINT ? byte_count(verdict.bytes) : page_name(verdict.page);
    std::string message = fmt::format("{}: the kernel refused to map {}: {}", function, what, cause(verdict));
    if (verdict.code == NPK_CODE_MAPPING_FAILED)
        return {std::move(message), "see the kernel's reason; nothing was changed"};
    const bool count = figures.mapping_limit != 0 && figures.mappings + 2 >= figures.mapping_limit;
    return {std::move(message), count ? "free pages, or raise vm.max_map_count (sysctl)"
                                      : "free pages, or raise the limit of the address space (ulimit -v)"};
}

Wording in_use(const Verdict& verdict, const char* function) {
    if (verdict.executing_thread == wildx::current_thread_id())
        return {fmt::format("{}: {} is being executed by this very thread, {}: the free comes from inside of "
                            "its own call",
                            call_text(verdict, function), page_name(verdict.page), verdict.executing_thread),
                "free the page after that call has returned, or choose the policy free=retire, which waits "
                "for it"};
    return {fmt::format("{}: {} is being executed by thread {}", call_text(verdict, function),
                        page_name(verdict.page), verdict.executing_thread),
            "free the page after its last call has returned, or choose the policy free=retire; a call left "
            "by longjmp "
            "counts until its thread calls again"};
}

Wording too_long(const Verdict& verdict, const char* function) {
    return {fmt::format("{}: {} of code at offset {} do not fit into {}, which has {} mapped",
                        call_text(verdict, function), byte_count(verdict.bytes), verdict.at,
                        page_name(verdict.page), byte_count(verdict.page.story.mapped)),
            "mint a larger page"};
}

Wording changed(const Verdict& verdict, const char* function) {
    const std::string where =
        verdict.page.is_region ? fmt::format(", in the page at its byte {},", verdict.at) : "";
    return {
        fmt::format("{}: the code of {} has changed{} since the seal: hash {:#018x}, sealed with {:#018x}",
                    call_text(verdict, function), page_name(verdict.page), where, verdict.hash_now,
                    verdict.page.story.hash),
        "something wrote to sealed memory behind the kernel's protection; do not call this page"};
}

Wording mismatch(const Verdict& verdict, const char* function, const char* expected, const char* actual) {
    return {fmt::format("{}: {} has the signature {}, but is called as {}", call_text(verdict, function),
                        subject_name(verdict.page), expected != nullptr ? expected : "?",
                        actual != nullptr ? actual : "?"),
            "call it with the signature that it was sealed with"};
}

} // namespace

std::string page_name(const PageView& page) {
    const auto& story = page.story;
    const char* kind = page.is_region ? "region" : "page";
    if (story.number == 0) return fmt::format("the {} at {:#x}", kind, story.address);
    return fmt::format("{} #{} ({} at {:#x})", kind, story.number, byte_count(story.requested),
                       story.address);
}

Wording word_refusal(const Verdict& verdict, const char* function, const ForeignMemory& memory,
                     const char* expected_signature, const char* actual_signature) {
    const std::string call = call_text(verdict, function);
    const std::string page = subject_name(verdict.page);
    switch (verdict.code) {
    case NPK_CODE_NULL_POINTER:
        return {fmt::format("{}: null pointer", call), "check what wildx_alloc() gave before using it"};
    case NPK_CODE_FOREIGN_POINTER: return foreign(verdict, function, memory);
    case NPK_CODE_INTERIOR_POINTER: return interior(verdict, function);
    case NPK_CODE_GUARD_POINTER: return guard(verdict, function);
    case NPK_CODE_DOUBLE_FREE:
        return {fmt::format("{}: {} was freed already", call, page), "free each page exactly once",
                "ARIA-022"};
    case NPK_CODE_USE_AFTER_FREE:
        return {fmt::format("{}: {} was freed before", call, page),
                "a freed page is gone; mint and seal a new one", "ARIA-022"};
    case NPK_CODE_ALREADY_SEALED:
        return {fmt::format("{}: {} is sealed already", call, page),
                "sealed code cannot change; to patch it, free the page, mint anew, write again"};
    case NPK_CODE_NOT_SEALED:
        return {fmt::format("{}: {} is not sealed yet", call, page), "seal the page with wildx_seal() first"};
    case NPK_CODE_BAD_SIZE: return bad_size(verdict, function);
    case NPK_CODE_QUOTA: return quota(verdict, function);
    case NPK_CODE_MAPPING_FAILED:
    case NPK_CODE_MAPPING_LIMIT: return mapping(verdict, function);
    case NPK_CODE_PAGE_IN_USE: return in_use(verdict, function);
    case NPK_CODE_UNLOADED:
        return {fmt::format("{}: {} is still being executed by thread {}, so it and the library stay mapped",
                            function, page, verdict.executing_thread),
                "let every call return before the plugin is closed"};
    case NPK_CODE_FORKED:
        return {fmt::format("{}: this page was minted by process {} after the fork, and exists there only",
                            call, verdict.owner),
                "a page minted before the fork works in both processes; one minted later in its own only"};
    case NPK_CODE_PERMANENT:
        return {
            fmt::format(
                "{}: {} was sealed by the backend `permanent`; the kernel keeps it until the process ends",
                call, page),
            "choose the seal `kernel` or `mprotect` for pages that are to be freed"};
    case NPK_CODE_TOO_LONG: return too_long(verdict, function);
    case NPK_CODE_BAD_ARGUMENTS: return bad_region_arguments(verdict, function);
    case NPK_CODE_CODE_CHANGED: return changed(verdict, function);
    case NPK_CODE_SIGNATURE_MISMATCH:
        return mismatch(verdict, function, expected_signature, actual_signature);
    case NPK_CODE_UNTAGGED:
        return {fmt::format("{}: {} has no signature, and this host forbids calling such pages", call, page),
                "bind a signature with npk_jit_bind() before the seal"};
    default: break;
    }
    return {fmt::format("{}: refused ({})", call, code_word(verdict.code)), {}};
}

} // namespace npk::report
