#include "page_functions.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <span>
#include <string>
#include <string_view>

namespace npk::host {
namespace {

using Pages = npk_pages_extension;
using Handler = npk_status (*)(const Pages& pages, std::span<const npk_value> arguments, npk_value& result);

npk_page_info info_of(const Pages& pages, const npk_value& pointer) {
    npk_page_info info{};
    info.struct_size = sizeof info;
    if (pages.info(pointer.ptr, &info) != NPK_OK) return {};
    return info;
}

/// A text result lives until the next one on the same thread; the evaluator copies it at once.
void give_text(npk_value& result, std::string text) {
    thread_local std::string kept;
    kept = std::move(text);
    result.ptr = kept.data();
}

std::string story_step(std::string_view what, const npk_event& event) {
    if (!event.happened) return {};
    const auto at = [](const npk_location& place) {
        return place.program ? fmt::format("{}:{}:{}", place.program, place.line, place.column)
                             : std::string("an unknown place");
    };
    const std::string caller = event.caller.program ? fmt::format(", called from {}", at(event.caller)) : "";
    return fmt::format("{} at {}{}", what, at(event.at), caller);
}

std::string story(const npk_page_info& info) {
    std::string text;
    for (const auto& step : {story_step("minted", info.minted), story_step("sealed", info.sealed),
                             story_step("freed", info.freed)})
        if (!step.empty()) text += (text.empty() ? "" : "; ") + step;
    return text;
}

npk_statistics statistics_of(const Pages& pages) {
    npk_statistics statistics{};
    statistics.struct_size = sizeof statistics;
    pages.statistics(&statistics);
    return statistics;
}

struct NamedStatistic {
    std::string_view name;
    std::uint64_t npk_statistics::*member;
};

constexpr std::array<NamedStatistic, 16> named_statistics{{
    {"page_size", &npk_statistics::page_size},
    {"live_pages", &npk_statistics::live_pages},
    {"live_bytes", &npk_statistics::live_bytes},
    {"peak_bytes", &npk_statistics::peak_bytes},
    {"quota_bytes", &npk_statistics::quota_bytes},
    {"minted", &npk_statistics::minted},
    {"sealed", &npk_statistics::sealed},
    {"freed", &npk_statistics::freed},
    {"retired", &npk_statistics::retired},
    {"calls", &npk_statistics::calls},
    {"calls_in_flight", &npk_statistics::calls_in_flight},
    {"remembered", &npk_statistics::remembered},
    {"forgotten", &npk_statistics::forgotten},
    {"mappings", &npk_statistics::mappings},
    {"mapping_limit", &npk_statistics::mapping_limit},
    {"bookkeeping_bytes", &npk_statistics::bookkeeping_bytes},
}};

std::int64_t statistic(const npk_statistics& statistics, std::string_view name) {
    const auto* found = std::ranges::find(named_statistics, name, &NamedStatistic::name);
    return found == named_statistics.end() ? -1 : static_cast<std::int64_t>(statistics.*found->member);
}

npk_status give_status(npk_value& result, bool done) {
    result.i = done ? 0 : -1;
    return NPK_OK;
}

/// What a program declares and calls.
struct Row {
    const char* name;
    const char* signature;
    const char* documentation;
    npk_kind result;
    std::vector<npk_parameter> parameters;
    Handler handler;
};

npk_parameter parameter(npk_kind kind, const char* name, npk_role role = NPK_ROLE_NONE) {
    return {static_cast<std::uint32_t>(kind), static_cast<std::uint32_t>(role), name, 0, 0};
}

npk_parameter page() {
    return parameter(NPK_KIND_PTR, "page", NPK_ROLE_BORROWS);
}

std::vector<Row> questions_about_a_page() {
    return {
        {"npk_page_state",
         "i32(ptr)",
         "The state of the page that holds the address: 0 no page, 1 writable, 2 executable, 3 freed.",
         NPK_KIND_I32,
         {page()},
         [](const Pages& pages, std::span<const npk_value> arguments, npk_value& result) {
             result.i = info_of(pages, arguments[0]).state;
             return NPK_OK;
         }},
        {"npk_page_number",
         "i64(ptr)",
         "The page's number in the order of minting, from 1; 0: no page.",
         NPK_KIND_I64,
         {page()},
         [](const Pages& pages, std::span<const npk_value> arguments, npk_value& result) {
             result.i = static_cast<std::int64_t>(info_of(pages, arguments[0]).page);
             return NPK_OK;
         }},
        {"npk_page_size",
         "i64(ptr)",
         "Bytes asked for at the mint; 0: no page.",
         NPK_KIND_I64,
         {page()},
         [](const Pages& pages, std::span<const npk_value> arguments, npk_value& result) {
             result.i = static_cast<std::int64_t>(info_of(pages, arguments[0]).requested);
             return NPK_OK;
         }},
        {"npk_page_mapped",
         "i64(ptr)",
         "Bytes mapped, whole pages without guards; 0: no page.",
         NPK_KIND_I64,
         {page()},
         [](const Pages& pages, std::span<const npk_value> arguments, npk_value& result) {
             result.i = static_cast<std::int64_t>(info_of(pages, arguments[0]).mapped);
             return NPK_OK;
         }},
        {"npk_page_offset",
         "i64(ptr)",
         "Bytes from the page's start to the address; negative in the guard below.",
         NPK_KIND_I64,
         {page()},
         [](const Pages& pages, std::span<const npk_value> arguments, npk_value& result) {
             result.i = info_of(pages, arguments[0]).offset;
             return NPK_OK;
         }},
        {"npk_page_hash",
         "u64(ptr)",
         "The FNV-1a 64 hash of the code at the seal; 0 before.",
         NPK_KIND_U64,
         {page()},
         [](const Pages& pages, std::span<const npk_value> arguments, npk_value& result) {
             result.u = info_of(pages, arguments[0]).hash;
             return NPK_OK;
         }},
        {"npk_page_calls_in_flight",
         "i64(ptr)",
         "Calls that are executing the page now.",
         NPK_KIND_I64,
         {page()},
         [](const Pages& pages, std::span<const npk_value> arguments, npk_value& result) {
             result.i = static_cast<std::int64_t>(info_of(pages, arguments[0]).calls_in_flight);
             return NPK_OK;
         }},
        {"npk_page_signature",
         "ptr(ptr)",
         "The signature that the page is bound to, as a C string; empty: none.",
         NPK_KIND_PTR,
         {page()},
         [](const Pages& pages, std::span<const npk_value> arguments, npk_value& result) {
             const char* signature = info_of(pages, arguments[0]).signature;
             give_text(result, signature ? signature : "");
             return NPK_OK;
         }},
        {"npk_page_backend",
         "ptr(ptr)",
         "The name of what holds the page's seal, as a C string; empty before the seal.",
         NPK_KIND_PTR,
         {page()},
         [](const Pages& pages, std::span<const npk_value> arguments, npk_value& result) {
             const char* backend = info_of(pages, arguments[0]).backend;
             give_text(result, backend ? backend : "");
             return NPK_OK;
         }},
        {"npk_page_story",
         "ptr(ptr)",
         "Where the page was minted, sealed and freed, as a C string; empty: no page.",
         NPK_KIND_PTR,
         {page()},
         [](const Pages& pages, std::span<const npk_value> arguments, npk_value& result) {
             give_text(result, story(info_of(pages, arguments[0])));
             return NPK_OK;
         }},
    };
}

std::vector<Row> figures_and_policies() {
    return {
        {"npk_pages_statistic",
         "i64(string)",
         "A figure of all pages by its name in npk_statistics (\"live_pages\"); -1: no such name.",
         NPK_KIND_I64,
         {parameter(NPK_KIND_STRING, "name")},
         [](const Pages& pages, std::span<const npk_value> arguments, npk_value& result) {
             result.i = statistic(statistics_of(pages), static_cast<const char*>(arguments[0].ptr));
             return NPK_OK;
         }},
        {"npk_pages_refusals",
         "i64(i64)",
         "How often a crime was refused, by its npk_code; -1: no such code.",
         NPK_KIND_I64,
         {parameter(NPK_KIND_I64, "code")},
         [](const Pages& pages, std::span<const npk_value> arguments, npk_value& result) {
             const auto code = arguments[0].i;
             const auto statistics = statistics_of(pages);
             result.i = code > 0 && code < NPK_CODE_LIMIT
                            ? static_cast<std::int64_t>(statistics.refusals[code])
                            : -1;
             return NPK_OK;
         }},
        {"npk_pages_set_quota",
         "i32(i64)",
         "Limits the bytes of live pages. 0; -1 for a negative number.",
         NPK_KIND_I32,
         {parameter(NPK_KIND_I64, "bytes")},
         [](const Pages& pages, std::span<const npk_value> arguments, npk_value& result) {
             if (arguments[0].i >= 0) pages.set_quota(static_cast<std::uint64_t>(arguments[0].i));
             return give_status(result, arguments[0].i >= 0);
         }},
        {"npk_pages_set_verification",
         "i32(i32,i32)",
         "When sealed code is hashed again: 0 never, 1 on demand, 2 at each call, 3 at every n-th call. 0; "
         "-1 when impossible.",
         NPK_KIND_I32,
         {parameter(NPK_KIND_I32, "policy"), parameter(NPK_KIND_I32, "n")},
         [](const Pages& pages, std::span<const npk_value> arguments, npk_value& result) {
             const auto policy = static_cast<std::uint32_t>(arguments[0].i);
             const auto n = static_cast<std::uint32_t>(arguments[1].i);
             return give_status(result, pages.set_verification(policy, n) == NPK_OK);
         }},
        {"npk_pages_set_free_policy",
         "i32(i32)",
         "What the free of a page that is being executed does: 0 refuses, 1 retires. 0; -1 when impossible.",
         NPK_KIND_I32,
         {parameter(NPK_KIND_I32, "policy")},
         [](const Pages& pages, std::span<const npk_value> arguments, npk_value& result) {
             return give_status(result,
                                pages.set_free_policy(static_cast<std::uint32_t>(arguments[0].i)) == NPK_OK);
         }},
    };
}

} // namespace

struct PageFunctions::Entry {
    Entry(const Pages& extension, Row described) : pages(extension), row(std::move(described)) {
        function.struct_size = sizeof function;
        function.flags = NPK_FUNCTION_EXTERN | NPK_FUNCTION_ANY_POINTER;
        function.name = row.name;
        function.signature = row.signature;
        function.documentation = row.documentation;
        function.parameters = row.parameters.data();
        function.parameter_count = static_cast<std::uint32_t>(row.parameters.size());
        function.result_kind = row.result;
        function.resource = "wildx";
        function.invoke = invoke;
        function.context = this;
    }

    static npk_status invoke(void* context, const npk_value* args, std::uint32_t count, npk_value* result) {
        const auto& self = *static_cast<const Entry*>(context);
        if (count != self.row.parameters.size()) return NPK_BAD_ARGUMENTS;
        const std::span arguments(args, count);
        for (std::uint32_t i = 0; i < count; ++i)
            if (arguments[i].kind != self.row.parameters[i].kind) return NPK_BAD_ARGUMENTS;
        result->kind = self.row.result;
        result->size = 0;
        return self.row.handler(self.pages, arguments, *result);
    }

    const Pages& pages;
    Row row;
    npk_function function{};
};

PageFunctions::PageFunctions(const npk_pages_extension& pages) {
    for (auto rows : {questions_about_a_page(), figures_and_policies()})
        for (auto& row : rows)
            entries_.push_back(std::make_unique<Entry>(pages, std::move(row)));
}

PageFunctions::~PageFunctions() = default;

std::vector<const npk_function*> PageFunctions::all() const {
    std::vector<const npk_function*> functions;
    for (const auto& entry : entries_)
        functions.push_back(&entry->function);
    return functions;
}

} // namespace npk::host
