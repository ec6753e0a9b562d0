#pragma once
// The little of JSON that the host writes: one object a line.
#include "text_sink.hpp"

namespace npk::host {

/// Writes `text` as a JSON string, quotes included. Bytes that are not valid UTF-8 become U+FFFD. (RFC 8259)
void write_json_string(TextSink& sink, std::string_view text);

/// Writes the members of one object; the caller nests by writing values itself after `key`.
class JsonObject {
public:
    explicit JsonObject(TextSink& sink) : sink_(sink) { sink_.write("{"); }
    ~JsonObject() { sink_.write("}"); }
    JsonObject(const JsonObject&) = delete;
    JsonObject& operator=(const JsonObject&) = delete;

    void key(std::string_view name);
    void member(std::string_view name, std::string_view text);
    void member(std::string_view name, std::uint64_t number);
    void boolean(std::string_view name, bool value);

private:
    TextSink& sink_;
    bool first_ = true;
};

} // namespace npk::host
