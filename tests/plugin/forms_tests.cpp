// One record, three forms: what the host's callback receives, its JSON and its text agree member by member, for every kind
// of refusal.
#include "mock_host.hpp"

#include <boost/property_tree/json_parser.hpp>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <sys/mman.h>

using namespace npk::test;
namespace data = boost::unit_test::data;
namespace property_tree = boost::property_tree;

namespace {

template <std::size_t (*npk_pages_extension::*form)(const npk_diagnostic*, char*, std::size_t)>
std::string formed(const npk_pages_extension& pages, const npk_diagnostic& report) {
    std::string text((pages.*form)(&report, nullptr, 0) + 1, '\0');
    const std::size_t size = (pages.*form)(&report, text.data(), text.size());
    BOOST_TEST(size == text.size() - 1);
    text.resize(size);
    return text;
}

std::string hexadecimal(std::uint64_t number) {
    std::ostringstream text;
    text << "0x" << std::hex << number;
    return text.str();
}

// Compares one record's JSON with the record, and remembers which members it has looked at.
class JsonCheck {
public:
    explicit JsonCheck(const std::string& text) {
        std::istringstream stream(text);
        property_tree::read_json(stream, json_);
    }

    void text(const char* name, const char* expected) { member(name, expected ? std::string(expected) : ""); }
    void number(const char* name, std::uint64_t expected) {
        member(name, expected ? std::to_string(expected) : "");
    }
    void address(const char* name, std::uint64_t expected) {
        member(name, expected ? hexadecimal(expected) : "");
    }

    void event(const std::string& name, const npk_event& event) {
        BOOST_TEST(json_.get_child_optional(name).has_value() == (event.happened != 0), name);
        if (event.happened == 0) return;
        location(name, event.at);
        if (event.caller.program) location(name + ".caller", event.caller);
        BOOST_TEST(json_.get(name + ".thread", "") == std::to_string(event.thread));
        seen_.insert(name);
    }

    void expect_nothing_else() const {
        for (const auto& [name, value] : json_)
            BOOST_TEST(seen_.contains(name), "a member that nobody knows: " << name);
    }

private:
    void member(const std::string& name, const std::string& expected) {
        BOOST_TEST(json_.get(name, "") == expected,
                   name << ": " << json_.get(name, "") << ", not " << expected);
        seen_.insert(name);
    }
    void location(const std::string& name, const npk_location& place) {
        BOOST_TEST(json_.get(name + ".program", "") == (place.program ? place.program : ""));
        BOOST_TEST(json_.get(name + ".function", "") == (place.function ? place.function : ""));
        BOOST_TEST(json_.get(name + ".line", 0u) == place.line);
        BOOST_TEST(json_.get(name + ".column", 0u) == place.column);
    }

    property_tree::ptree json_;
    std::set<std::string> seen_;
};

void check_json(const std::string& text, const npk_diagnostic& report) {
    BOOST_TEST(text.find('\n') == text.npos);
    JsonCheck json(text);
    const char* severities[] = {"", "error", "warning", "note"};
    const char* operations[] = {"none", "mint",   "install", "bind",  "seal",
                                "call", "verify", "free",    "close", "fault"};
    const char* states[] = {"UNINITIALIZED", "WRITABLE", "EXECUTABLE", "FREED"};
    json.text("code", report.word);
    json.text("severity", severities[report.severity]);
    json.text("operation", operations[report.operation]);
    json.text("state", states[report.state]);
    json.text("message", report.message);
    json.text("hint", report.hint);
    json.text("rule", report.rule);
    json.number("page", report.page);
    json.number("generation", report.generation);
    json.address("address", report.address);
    json.address("pointer", report.pointer);
    json.number("requested", report.requested);
    json.number("mapped", report.mapped);
    json.text("offset", report.offset ? std::to_string(report.offset).c_str() : nullptr);
    json.number("repeats", report.repeats);
    json.number("bytes", report.bytes);
    json.address("hash", report.hash);
    json.address("hash_now", report.hash_now);
    json.text("expected_signature", report.expected_signature);
    json.text("actual_signature", report.actual_signature);
    json.text("disassembly", report.disassembly);
    json.text("function", report.function);
    json.number("system_error", static_cast<std::uint32_t>(report.system_error));
    json.number("executing_thread", report.executing_thread);
    json.number("mappings", report.mappings);
    json.number("mapping_limit", report.mapping_limit);
    json.number("address_space", report.address_space);
    json.number("address_space_limit", report.address_space_limit);
    json.number("quota", report.quota);
    json.number("quota_used", report.quota_used);
    json.number("process", report.process);
    json.number("signal", report.signal);
    json.address("instruction", report.instruction);
    json.number("story_lost", report.story_lost);
    json.event("minted", report.minted);
    json.event("sealed", report.sealed);
    json.event("freed", report.freed);
    json.event("misused", report.misused);
    json.expect_nothing_else();
}

std::string place_text(const npk_location& place) {
    return std::string(place.program) + ":" + std::to_string(place.line) + ":" + std::to_string(place.column);
}

void check_text(const std::string& text, const npk_diagnostic& report) {
    const auto has = [&](const std::string& part) {
        BOOST_TEST((text.find(part) != text.npos), "no \"" << part << "\" in\n" << text);
    };
    const auto has_step = [&](const char* what, const npk_event& step) {
        if (step.happened == 0) return;
        has(std::string(what) + " at " + place_text(step.at) + " in `" + step.at.function + "`");
        has("by thread " + std::to_string(step.thread));
        if (step.caller.program) has("called from " + place_text(step.caller));
    };
    BOOST_TEST(text.starts_with(place_text(report.misused.at) + ": "), text);
    has(std::string(": [") + report.word + "] " + report.message + "\n");
    if (report.page != 0) {
        has("page #" + std::to_string(report.page) + " (" + std::to_string(report.requested) + " byte");
        has(hexadecimal(report.address));
    }
    if (report.code != NPK_CODE_LEAK && report.pointer != 0) has(hexadecimal(report.pointer));
    has_step("minted", report.minted);
    has_step("sealed", report.sealed);
    has_step("freed", report.freed);
    for (const char* whole : {report.hint, report.rule, report.disassembly, report.expected_signature})
        if (whole && !(whole == report.expected_signature && report.code != NPK_CODE_SIGNATURE_MISMATCH))
            has(whole);
}

struct Forms : PluginFixture {
    const npk_pages_extension& pages = plugin.extension<npk_pages_extension>(NPK_EXTENSION_PAGES);

