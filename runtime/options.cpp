#include "options.hpp"

#include "message.hpp"

#include <charconv>
#include <string_view>
#include <system_error>

namespace npk {

namespace {

constexpr std::uint64_t max_remembered = 1u << 24;

/// A whole decimal number.
std::optional<std::uint64_t> decimal(std::string_view text) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return number;
}

/// Reads one option after the other until one has a value that cannot be.
class Reader {
public:
    Reader(const HostLink& host, npk_refusal* why) : host_(host), why_(why) {}

    /// `parse(value)` gives false where the value cannot be; an option that nobody set is not parsed.
    template <class Parse>
    void read(const char* name, const char* environment, const char* choices, Parse parse) {
        const std::string_view value = host_.option(name, environment);
        if (!good_ || value.empty()) return;
        good_ = parse(value);
        if (!good_) refuse_option(why_, name, value, Message("it must be {}", choices).view());
    }

    template <class Value>
    struct Choice {
        std::string_view word;
        Value value;
    };

    /// One of two words.
    template <class Value>
    void choose(const char* name, const char* environment, const char* choices, Value& chosen,
                const Choice<Value>& first, const Choice<Value>& second) {
        read(name, environment, choices, [&](std::string_view value) {
            chosen = value == first.word ? first.value : second.value;
            return value == first.word || value == second.word;
        });
    }

    bool good() const { return good_; }

private:
    const HostLink& host_;
    npk_refusal* why_;
    bool good_ = true;
};

bool parse_verify(std::string_view value, std::uint32_t& every) {
    const bool never = value == "never" || value == "demand";
    const auto number = never ? 0 : value == "call" ? 1 : decimal(value);
    if (!number || *number > UINT32_MAX || (!never && *number == 0)) return false;
    every = static_cast<std::uint32_t>(*number);
    return true;
}

bool parse_remembered(std::string_view value, std::optional<std::size_t>& remembered) {
    const auto pages = decimal(value);
    if (!pages || *pages > max_remembered) return false;
    remembered = *pages;
    return true;
}

} // namespace

void refuse_option(npk_refusal* why, const char* name, std::string_view value, std::string_view what) {
    refuse(why, NPK_REFUSAL_BAD_OPTION, Message("option {}={}: {}", name, value, what).view());
}

std::optional<Options> read_options(const HostLink& host, npk_refusal* why) {
    Options options;
    Reader reader(host, why);
    reader.read("seal", "NPK_WILDX_SEAL", "mprotect, kernel or permanent", [&](std::string_view value) {
        options.seal = wildx::seal_backend_named(value);
        return options.seal.has_value();
    });
    reader.choose("calls", "NPK_JIT_CALLS", "thunk or libffi", options.calls, {"thunk", jit::Route::Thunk},
                  {"libffi", jit::Route::Libffi});
    reader.choose("untagged", "NPK_JIT_UNTAGGED", "allow or forbid", options.untagged_allowed,
                  {"allow", true}, {"forbid", false});
    reader.read("quota", "NPK_WILDX_QUOTA", "a decimal number of bytes", [&](std::string_view value) {
        const auto bytes = decimal(value);
        options.quota = bytes.value_or(0);
        return bytes.has_value();
    });
    reader.choose("guards", "NPK_WILDX_GUARDS", "on or off", options.guards, {"on", true}, {"off", false});
    reader.read("verify", "NPK_WILDX_VERIFY", "never, demand, call, or a number n for every n-th call",
                [&](std::string_view value) { return parse_verify(value, options.verify_every); });
    reader.choose("free", "NPK_WILDX_FREE", "refuse or retire", options.free,
                  {"refuse", wildx::FreePolicy::Refuse}, {"retire", wildx::FreePolicy::Retire});
    reader.read("remember", "NPK_WILDX_REMEMBER", "a decimal number of pages, at most 16777216",
                [&](std::string_view value) { return parse_remembered(value, options.remembered); });
    if (!reader.good()) return std::nullopt;
    return options;
}

} // namespace npk
