#include "evaluate.hpp"

#include "check/checker.hpp"
#include "run/lowering.hpp"
#include "run/machine.hpp"

#include <array>
#include <cstdio>
#include <cstring>
#include <dlfcn.h>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <unistd.h>

namespace npk::testing {

namespace {

npk_status twice(void*, const npk_value* args, std::uint32_t, npk_value* result) {
    result->i = args[0].i * 2;
    return NPK_OK;
}

npk_status apply(void*, const npk_value* args, std::uint32_t, npk_value* result) {
    const auto& callable = *static_cast<const npk_callable*>(args[0].ptr);
    std::int64_t sum = 0;
    for (std::int64_t i = 0; i < 2; ++i) {
        npk_value argument{};
        argument.kind = NPK_KIND_I64;
        argument.i = args[1].i + i;
        npk_value given{};
        given.kind = NPK_KIND_I64;
        if (callable.invoke(callable.context, &argument, 1, &given) == NPK_OK) sum += given.i;
    }
    std::cerr << "native returns\n";
    result->i = sum;
    return NPK_OK;
}

npk_status length(void*, const npk_value* args, std::uint32_t, npk_value* result) {
    result->i = static_cast<std::int64_t>(std::strlen(static_cast<const char*>(args[0].ptr)));
    return NPK_OK;
}

npk_status swap_pair(void*, const npk_value* args, std::uint32_t, npk_value* result) {
    std::array<std::int32_t, 2> pair{};
    if (args[0].size != sizeof pair || result->size != sizeof pair) return NPK_BAD_ARGUMENTS;
    std::memcpy(pair.data(), args[0].ptr, sizeof pair);
    std::swap(pair[0], pair[1]);
    std::memcpy(result->ptr, pair.data(), sizeof pair);
    return NPK_OK;
}

npk_status dirty(void*, const npk_value*, std::uint32_t, npk_value* result) {
    result->u = 0xabcdef80U;
    return NPK_OK;
}

npk_status refuse(void*, const npk_value*, std::uint32_t, npk_value*) {
    return NPK_TRAP;
}

npk_status confused(void*, const npk_value*, std::uint32_t, npk_value*) {
    return NPK_BAD_ARGUMENTS;
}

/// The functions above as a plugin's table.
class TestNatives final : public check::Natives {
public:
    TestNatives() {
        add("test_twice", "i32(i32)", {NPK_KIND_I32}, NPK_KIND_I32, twice);
        add("test_apply", "i64(function,i64)", {NPK_KIND_FUNCTION, NPK_KIND_I64}, NPK_KIND_I64, apply);
        add("test_length", "i64(string)", {NPK_KIND_STRING}, NPK_KIND_I64, length);
        add("test_swap", "{i32,i32}({i32,i32})", {NPK_KIND_STRUCT}, NPK_KIND_STRUCT, swap_pair);
        add("test_dirty", "i8()", {}, NPK_KIND_I8, dirty);
        add("test_refuse", "void()", {}, NPK_KIND_VOID, refuse);
        add("test_confused", "void(i32)", {NPK_KIND_I32}, NPK_KIND_VOID, confused);
    }

    const npk_function* builtin(std::string_view) const override { return nullptr; }
    const npk_function* find(std::string_view name, std::string&) const override {
        for (const Entry& entry : entries_)
            if (name == entry.function.name) return &entry.function;
        return nullptr;
    }
    void* process_symbol(const std::string& name) const override {
        return ::dlsym(RTLD_DEFAULT, name.c_str());
    }
    std::vector<const npk_function*> all() const override {
        std::vector<const npk_function*> functions;
        for (const Entry& entry : entries_)
            functions.push_back(&entry.function);
        return functions;
    }

private:
    struct Entry {
        npk_function function{};
        std::vector<npk_parameter> parameters;
    };

    void add(const char* name, const char* signature, std::vector<std::uint32_t> kinds, std::uint32_t result,
             npk_invoke invoke) {
        Entry& entry = entries_.emplace_back();
        for (const std::uint32_t kind : kinds)
            entry.parameters.push_back({kind, NPK_ROLE_NONE, "value", kind == NPK_KIND_STRUCT ? 8U : 0U, 0});
        npk_function& function = entry.function;
        function.struct_size = sizeof function;
        function.flags = NPK_FUNCTION_EXTERN;
        function.name = name;
        function.signature = signature;
        function.documentation = "for tests";
        function.parameters = entry.parameters.data();
        function.parameter_count = static_cast<std::uint32_t>(entry.parameters.size());
        function.result_kind = result;
        function.result_size = result == NPK_KIND_STRUCT ? 8 : 0;
        function.invoke = invoke;
    }

    std::deque<Entry> entries_;
};

class PrintingServices final : public run::Services {
public:
    explicit PrintingServices(const syntax::SourceMap& sources) : sources_(sources) {}
    void report(const syntax::Diagnostic& diagnostic) override {
        std::cerr << diagnostic.code << ' ' << sources_.position(diagnostic.span).line << ' '
                  << diagnostic.message << '\n';
    }
    bool stays_signal(const run::Fault&) noexcept override { return false; }

private:
    const syntax::SourceMap& sources_;
};

/// A file with the program's text, gone with the object.
class ProgramFile {
public:
    explicit ProgramFile(std::string_view text) {
        std::string pattern = (std::filesystem::temp_directory_path() / "npk_run_XXXXXX.npk").string();
        const int descriptor = ::mkstemps(pattern.data(), 4);
        if (descriptor >= 0) ::close(descriptor);
        path = pattern;
        std::ofstream(path) << text;
    }
    ~ProgramFile() { std::filesystem::remove(path); }

    std::filesystem::path path;
};

} // namespace

std::string Evaluated::trap() const {
    for (const std::string& line : test::lines_of(ending.errors)) {
        if (!line.starts_with("trap") && !line.starts_with("heap")) continue;
        const std::size_t code = line.find(' ');
        return line.substr(0, line.find(' ', code + 1));
    }
    return "";
}

Evaluated evaluate(std::string_view program_text) {
    Evaluated result;
    const ProgramFile file(program_text);
    const TestNatives natives;
    syntax::SourceMap sources;
    syntax::Diagnostics diagnostics;
    check::Options options;
    options.search.standard_library = NPK_STANDARD_LIBRARY;
    const auto program = check::check_program(file.path, options, natives, sources, diagnostics);
    const auto code = program ? run::lower(*program, natives, diagnostics) : nullptr;
    for (const syntax::Diagnostic& diagnostic : diagnostics.all())
        if (diagnostic.severity == syntax::Severity::Error)
            result.problems +=
                std::to_string(sources.position(diagnostic.span).line) + ": " + diagnostic.message + "\n";
    if (!result.problems.empty()) return result;
    std::cout.flush();
    std::fflush(stdout); // what the child must not write again
    result.ending = test::run_forked([&] {
        PrintingServices services(sources);
        int status = 0;
        {
            run::Machine machine(*code, sources, services);
            status = machine.run({"one", "two"});
        }
        std::cerr.flush();
        ::_exit(status);
    });
    return result;
}

Evaluated evaluate_body(std::string_view statements) {
    return evaluate("func:failsafe = int32(tbb32:code) { println(`failsafe &{code}`); exit 9; };\n"
                    "func:main = int32() {\n" +
                    std::string(statements) + "\nexit 0; };\n");
}

} // namespace npk::testing
