// JSON lines: a diagnostic, a step of the audit log. One object, no line end within.
#pragma once

#include "npk_abi.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace npk::report {

/// Builds one JSON object (RFC 8259). Bytes of a text that are not UTF-8 become U+FFFD.
class JsonObject {
public:
    JsonObject& text(std::string_view name, const char* value); ///< null: the member is left out
    JsonObject& number(std::string_view name, std::uint64_t value);
    JsonObject& signed_number(std::string_view name, std::int64_t value);
    JsonObject& hex(std::string_view name, std::uint64_t value); ///< as text, "0x7f..."
    JsonObject& object(std::string_view name, const JsonObject& value);

    /// The object, closed.
    std::string str() const { return text_ + '}'; }
    bool empty() const noexcept { return text_.size() == 1; }

private:
    void key(std::string_view name);

    std::string text_ = "{";
};

/// A step's places and thread; an empty object when it did not happen.
JsonObject event_json(const npk_event& event);

/// Every member of a diagnostic that says something.
std::string to_json(const npk_diagnostic& diagnostic);

} // namespace npk::report
