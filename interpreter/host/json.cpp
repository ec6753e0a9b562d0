#include "json.hpp"

#include "utf8.hpp"

#include <array>

namespace npk::host {
namespace {

void write_escape(TextSink& sink, char c) {
    constexpr std::string_view digits = "0123456789abcdef";
    const auto byte = static_cast<unsigned char>(c);
    const std::array<char, 6> escape{'\\', 'u', '0', '0', digits[byte >> 4], digits[byte & 15]};
    sink.write({escape.data(), escape.size()});
}

void write_character(TextSink& sink, std::string_view bytes) {
    if (bytes == "\"")
        sink.write("\\\"");
    else if (bytes == "\\")
        sink.write("\\\\");
    else if (bytes == "\n")
        sink.write("\\n");
    else if (bytes == "\t")
        sink.write("\\t");
    else if (bytes.size() == 1 && static_cast<unsigned char>(bytes[0]) < 0x20)
        write_escape(sink, bytes[0]);
    else
        sink.write(bytes);
}

} // namespace

void write_json_string(TextSink& sink, std::string_view text) {
    sink.write("\"");
    for (std::size_t at = 0; at < text.size();) {
        const CodePoint decoded = decode_utf8(text, at);
        if (decoded.bytes == 0) {
            sink.write("\uFFFD");
            ++at;
            continue;
        }
        write_character(sink, text.substr(at, decoded.bytes));
        at += decoded.bytes;
    }
    sink.write("\"");
}

void JsonObject::key(std::string_view name) {
    if (!first_) sink_.write(",");
    first_ = false;
    write_json_string(sink_, name);
    sink_.write(":");
}

void JsonObject::member(std::string_view name, std::string_view text) {
    key(name);
    write_json_string(sink_, text);
}

void JsonObject::member(std::string_view name, std::uint64_t number) {
    key(name);
    sink_.decimal(number);
}

void JsonObject::boolean(std::string_view name, bool value) {
    key(name);
    sink_.write(value ? "true" : "false");
}

} // namespace npk::host
