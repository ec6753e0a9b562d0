#include "json.hpp"

#include "words.hpp"

#include <fmt/format.h>
#include <iterator>

namespace npk::report {

namespace {

/// The length of the UTF-8 sequence at the front (RFC 3629), 0 when it is none.
std::size_t sequence_length(std::string_view text) noexcept {
    const auto byte = [&](std::size_t index) { return static_cast<unsigned char>(text[index]); };
    const unsigned char lead = byte(0);
    const std::size_t length = lead < 0x80                   ? 1
                               : lead >= 0xc2 && lead < 0xe0 ? 2
                               : lead < 0xf0                 ? 3
                               : lead < 0xf5                 ? 4
                                                             : 0;
    if (length == 0 || (lead >= 0x80 && lead < 0xc2) || length > text.size()) return 0;
    for (std::size_t index = 1; index < length; ++index)
        if ((byte(index) & 0xc0) != 0x80) return 0;
    const bool overlong = (lead == 0xe0 && byte(1) < 0xa0) || (lead == 0xf0 && byte(1) < 0x90);
    const bool surrogate = lead == 0xed && byte(1) >= 0xa0;
    const bool beyond = lead == 0xf4 && byte(1) >= 0x90;
    return overlong || surrogate || beyond ? 0 : length;
}

void append_escaped(std::string& out, std::string_view text) {
    while (!text.empty()) {
        const char character = text.front();
        const std::size_t length = sequence_length(text);
        if (length == 0)
            out += "\\ufffd";
        else if (character == '"' || character == '\\')
            out += {'\\', character};
        else if (static_cast<unsigned char>(character) < 0x20)
            fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(character));
        else
            out += text.substr(0, length);
        text.remove_prefix(length == 0 ? 1 : length);
    }
}

JsonObject location_json(const npk_location& location) {
    JsonObject object;
    object.text("program", location.program).text("function", location.function);
    if (location.line != 0) object.number("line", location.line).number("column", location.column);
    return object;
}

} // namespace

void JsonObject::key(std::string_view name) {
    if (!empty()) text_ += ',';
    fmt::format_to(std::back_inserter(text_), "\"{}\":", name);
}

JsonObject& JsonObject::text(std::string_view name, const char* value) {
    if (value == nullptr) return *this;
    key(name);
    text_ += '"';
    append_escaped(text_, value);
    text_ += '"';
    return *this;
}

JsonObject& JsonObject::number(std::string_view name, std::uint64_t value) {
    key(name);
    fmt::format_to(std::back_inserter(text_), "{}", value);
    return *this;
}

JsonObject& JsonObject::signed_number(std::string_view name, std::int64_t value) {
    key(name);
    fmt::format_to(std::back_inserter(text_), "{}", value);
    return *this;
}

JsonObject& JsonObject::hex(std::string_view name, std::uint64_t value) {
    return text(name, fmt::format("{:#x}", value).c_str());
}

JsonObject& JsonObject::object(std::string_view name, const JsonObject& value) {
    if (value.empty()) return *this;
    key(name);
    text_ += value.str();
    return *this;
}

JsonObject event_json(const npk_event& event) {
    if (event.happened == 0) return {};
    JsonObject object = location_json(event.at);
    object.object("caller", location_json(event.caller));
    if (event.thread != 0) object.number("thread", event.thread);
    return object;
}

std::string to_json(const npk_diagnostic& d) {
    JsonObject object;
    const auto number = [&](const char* name, std::uint64_t value) {
        if (value != 0) object.number(name, value);
    };
    const auto hex = [&](const char* name, std::uint64_t value) {
        if (value != 0) object.hex(name, value);
    };
    object.text("code", d.word).text("severity", severity_word(d.severity));
    object.text("operation", operation_word(d.operation)).text("state", state_word(d.state));
    object.text("message", d.message).text("hint", d.hint).text("rule", d.rule);
    number("page", d.page);
    number("generation", d.generation);
    hex("address", d.address);
    hex("pointer", d.pointer);
    number("requested", d.requested);
    number("mapped", d.mapped);
    if (d.offset != 0) object.signed_number("offset", d.offset);
    number("repeats", d.repeats);
    number("bytes", d.bytes);
    hex("hash", d.hash);
    hex("hash_now", d.hash_now);
    object.text("expected_signature", d.expected_signature).text("actual_signature", d.actual_signature);
    object.text("disassembly", d.disassembly).text("function", d.function);
    number("system_error", static_cast<std::uint64_t>(d.system_error));
    number("executing_thread", d.executing_thread);
    number("mappings", d.mappings);
    number("mapping_limit", d.mapping_limit);
    number("address_space", d.address_space);
    number("address_space_limit", d.address_space_limit);
    number("quota", d.quota);
    number("quota_used", d.quota_used);
    number("process", d.process);
    number("signal", d.signal);
    hex("instruction", d.instruction);
    number("story_lost", d.story_lost);
    object.object("minted", event_json(d.minted)).object("sealed", event_json(d.sealed));
    object.object("freed", event_json(d.freed)).object("misused", event_json(d.misused));
    return object.str();
}

} // namespace npk::report
