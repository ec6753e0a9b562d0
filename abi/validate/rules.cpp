#include "rules.hpp"

#include "signature_text.hpp"
#include "trial_host.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <set>
#include <vector>

namespace npk::validate {
namespace {

npk_refusal fresh_refusal() {
    npk_refusal why{};
    why.struct_size = sizeof why;
    return why;
}

/// Opens with a complete table; complains and returns null when that fails.
const npk_plugin* open_plainly(TrialHost& host, const Complain& complain) {
    npk_refusal why = fresh_refusal();
    const npk_plugin* plugin = host.open(host.complete_table(), &why);
    if (!plugin) complain(fmt::format("refused a complete host: code {}, \"{:.200s}\"", why.code, why.text));
    return plugin;
}

/// The plugin must refuse `table`, with `expected` and a text, and must have registered nothing it still relies on.
void expect_refusal(TrialHost& host, const npk_host& table, std::uint32_t expected, std::string_view what,
                    const Complain& complain) {
    npk_refusal why = fresh_refusal();
    if (const npk_plugin* plugin = host.open(table, &why)) {
        complain(fmt::format("accepted {}", what));
        plugin->close();
        return;
    }
    if (why.code != expected)
        complain(fmt::format("refused {} with code {} instead of {}", what, why.code, expected));
    if (why.text[0] == '\0' || ::strnlen(why.text, sizeof why.text) == sizeof why.text)
        complain(fmt::format("refused {} without a text that ends", what));
}

// ---- loading and opening ----

void check_loads(const std::string& path, const Complain& complain) {
    const TrialHost host(path);
    if (!host.load_error().empty()) complain(host.load_error());
}

void check_opens(const std::string& path, const Complain& complain) {
    TrialHost host(path);
    const npk_plugin* plugin = open_plainly(host, complain);
    if (!plugin) return;
    if (plugin->struct_size < offsetof(npk_plugin, close) + sizeof plugin->close)
        return complain(fmt::format("its table has struct_size {}: close is missing", plugin->struct_size));
    if (plugin->abi_version >> 16 != NPK_ABI_MAJOR)
        complain(fmt::format("its table has major version {}", plugin->abi_version >> 16));
    if (!plugin->name || !*plugin->name) complain("its table has no name");
    if (!plugin->version || !*plugin->version) complain("its table has no version");
    if (!plugin->description || !*plugin->description) complain("its table has no description");
    if (!plugin->close) return complain("its table has no close");
    plugin->close();
}

void check_refusal_pointer(const std::string& path, const Complain& complain) {
    TrialHost host(path);
    npk_host table = host.complete_table();
    table.abi_version = (NPK_ABI_MAJOR + 1) << 16;
    if (host.open(table, nullptr)) complain("accepted another major version when `why` is null");
    // Room for the code and four characters: a longer text must be cut.
    const EdgeMemory memory(12);
    auto* why = static_cast<npk_refusal*>(memory.data());
    why->struct_size = 12;
    if (host.open(table, why)) complain("accepted another major version when `why` is short");
}

void check_majors(const std::string& path, const Complain& complain) {
    TrialHost host(path);
    npk_host table = host.complete_table();
    table.abi_version = (NPK_ABI_MAJOR + 1) << 16;
    expect_refusal(host, table, NPK_REFUSAL_HOST_TOO_NEW, "a host of the next major version", complain);
    table.abi_version = (NPK_ABI_MAJOR - 1) << 16;
    expect_refusal(host, table, NPK_REFUSAL_HOST_TOO_OLD, "a host of the former major version", complain);
    if (!host.record.functions.empty()) complain("registered functions with a host that it refused");
}

void check_short_tables(const std::string& path, const Complain& complain) {
    TrialHost host(path);
    npk_host table = host.complete_table();
    for (const std::size_t size :
         {std::size_t{8}, offsetof(npk_host, register_function), offsetof(npk_host, report)}) {
        table.struct_size = static_cast<std::uint32_t>(size);
        expect_refusal(host, table, NPK_REFUSAL_HOST_TOO_OLD, fmt::format("a host table of {} bytes", size),
                       complain);
    }
}

void check_null_slots(const std::string& path, const Complain& complain) {
    TrialHost host(path);
    npk_host table = host.complete_table();
    table.register_function = nullptr;
    expect_refusal(host, table, NPK_REFUSAL_SLOT_MISSING, "a host without register_function", complain);
    table = host.complete_table();
    table.report = nullptr;
    expect_refusal(host, table, NPK_REFUSAL_SLOT_MISSING, "a host without report", complain);
}

void check_smallest_host(const std::string& path, const Complain& complain) {
    TrialHost host(path);
    npk_host table = host.complete_table();
    table.struct_size = offsetof(npk_host, locate);
    npk_refusal why = fresh_refusal();
    if (const npk_plugin* plugin = host.open(table, &why))
        plugin->close();
    else
        complain(fmt::format("refused a host without optional members: \"{:.200s}\"", why.text));
    table = host.complete_table();
    table.locate = nullptr;
    table.describe = nullptr;
    table.get_extension = nullptr;
    table.name = nullptr;
    table.version = nullptr;
    if (const npk_plugin* plugin = host.open(table, &why))
        plugin->close();
    else
        complain(fmt::format("refused a host whose optional members are null: \"{:.200s}\"", why.text));
}

void check_newer_minor(const std::string& path, const Complain& complain) {
    TrialHost host(path);
    npk_host table = host.complete_table();
    table.abi_version = NPK_ABI_VERSION + 1;
    table.struct_size = sizeof table + 64;
    npk_refusal why = fresh_refusal();
    if (const npk_plugin* plugin = host.open(table, &why))
        plugin->close();
    else
        complain(fmt::format("refused a newer minor version: \"{:.200s}\"", why.text));
}

void check_taken_names(const std::string& path, const Complain& complain) {
    TrialHost probe(path);
    const npk_plugin* plugin = open_plainly(probe, complain);
    if (!plugin) return;
    const bool registers = !probe.record.functions.empty();
    plugin->close();
    if (!registers) return;
    probe.record.refuse_names = true;
    expect_refusal(probe, probe.complete_table(), NPK_REFUSAL_NAME_TAKEN, "a host whose names are taken",
                   complain);
}

void check_second_host(const std::string& path, const Complain& complain) {
    TrialHost first(path);
    const npk_plugin* plugin = open_plainly(first, complain);
    if (!plugin) return;
    TrialHost second(path);
    expect_refusal(second, second.complete_table(), NPK_REFUSAL_ALREADY_OPEN,
                   "a second host while it is open", complain);
    plugin->close();
}

// ---- what is registered ----

bool is_name(std::string_view name) {
    return !name.empty() && !(name.front() >= '0' && name.front() <= '9') &&
           std::ranges::all_of(
               name, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
}

void check_signature_of(const npk_function& function, const Complain& complain) {
    const SignatureText text = read_signature(function.signature ? function.signature : "");
    if (!text.valid)
        return complain(fmt::format("{}: \"{}\" is not a signature", function.name,
                                    function.signature ? function.signature : "(null)"));
    bool agrees = text.result == function.result_kind && text.parameters.size() == function.parameter_count;
    for (std::uint32_t i = 0; agrees && i < function.parameter_count; ++i)
        agrees = text.parameters[i] == function.parameters[i].kind;
    if (!agrees)
        complain(fmt::format("{}: its signature {} does not agree with its parameters and result",
                             function.name, function.signature));
}

void check_function(const npk_function& function, std::set<std::string>& names, const Complain& complain) {
    if (function.struct_size < offsetof(npk_function, context) + sizeof function.context)
        return complain(fmt::format("a function has struct_size {}", function.struct_size));
    if (!function.name || !is_name(function.name))
        return complain(fmt::format("\"{}\" is not a name", function.name ? function.name : "(null)"));
    if (!names.insert(function.name).second) complain(fmt::format("{} is registered twice", function.name));
    if (!function.documentation || !*function.documentation)
        complain(fmt::format("{} has no documentation", function.name));
    if (!function.invoke) complain(fmt::format("{} has no invoke entry", function.name));
    if ((function.flags & (NPK_FUNCTION_BUILTIN | NPK_FUNCTION_EXTERN)) == 0)
        complain(fmt::format("{} is neither builtin nor extern", function.name));
    if (function.result_role != NPK_ROLE_NONE && function.result_role != NPK_ROLE_MINTS)
        complain(fmt::format("{}: its result has role {}", function.name, function.result_role));
    if (function.parameter_count > NPK_MAX_PARAMETERS ||
        (function.parameter_count > 0 && !function.parameters))
        return complain(fmt::format("{} has {} parameters", function.name, function.parameter_count));
    for (std::uint32_t i = 0; i < function.parameter_count; ++i) {
        const npk_parameter& parameter = function.parameters[i];
        if (!parameter.name || !*parameter.name)
            complain(fmt::format("{}: parameter {} has no name", function.name, i + 1));
        if (parameter.role == NPK_ROLE_MINTS || parameter.role > NPK_ROLE_BORROWS)
            complain(fmt::format("{}: parameter {} has role {}", function.name, i + 1, parameter.role));
    }
    check_signature_of(function, complain);
}

void check_functions(const std::string& path, const Complain& complain) {
    TrialHost host(path);
    const npk_plugin* plugin = open_plainly(host, complain);
    if (!plugin) return;
    std::set<std::string> names;
    for (const npk_function* function : host.record.functions) {
        if (function)
            check_function(*function, names, complain);
        else
            complain("registered a null function");
    }
    plugin->close();
    for (const std::string& name : host.record.late_registrations)
        complain(fmt::format("registered {} outside of npk_plugin_open", name));
}

/// Calls with arguments that cannot be right; nothing must run, so nothing can break.
void check_bad_arguments_of(const npk_function& function, const Complain& complain) {
    std::vector<npk_value> arguments(function.parameter_count + 1);
    for (std::uint32_t i = 0; i < function.parameter_count; ++i)
        arguments[i].kind = function.parameters[i].kind;
    npk_value result{};
    const auto expect = [&](std::uint32_t count, std::string_view what) {
        const npk_status status = function.invoke(function.context, arguments.data(), count, &result);
        if (status != NPK_BAD_ARGUMENTS)
            complain(fmt::format("{}: a call with {} gave status {}", function.name, what,
                                 static_cast<int>(status)));
    };
    expect(function.parameter_count + 1, "an argument too many");
    if (function.parameter_count == 0) return;
    expect(function.parameter_count - 1, "an argument too few");
    for (std::uint32_t i = 0; i < function.parameter_count; ++i) {
        const std::uint32_t right = arguments[i].kind;
        arguments[i].kind = right == NPK_KIND_F64 ? NPK_KIND_I64 : NPK_KIND_F64;
        expect(function.parameter_count, fmt::format("argument {} of a wrong kind", i + 1));
        arguments[i].kind = 1000;
        expect(function.parameter_count, fmt::format("argument {} of an unknown kind", i + 1));
        arguments[i].kind = right;
    }
}

void check_bad_arguments(const std::string& path, const Complain& complain) {
    TrialHost host(path);
    const npk_plugin* plugin = open_plainly(host, complain);
    if (!plugin) return;
    for (const npk_function* function : host.record.functions) {
        if (function && function->invoke && function->parameters == nullptr && function->parameter_count > 0)
            continue; // told by another rule
        if (function && function->invoke) check_bad_arguments_of(*function, complain);
    }
    plugin->close();
    for (const std::string& fault : host.record.bad_diagnostics)
        complain(fault);
}

// ---- behaviour while open ----

void check_unknown_names(const std::string& path, const Complain& complain) {
    TrialHost host(path);
    const npk_plugin* plugin = open_plainly(host, complain);
    if (!plugin) return;
    if (plugin->get_extension && plugin->get_extension("npk.there-is-no-such-extension/1"))
        complain("offers an extension that does not exist");
    if (plugin->resolve) {
        npk_refusal why = fresh_refusal();
        if (plugin->resolve("there_is_no_such_function", &why))
            complain("resolves a name that does not exist");
        else if (why.code == NPK_REFUSAL_NONE || why.text[0] == '\0')
            complain("refuses to resolve a name without saying why");
        if (plugin->resolve("there_is_no_such_function", nullptr))
            complain("resolves a name that does not exist when `why` is null");
    }
    plugin->close();
}

void check_table_copied(const std::string& path, const Complain& complain) {
    TrialHost host(path);
    const npk_plugin* plugin = open_plainly(host, complain);
    if (!plugin) return;
    host.spoil_table();
    for (const npk_function* function : host.record.functions) {
        if (function && function->invoke && (function->parameters || function->parameter_count == 0))
            check_bad_arguments_of(*function, [](const std::string&) {});
    }
    plugin->close();
}

void check_errno(const std::string& path, const Complain& complain) {
    constexpr int mark = 4095;
    TrialHost host(path);
    errno = mark;
    const npk_plugin* plugin = open_plainly(host, complain);
    if (errno != mark) complain("npk_plugin_open changes errno");
    if (!plugin) return;
    if (plugin->get_extension) {
        errno = mark;
        (void)plugin->get_extension("npk.there-is-no-such-extension/1");
        if (errno != mark) complain("get_extension changes errno");
    }
    errno = mark;
    plugin->close();
    if (errno != mark) complain("close changes errno");
}

void check_reopening(const std::string& path, const Complain& complain) {
    constexpr int rounds = 100;
    TrialHost host(path);
    std::size_t registered = 0;
    for (int round = 0; round < rounds; ++round) {
        host.record.functions.clear();
        const npk_plugin* plugin = open_plainly(host, complain);
        if (!plugin) return complain(fmt::format("after {} openings and closings", round));
        if (round > 0 && host.record.functions.size() != registered)
            return complain(fmt::format("registered {} functions at first, {} later", registered,
                                        host.record.functions.size()));
        registered = host.record.functions.size();
        plugin->close();
    }
}

constexpr std::array<Rule, 16> all_rules{{
    {"loads", "is a shared object that exports " NPK_PLUGIN_SYMBOL, check_loads, false},
    {"opens", "accepts a complete host of this version and gives a complete table", check_opens, false},
    {"refuses-other-majors", "refuses hosts of another major version, saying which is too old", check_majors,
     false},
    {"refuses-short-tables", "refuses host tables without the required members", check_short_tables, false},
    {"refuses-null-slots", "refuses hosts whose required members are null", check_null_slots, false},
    {"writes-within-refusals", "writes no more of a refusal than there is room, and none when it is null",
     check_refusal_pointer, false},
    {"accepts-the-smallest-host", "works without any optional member, and reads nothing beyond struct_size",
     check_smallest_host, true},
    {"accepts-newer-minors", "ignores what a newer minor version appended", check_newer_minor, true},
    {"refuses-taken-names", "refuses to open when a name is taken", check_taken_names, true},
    {"refuses-a-second-host", "refuses another host while it is open", check_second_host, true},
    {"describes-its-functions", "registers well-formed functions, each once, during the opening only",
     check_functions, true},
    {"checks-arguments", "refuses arguments of wrong number and kind with NPK_BAD_ARGUMENTS",
     check_bad_arguments, true},
    {"refuses-unknown-names", "knows no extension and no function that it does not have, and says so",
     check_unknown_names, true},
    {"copies-the-table", "does not use the host's table after the opening", check_table_copied, true},
    {"keeps-errno", "leaves errno as it was", check_errno, true},
    {"reopens", "can be closed and opened again, a hundred times", check_reopening, true},
}};

} // namespace

std::span<const Rule> rules() {
    return all_rules;
}

} // namespace npk::validate
