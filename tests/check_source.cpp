#include "check_source.hpp"

#include "npk_abi.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <dlfcn.h>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <tuple>

namespace npk::testing {

namespace {

using syntax::Diagnostic;
using syntax::Severity;

npk_status never_called(void*, const npk_value*, std::uint32_t, npk_value*) {
    return NPK_UNSUPPORTED;
}

npk_parameter parameter(npk_kind kind, const char* name, npk_role role = NPK_ROLE_NONE) {
    return {static_cast<std::uint32_t>(kind), static_cast<std::uint32_t>(role), name, 0, 0};
}

npk_function function(std::uint32_t flags, const char* name, const char* signature,
                      const npk_parameter* parameters, std::uint32_t count, npk_kind result,
                      const char* resource, npk_role result_role = NPK_ROLE_NONE) {
    npk_function entry{};
    entry.struct_size = sizeof entry;
    entry.flags = flags;
    entry.name = name;
    entry.signature = signature;
    entry.documentation = "";
    entry.parameters = parameters;
    entry.parameter_count = count;
    entry.result_kind = result;
    entry.result_role = result_role;
    entry.resource = resource;
    entry.invoke = never_called;
    return entry;
}

/// A table as a plugin would register it.
class SampleNatives final : public check::Natives {
public:
    const npk_function* builtin(std::string_view name) const override {
        return search(name, NPK_FUNCTION_BUILTIN);
    }
    const npk_function* find(std::string_view name, std::string&) const override {
        return search(name, NPK_FUNCTION_EXTERN);
    }
    /// Nothing is run: whatever the library declares of the real plugin is there.
    void* process_symbol(const std::string& name) const override {
        if (name.starts_with("npk_")) return const_cast<SampleNatives*>(this);
        return dlsym(RTLD_DEFAULT, name.c_str());
    }
    std::vector<const npk_function*> all() const override {
        std::vector<const npk_function*> all;
        for (const npk_function& entry : table_)
            all.push_back(&entry);
        return all;
    }

private:
    const npk_function* search(std::string_view name, std::uint32_t flag) const {
        const auto found = std::find_if(table_.begin(), table_.end(), [&](const npk_function& entry) {
            return entry.name == name && (entry.flags & flag) != 0;
        });
        return found == table_.end() ? nullptr : &*found;
    }

    const std::array<npk_parameter, 1> size_{parameter(NPK_KIND_I64, "size")};
    const std::array<npk_parameter, 1> sealed_{parameter(NPK_KIND_PTR, "page", NPK_ROLE_SEALS)};
    const std::array<npk_parameter, 1> released_{parameter(NPK_KIND_PTR, "page", NPK_ROLE_RELEASES)};
    const std::array<npk_parameter, 1> used_{parameter(NPK_KIND_PTR, "page", NPK_ROLE_BORROWS)};
    const std::array<npk_parameter, 3> called_{parameter(NPK_KIND_PTR, "page", NPK_ROLE_BORROWS),
                                               parameter(NPK_KIND_I32, "a"), parameter(NPK_KIND_I32, "b")};
    const std::array<npk_parameter, 2> put_away_{parameter(NPK_KIND_I32, "shelf"),
                                                 parameter(NPK_KIND_PTR, "gadget", NPK_ROLE_RELEASES)};
    static constexpr std::uint32_t plain = NPK_FUNCTION_BUILTIN | NPK_FUNCTION_ANY_POINTER;
    static constexpr std::uint32_t declared = NPK_FUNCTION_EXTERN | NPK_FUNCTION_ANY_POINTER;
    const std::array<npk_function, 8> table_{
        function(plain, "wildx_alloc", "ptr(i64)", size_.data(), 1, NPK_KIND_PTR, "wildx", NPK_ROLE_MINTS),
        function(plain, "wildx_seal", "i32(ptr)", sealed_.data(), 1, NPK_KIND_I32, "wildx"),
        function(plain, "wildx_free", "i32(ptr)", released_.data(), 1, NPK_KIND_I32, "wildx"),
        function(declared, "npk_jit_install_add_i32", "i32(ptr)", used_.data(), 1, NPK_KIND_I32, "wildx"),
        function(declared, "npk_jit_call_i32_i32", "i32(ptr,i32,i32)", called_.data(), 3, NPK_KIND_I32,
                 "wildx"),
        function(declared, "gadget_open", "ptr()", nullptr, 0, NPK_KIND_PTR, "gadget", NPK_ROLE_MINTS),
        function(declared, "gadget_put_away", "void(i32,ptr)", put_away_.data(), 2, NPK_KIND_VOID, "gadget"),
        function(declared, "gadget_use", "void(ptr)", used_.data(), 1, NPK_KIND_VOID, "gadget"),
    };
};

/// A directory that is gone with the test.
class ScratchDirectory {
public:
    ScratchDirectory() {
        std::string pattern = (std::filesystem::temp_directory_path() / "npk-check-XXXXXX").string();
        if (!mkdtemp(pattern.data())) throw std::runtime_error("cannot make " + pattern);
        path_ = pattern;
    }
    ~ScratchDirectory() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    ScratchDirectory(const ScratchDirectory&) = delete;
    ScratchDirectory& operator=(const ScratchDirectory&) = delete;

