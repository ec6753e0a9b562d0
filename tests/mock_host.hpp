// A host for tests: loads the built plugin as any other host does, and records what it is told.
#pragma once

#include "npk_abi.h"

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace npk::test {

// Where the build put the plugin; NPK_TEST_PLUGIN in the environment names another one.
std::string plugin_path();

// A diagnostic as the host received it. The texts of `raw` are copied beside it, since they live only during
// the report; its locations point to texts of the mock host, which live for ever.
struct Report {
    npk_diagnostic raw;
    std::string word, message, hint, rule, expected_signature, actual_signature, disassembly, function;
};

// A line and column of the pretended program "mock.npk", or of the pretended library "library.npk".
struct Place {
    std::uint32_t line = 0;
    std::uint32_t column = 0;
    bool operator==(const Place&) const = default;
};

// The place of an event; nothing when the event did not happen. Fails the test when it is not in "mock.npk".
std::optional<Place> place_of(const npk_event& event);

class MockHost {
public:
    MockHost();
    MockHost(const MockHost&) = delete;
    MockHost& operator=(const MockHost&) = delete;

    // The table to be handed to a plugin; tests may tamper with it before that.
    npk_host table;

    // Moves the calling thread to a line of the program, in the function `main`.
    static void at(std::uint32_t line, std::uint32_t column = 1);
    // Moves the calling thread into library code that was called from `caller`.
    static void at_library(Place in_library, Place caller);
    static void nowhere();

    // What the plugin may ask for with get_extension; npk.options/1 is always there.
    void set_option(const std::string& name, const std::string& value) { options_[name] = value; }
    void add_extension(const std::string& id, const void* extension) { extensions_[id] = extension; }

    // Names that register_function refuses as taken.
    void take_name(const std::string& name) { taken_.push_back(name); }

    std::vector<const npk_function*> functions() const { return functions_; }
    void forget_functions() { functions_.clear(); }
    // Null when no function of this name was registered.
    const npk_function* find(std::string_view name) const;

    std::vector<Report> reports() const;
    void forget_reports();
    // For a fork: no thread is amidst of a report meanwhile, or the child could never report.
    std::unique_lock<std::mutex> hold_reports() { return std::unique_lock(mutex_); }
    // Called, if set, by each report after it was recorded.
    void (*on_report)(MockHost& host, const npk_diagnostic& diagnostic) = nullptr;

private:
    static MockHost& of(void* data) { return *static_cast<MockHost*>(data); }
    static npk_status register_function(void* data, const npk_function* function);
    static void report(void* data, const npk_diagnostic* diagnostic);
    static std::uint64_t locate(void* data);
    static std::uint32_t describe(void* data, std::uint64_t token, npk_place* place);
    static const void* get_extension(void* data, const char* id);
    static const char* option(void* data, const char* name);

    std::vector<const npk_function*> functions_;
    std::vector<std::string> taken_;
    std::map<std::string, std::string> options_;
    std::map<std::string, const void*> extensions_;
    npk_options_extension options_extension_;
    mutable std::mutex mutex_; // guards reports_: plugins report from any thread
    std::vector<Report> reports_;
};

// The shared object, loaded; unloaded at the end.
class Library {
public:
    explicit Library(const std::string& path = plugin_path());
    ~Library();
    Library(const Library&) = delete;
    Library& operator=(const Library&) = delete;

    // Null when there is no such symbol.
    void* find(const char* name) const;
    template <class Signature>
    Signature* symbol(const char* name) const {
        return reinterpret_cast<Signature*>(find(name));
    }
    const npk_plugin* open(const npk_host& host, npk_refusal* why = nullptr) const;

private:
    void* handle_;
};

// What an invoke entry came to.
struct Outcome {
    npk_status status;
    npk_value result;
};

npk_value value(const void* pointer);
npk_value value(std::int32_t number);
npk_value value(std::int64_t number);
npk_value value(double number);

// A library that a mock host has opened, and closes at the end. Throws when the plugin refuses.
class Plugin {
public:
    explicit Plugin(MockHost& host);
    ~Plugin();
    Plugin(const Plugin&) = delete;
    Plugin& operator=(const Plugin&) = delete;

    void close();
    const npk_plugin& table() const { return *table_; }
    const Library& library() const { return library_; }

    // The registered function, or the one that the plugin resolves the name to. Throws when there is none.
    const npk_function& function(std::string_view name) const;

    // Calls through the invoke entry.
    Outcome invoke_values(std::string_view name, const std::vector<npk_value>& arguments) const;
    template <class... Arguments>
    Outcome invoke(std::string_view name, Arguments... arguments) const {
        return invoke_values(name, {value(arguments)...});
    }

    // The same function as a C function, through the address that was registered.
    template <class Signature>
    Signature* address(std::string_view name) const {
        return reinterpret_cast<Signature*>(function(name).address);
    }

    // The plugin's extension. Throws when it is not offered.
    template <class Extension>
    const Extension& extension(const char* id) const {
        return *static_cast<const Extension*>(find_extension(id));
    }

    // Short forms of the operations, through their invoke entries; they fail the test when the status is
    // neither NPK_OK nor NPK_REFUSED.
    void* alloc(std::int64_t size) const;
    int install(const void* page) const;
    int seal(const void* page) const;
    int free(const void* page) const;
    Outcome call(const void* page, std::int32_t a, std::int32_t b) const;

private:
    const void* find_extension(const char* id) const;
    int operate(std::string_view name, const void* page) const;

    MockHost& host_;
    Library library_;
    const npk_plugin* table_;
};

// A mock host and its plugin, opened; the usual fixture.
struct PluginFixture {
    MockHost host;
    Plugin plugin{host};

    // The only report since the last call; fails the test when there is not exactly one.
    Report only_report();
    npk_page_info info(const void* address) const;
    npk_statistics statistics() const;
};

} // namespace npk::test
