#include "report_json.hpp"

#include "json.hpp"

#include <array>

namespace npk::host {
namespace {

constexpr std::array<std::string_view, 4> severities{"unknown", "error", "warning", "note"};
constexpr std::array<std::string_view, 11> operations{"none",   "mint", "install", "bind",  "seal", "call",
                                                      "verify", "free", "close",   "fault", "swap"};
constexpr std::array<std::string_view, 4> states{"UNINITIALIZED", "WRITABLE", "EXECUTABLE", "FREED"};

template <std::size_t count>
std::string_view word(const std::array<std::string_view, count>& words, std::uint32_t number) {
    return number < count ? words[number] : "unknown";
}

/// One object whose members are left out where they say nothing: a null text, a zero.
class SparseObject {
public:
    explicit SparseObject(TextSink& sink) : sink_(sink), object_(sink) {}

    void text(std::string_view name, const char* value) {
        if (value) object_.member(name, value);
    }
    void text(std::string_view name, std::string_view value) { object_.member(name, value); }
    void number(std::string_view name, std::uint64_t value) {
        if (value != 0) object_.member(name, value);
    }
    void signed_number(std::string_view name, std::int64_t value) {
        if (value == 0) return;
        object_.key(name);
        if (value < 0) sink_.write("-");
        const auto bits = static_cast<std::uint64_t>(value);
        sink_.decimal(value < 0 ? 0 - bits : bits);
    }
    void address(std::string_view name, std::uint64_t value) {
        if (value == 0) return;
        object_.key(name);
        sink_.write("\"");
        sink_.hexadecimal(value);
        sink_.write("\"");
    }
    TextSink& under(std::string_view name) {
        object_.key(name);
        return sink_;
    }

private:
    TextSink& sink_;
    JsonObject object_;
};

void write_location(SparseObject& object, const npk_location& location) {
    object.text("program", location.program);
    object.text("function", location.function);
    object.number("line", location.line);
    object.number("column", location.column);
}

void write_event(SparseObject& report, std::string_view name, const npk_event& event) {
    if (!event.happened) return;
    SparseObject object(report.under(name));
    write_location(object, event.at);
    if (event.caller.program) {
        SparseObject caller(object.under("caller"));
        write_location(caller, event.caller);
    }
    object.number("thread", event.thread);
}

void write_page(SparseObject& object, const npk_diagnostic& report) {
    object.number("page", report.page);
    object.number("generation", report.generation);
    object.address("address", report.address);
    object.address("pointer", report.pointer);
    object.number("requested", report.requested);
    object.number("mapped", report.mapped);
    object.signed_number("offset", report.offset);
    object.number("repeats", report.repeats);
    object.number("bytes", report.bytes);
    object.address("hash", report.hash);
    object.address("hash_now", report.hash_now);
    object.text("expected_signature", report.expected_signature);
    object.text("actual_signature", report.actual_signature);
    object.text("disassembly", report.disassembly);
    object.text("function", report.function);
}

void write_figures(SparseObject& object, const npk_diagnostic& report) {
    object.number("system_error", static_cast<std::uint32_t>(report.system_error));
    object.number("executing_thread", report.executing_thread);
    object.number("mappings", report.mappings);
    object.number("mapping_limit", report.mapping_limit);
    object.number("address_space", report.address_space);
    object.number("address_space_limit", report.address_space_limit);
    object.number("quota", report.quota);
    object.number("quota_used", report.quota_used);
    object.number("process", report.process);
    object.number("signal", report.signal);
    object.address("instruction", report.instruction);
    object.number("story_lost", report.story_lost);
}

} // namespace

void write_report_json(TextSink& sink, const npk_diagnostic& report) {
    SparseObject object(sink);
    object.text("code", std::string_view(report.word ? report.word : ""));
    object.text("severity", word(severities, report.severity));
    object.text("operation", word(operations, report.operation));
    object.text("state", word(states, report.state));
    object.text("message", std::string_view(report.message ? report.message : ""));
    object.text("hint", report.hint);
    object.text("rule", report.rule);
    write_page(object, report);
    write_figures(object, report);
    write_event(object, "minted", report.minted);
    write_event(object, "sealed", report.sealed);
    write_event(object, "freed", report.freed);
    write_event(object, "misused", report.misused);
}

} // namespace npk::host