    std::filesystem::path write(const std::string& name, std::string_view text) const {
        const auto path = path_ / name;
        std::ofstream(path, std::ios::binary) << text;
        return path;
    }

private:
    std::filesystem::path path_;
};

struct Place {
    std::uint32_t line, column;
    std::string what;
    bool operator<(const Place& other) const {
        return std::tie(line, column, what) < std::tie(other.line, other.column, other.what);
    }
};

std::string listed(std::vector<Place> places) {
    std::sort(places.begin(), places.end());
    std::string text;
    for (const Place& place : places)
        text += std::to_string(place.line) + ":" + std::to_string(place.column) + " " + place.what + "\n";
    return text;
}

/// The places behind the /*^...*/ comments. Comments in a row all mean the place behind the last.
std::string marked(const std::string& text) {
    const syntax::SourceFile file("marked", text, false);
    constexpr std::string_view opening = "/*^";
    std::vector<Place> places;
    for (std::size_t at = text.find(opening); at != std::string::npos; at = text.find(opening, at + 1)) {
        const std::size_t end = text.find("*/", at);
        const std::string what = text.substr(at + opening.size(), end - at - opening.size());
        std::size_t behind = end + 2;
        while (text.compare(behind, opening.size(), opening) == 0)
            behind = text.find("*/", behind) + 2;
        const auto position = file.position(static_cast<std::uint32_t>(behind));
        places.push_back(
            {position.line, position.column, what.starts_with("warning ") ? what : "error " + what});
    }
    return listed(std::move(places));
}

} // namespace

std::string Checked::coded() const {
    std::vector<Place> places;
    for (const Diagnostic& diagnostic : diagnostics.all()) {
        if (diagnostic.code.empty()) continue;
        const auto position = sources.position(diagnostic.span);
        places.push_back(
            {position.line, position.column,
             (diagnostic.severity == Severity::Warning ? "warning " : "error ") + diagnostic.code});
    }
    return listed(std::move(places));
}

std::string Checked::type_errors() const {
    std::string text;
    for (const Diagnostic& diagnostic : diagnostics.all()) {
        if (!diagnostic.code.empty() || diagnostic.severity != Severity::Error) continue;
        const auto position = sources.position(diagnostic.span);
        text += std::to_string(position.line) + ":" + std::to_string(position.column) + " " +
                diagnostic.message + "\n";
    }
    return text;
}

std::vector<Diagnostic> Checked::with_code(std::string_view code) const {
    std::vector<Diagnostic> found;
    for (const Diagnostic& diagnostic : diagnostics.all())
        if (diagnostic.code == code) found.push_back(diagnostic);
    return found;
}

Checked check_source(std::string_view text, const std::vector<std::pair<std::string, std::string>>& modules) {
    static const SampleNatives natives;
    const ScratchDirectory directory;
    for (const auto& [name, module] : modules)
        directory.write(name, module);
    Checked checked;
    checked.text = text;
    check::Options options;
    options.search.standard_library = NPK_STANDARD_LIBRARY;
    checked.program = check::check_program(directory.write("program.npk", text), options, natives,
                                           checked.sources, checked.diagnostics);
    return checked;
}

Checked judge(std::string_view text, const std::vector<std::pair<std::string, std::string>>& modules) {
    Checked checked = check_source(text, modules);
    BOOST_TEST(checked.type_errors() == "", checked.text << checked.type_errors());
    if (checked.coded() != marked(checked.text)) {
        std::string found;
        for (const Diagnostic& diagnostic : checked.diagnostics.all())
            if (!diagnostic.code.empty()) found += "[" + diagnostic.code + "] " + diagnostic.message + "\n";
        BOOST_ERROR("expected\n"
                    << marked(checked.text) << "but found\n"
                    << checked.coded() << found << "in\n"
                    << checked.text);
    }
    BOOST_TEST(!checked.program == checked.diagnostics.has_errors());
    return checked;
}

Checked judge_body(std::string_view statements) {
    return judge("func:failsafe = int32(tbb32:code) { exit 9; };\nfunc:main = int32() {\n" +
                 std::string(statements) + "\n};\n");
}

} // namespace npk::testing