    Forms() { host.at(12, 14); }

    char* writable() {
        host.at(3, 30);
        char* page = static_cast<char*>(plugin.alloc(64));
        host.at(12, 14);
        return page;
    }
    char* sealed() {
        char* page = writable();
        host.at(5, 9);
        plugin.install(page);
        plugin.seal(page);
        host.at(12, 14);
        return page;
    }
    char* freed() {
        char* page = sealed();
        host.at_library({90, 2}, {8, 5});
        plugin.free(page);
        host.at(12, 14);
        return page;
    }
};

struct Crime {
    const char* word;
    void (*commit)(Forms& forms);
};
std::ostream& operator<<(std::ostream& stream, const Crime& crime) {
    return stream << crime.word;
}

int variable = 0;

const Crime crimes[] = {
    {"wildx-double-free", [](Forms& f) { f.plugin.free(f.freed()); }},
    {"wildx-use-after-free", [](Forms& f) { f.plugin.call(f.freed(), 1, 2); }},
    {"wildx-already-sealed", [](Forms& f) { f.plugin.seal(f.sealed()); }},
    {"wildx-not-sealed", [](Forms& f) { f.plugin.call(f.writable(), 1, 2); }},
    {"wildx-foreign-pointer", [](Forms& f) { f.plugin.free(&variable); }},
    {"wildx-null-pointer", [](Forms& f) { f.plugin.seal(nullptr); }},
    {"wildx-interior-pointer", [](Forms& f) { f.plugin.free(f.sealed() + 70); }},
    {"wildx-guard-pointer", [](Forms& f) { f.plugin.free(f.sealed() - 3); }},
    {"wildx-bad-size", [](Forms& f) { f.plugin.alloc(-5); }},
    {"wildx-quota", [](Forms& f) { f.plugin.alloc(std::int64_t{1} << 40); }},
    {"wildx-too-long",
     [](Forms& f) {
         const auto install =
             f.plugin.library().symbol<int(void*, const void*, std::int64_t)>("npk_jit_install_bytes");
         static const char code[5000] = {};
         install(f.writable(), code, sizeof code);
     }},
    {"wildx-signature-mismatch",
     [](Forms& f) { f.plugin.invoke("npk_jit_call_f64_f64", f.sealed(), 1.0, 2.0); }},
    {"wildx-code-changed",
     [](Forms& f) {
         char* page = f.sealed();
         mprotect(page, 4096, PROT_READ | PROT_WRITE | PROT_EXEC);
         page[0] = '\x90';
         f.pages.verify(page);
     }},
    {"wildx-untagged",
     [](Forms& f) {
         f.plugin.extension<npk_calls_extension>(NPK_EXTENSION_CALLS).allow_untagged(0);
         char* page = f.writable();
         f.plugin.seal(page);
         f.plugin.call(page, 1, 2);
     }},
    {"wildx-leak",
     [](Forms& f) {
         f.sealed();
         f.host.at(3, 30);
         f.plugin.alloc(8);
         f.plugin.close();
     }},
};

} // namespace

BOOST_DATA_TEST_CASE_F(Forms, forms_agree, data::make(crimes), crime) {
    static const npk_pages_extension* asked = nullptr;
    static int compared = 0;
    asked = &pages;
    compared = 0;
    host.on_report = [](MockHost&, const npk_diagnostic& report) {
        const std::string json = formed<&npk_pages_extension::diagnostic_to_json>(*asked, report);
        BOOST_TEST_CONTEXT(json) {
            check_json(json, report);
        }
        check_text(formed<&npk_pages_extension::diagnostic_to_text>(*asked, report), report);
        ++compared;
    };
    crime.commit(*this);
    host.on_report = nullptr;
    BOOST_TEST(compared >= 1);
    BOOST_TEST(host.reports().front().word == crime.word);
}
