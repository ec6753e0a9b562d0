// The plugin's own table of contents: every function that a host gets at the opening.

#include "callback_functions.hpp"
#include "functions.hpp"
#include "jit/arithmetic_code.hpp"
#include "jit/call_symbols.hpp"
#include "jit/install_symbols.hpp"
#include "region/region_table.hpp"
#include "signatures.hpp"
#include "swap/handle_functions.hpp"

#include <fmt/format.h>

namespace npk::functions {

namespace {

constexpr npk_parameter parameter(npk_kind kind, const char* name, npk_role role = NPK_ROLE_NONE) {
    return {static_cast<std::uint32_t>(kind), static_cast<std::uint32_t>(role), name, 0, 0};
}

void give(npk_value& result, std::int64_t number, npk_kind kind = NPK_KIND_I32) {
    result.kind = kind;
    result.size = 0;
    result.i = number;
}

constexpr int as_result(bool done) {
    return done ? 0 : -1;
}

// --- what runs behind each function --------------------------------------------------------------------------------

npk_status alloc(Caller caller, const npk_value* arguments, npk_value& result) {
    result.kind = NPK_KIND_PTR;
    result.size = 0;
    result.ptr = runtime().mint(static_cast<std::uint64_t>(arguments[0].i), caller);
    return NPK_OK;
}

npk_status seal(Caller caller, const npk_value* arguments, npk_value& result) {
    give(result, as_result(runtime().seal(arguments[0].ptr, caller)));
    return NPK_OK;
}

npk_status release(Caller caller, const npk_value* arguments, npk_value& result) {
    give(result, as_result(runtime().free(arguments[0].ptr, caller)));
    return NPK_OK;
}

npk_status verify(Caller caller, const npk_value* arguments, npk_value& result) {
    give(result, as_result(runtime().verify(arguments[0].ptr, caller)));
    return NPK_OK;
}

npk_status install_code(Caller caller, const npk_value* arguments, npk_value& result) {
    const std::string_view name =
        std::string_view(caller.function).substr(std::string_view("npk_jit_install_").size());
    give(result, as_result(install_arithmetic(arguments[0].ptr, name, caller)));
    return NPK_OK;
}

npk_status install_raw(Caller caller, const npk_value* arguments, npk_value& result) {
    give(result, as_result(install_bytes(arguments[0].ptr, 0, arguments[1].ptr, arguments[2].i, caller)));
    return NPK_OK;
}

npk_status install_raw_at(Caller caller, const npk_value* arguments, npk_value& result) {
    give(result, as_result(install_bytes(arguments[0].ptr, arguments[1].i, arguments[2].ptr, arguments[3].i,
                                         caller)));
    return NPK_OK;
}

npk_status bind(Caller caller, const npk_value* arguments, npk_value& result) {
    const auto* text = static_cast<const char*>(arguments[1].ptr);
    give(result, as_result(bind_text(arguments[0].ptr, text, caller)));
    return NPK_OK;
}

npk_status callback(Caller caller, const npk_value* arguments, npk_value& result) {
    const auto* callable = static_cast<const npk_callable*>(arguments[0].ptr);
    const auto* signature = static_cast<const char*>(arguments[1].ptr);
    result.kind = NPK_KIND_PTR;
    result.size = 0;
    result.ptr = make_callback(callable, signature, caller);
    return NPK_OK;
}

npk_status callback_free(Caller caller, const npk_value* arguments, npk_value& result) {
    give(result, as_result(release_callback(arguments[0].ptr, caller)));
    return NPK_OK;
}

npk_status handle(Caller caller, const npk_value* arguments, npk_value& result) {
    result.kind = NPK_KIND_PTR;
    result.size = 0;
    result.ptr = make_handle(arguments[0].ptr, caller);
    return NPK_OK;
}

npk_status swap_code(Caller caller, const npk_value* arguments, npk_value& result) {
    give(result, as_result(swap_handle(arguments[0].ptr, arguments[1].ptr, caller)));
    return NPK_OK;
}

// --- the table -----------------------------------------------------------------------------------------------------

constexpr const char* page_resource = "wildx";
constexpr std::uint32_t builtin = NPK_FUNCTION_BUILTIN | NPK_FUNCTION_ANY_POINTER;
constexpr std::uint32_t external = NPK_FUNCTION_EXTERN | NPK_FUNCTION_ANY_POINTER;

constexpr Result code{NPK_KIND_I32};
const npk_parameter borrowed_page = parameter(NPK_KIND_PTR, "page", NPK_ROLE_BORROWS);

template <class Function>
auto address_of(Function* function) {
    return reinterpret_cast<void (*)(void)>(function);
}

/// The life of a page, under the language's names and under those of the C symbols.
void add_pages(std::deque<Function>& table) {
    for (const auto& [prefix, flags] : {std::pair{"wildx_", builtin}, std::pair{"npk_wildx_", external}}) {
        const std::string name = prefix;
        table.emplace_back(Row{name + "alloc",
                               flags,
                               {NPK_KIND_PTR, NPK_ROLE_MINTS},
                               {parameter(NPK_KIND_I64, "size")},
                               page_resource,
                               "Mints an executable page run of at least `size` bytes, rounded up to whole "
                               "pages: writable, zero-filled, "
                               "with a guard page on either side. NULL, with a report, when the size is not "
                               "positive, the quota is used "
                               "up or the kernel refuses. Any thread.",
                               address_of(&npk_wildx_alloc),
                               &alloc});
        table.emplace_back(
            Row{name + "seal",
                flags,
                code,
                {parameter(NPK_KIND_PTR, "page", NPK_ROLE_SEALS)},
                page_resource,
                "Makes a writable page executable and read-only, for ever, and takes the FNV-1a 64 hash of "
                "its code. 0; -1, "
                "with a report, when the pointer is not the start of a writable page. Any thread.",
                address_of(&npk_wildx_seal),
                &seal});
        table.emplace_back(Row{name + "free",
                               flags,
                               code,
                               {parameter(NPK_KIND_PTR, "page", NPK_ROLE_RELEASES)},
                               page_resource,
                               "Unmaps a page, in whatever state. 0; -1, with a report, when the pointer is "
                               "not the start of a live page or "
                               "the page is being executed. Any thread.",
                               address_of(&npk_wildx_free),
                               &release});
        table.emplace_back(Row{name + "verify",
                               flags,
                               code,
                               {borrowed_page},
                               page_resource,
                               "Hashes a sealed page again. 0 when it is as sealed; -1, with a report, when "
                               "it has changed or is not a "
                               "sealed page. Any thread.",
                               address_of(&npk_wildx_verify),
                               &verify});
    }
}

void add_installs(std::deque<Function>& table) {
    for (const jit::ArithmeticCode& arithmetic : jit::arithmetic_codes()) {
        table.emplace_back(Row{fmt::format("npk_jit_install_{}", arithmetic.name),
                               external,
                               code,
                               {borrowed_page},
                               page_resource,
                               fmt::format("Installs code of {} into a writable page and binds that "
                                           "signature. 0; -1, with a report, when "
                                           "the pointer is not the start of a writable page. Any thread.",
                                           arithmetic.signature),
                               address_of(jit::install_symbol(arithmetic.name)),
                               &install_code});
    }
    table.emplace_back(
        Row{"npk_jit_install_bytes",
            external,
            code,
            {borrowed_page, parameter(NPK_KIND_PTR, "bytes"), parameter(NPK_KIND_I64, "length")},
            page_resource,
            "Copies `length` bytes of machine code into a writable page. 0; -1, with a report, when the "
            "pointer is not the "
            "start of a writable page or the code exceeds it: then nothing is copied. Any thread.",
            address_of(&npk_jit_install_bytes),
            &install_raw});
    table.emplace_back(Row{"npk_jit_install_bytes_at",
                           external,
                           code,
                           {borrowed_page, parameter(NPK_KIND_I64, "offset"),
                            parameter(NPK_KIND_PTR, "bytes"), parameter(NPK_KIND_I64, "length")},
                           page_resource,
                           "As npk_jit_install_bytes, at `offset` bytes into the page. Any thread.",
                           address_of(&npk_jit_install_bytes_at),
                           &install_raw_at});
    table.emplace_back(Row{"npk_jit_bind",
                           external,
                           code,
                           {borrowed_page, parameter(NPK_KIND_STRING, "signature")},
                           page_resource,
                           "Binds a signature such as \"i32(i32,i32)\" to a writable page: every call is "
                           "checked against it. 0; -1, with a "
                           "report, when the signature does not parse or the pointer is not the start of a "
                           "writable page. Any thread.",
                           address_of(&npk_jit_bind),
                           &bind});
}

void add_calls(std::deque<Function>& table) {
    table.emplace_back(
        Row{"npk_jit_call_i32_i32",
            external,
            code,
            {borrowed_page, parameter(NPK_KIND_I32, "a"), parameter(NPK_KIND_I32, "b")},
            page_resource,
            "Calls a sealed page as i32(i32,i32). Anything else is reported and traps. Any thread.",
            address_of(&npk_jit_call_i32_i32),
            nullptr,
            &runtime().common_signatures()[jit::CommonCall::i32_i32],
            jit::common_function("npk_jit_call_i32_i32")->invoke});
    table.emplace_back(
        Row{"wildx_call",
            builtin,
            {NPK_KIND_I64},
            {borrowed_page, parameter(NPK_KIND_I64, "argument")},
            page_resource,
            "Calls a sealed page as i64(i64). Anything else is reported and traps. Any thread.",
            nullptr,
            nullptr,
            &runtime().common_signatures()[jit::CommonCall::i64],
            jit::common_function("npk_jit_call_i64")->invoke});
}

void add_callbacks(std::deque<Function>& table) {
    constexpr const char* callback_resource = "callback";
    table.emplace_back(
        Row{"npk_jit_callback",
            NPK_FUNCTION_EXTERN,
            {NPK_KIND_PTR, NPK_ROLE_MINTS},
            {parameter(NPK_KIND_FUNCTION, "function"), parameter(NPK_KIND_STRING, "signature")},
            callback_resource,
            "Makes a C address that runs a function of the program, so that machine code can call it as "
            "`signature` "
            "says. A trap or failure inside is held until the machine code has returned, which gets a zero. "
            "NULL, with "
            "a report, when the signature does not parse or memory is out. Any thread.",
            address_of(&npk_jit_callback),
            &callback});
    table.emplace_back(Row{"npk_jit_callback_free",
                           external,
                           code,
                           {parameter(NPK_KIND_PTR, "callback", NPK_ROLE_RELEASES)},
                           callback_resource,
                           "Releases a callback; machine code that calls its address afterwards gets a zero, "
                           "and that is reported. 0; "
                           "-1, with a report, when it is no callback or was released before. Any thread.",
                           address_of(&npk_jit_callback_free),
                           &callback_free});
}

void add_handles(std::deque<Function>& table) {
    table.emplace_back(
        Row{"npk_jit_handle",
            external,
            {NPK_KIND_PTR, NPK_ROLE_MINTS},
            {parameter(NPK_KIND_PTR, "code", NPK_ROLE_RELEASES)},
            page_resource,
            "Makes a handle for sealed code with a signature: it is called and freed like a page, and "
            "npk_jit_swap lets it stand for other code. A page becomes the handle's, a region's entry "
            "stays the region's. NULL, with a report, when the code is not sealed or has no signature: "
            "it then stays the caller's. Any thread.",
            address_of(&npk_jit_handle),
            &handle});
    table.emplace_back(
        Row{"npk_jit_swap",
            external,
            code,
            {parameter(NPK_KIND_PTR, "handle", NPK_ROLE_BORROWS),
             parameter(NPK_KIND_PTR, "code", NPK_ROLE_RELEASES)},
            page_resource,
            "Lets a handle stand for other sealed code of the same signature. A page becomes the handle's; "
            "the page before is freed when its last call has left. 0; -1, with a report and nothing "
            "changed, when the signatures differ, the code is not sealed or the handle is none. Any "
            "thread.",
            address_of(&npk_jit_swap),
            &swap_code});
}

} // namespace

const std::deque<Function>& registered() {
    static const std::deque<Function> table = [] {
        std::deque<Function> made;
        add_pages(made);
        add_installs(made);
        add_calls(made);
        add_callbacks(made);
        add_regions(made);
        add_handles(made);
        return made;
    }();
    return table;
}

} // namespace npk::functions
