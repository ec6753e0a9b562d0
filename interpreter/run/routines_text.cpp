// Strings: lengths and positions are bytes.
#include "arithmetic.hpp"
#include "machine.hpp"
#include "routines.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace npk::run::routines {

namespace {

constexpr std::string_view white_space = " \t\r\n\v\f";
/// No text may be longer.
constexpr std::uint64_t longest = std::uint64_t{1} << 30;

std::string_view first(Slots slots) {
    return text_in(slots).view();
}
std::string_view second(Slots slots) {
    return text_in(slots + 2).view();
}

std::string mapped(std::string_view text, char low, char high, int distance) {
    std::string result(text);
    for (char& c : result)
        if (c >= low && c <= high) c = static_cast<char>(c + distance);
    return result;
}

bool pad(Machine& machine, Slots slots, bool left) {
    const Text text = text_in(slots);
    const auto width = static_cast<std::int64_t>(slots[2]);
    if (width <= static_cast<std::int64_t>(text.size)) return true;
    if (static_cast<std::uint64_t>(width) > longest)
        return machine.trap("trap-string", "the width " + std::to_string(width) + " is too large");
    const std::string filling(static_cast<std::size_t>(width) - text.size, static_cast<char>(slots[3]));
    const Text fill = make_text(filling);
    put_text(slots, left ? concatenate(fill, text) : concatenate(text, fill));
    return true;
}

} // namespace

bool string_length(Machine&, Slots slots) {
    slots[0] = slots[1];
    return true;
}

bool string_concat(Machine&, Slots slots) {
    put_text(slots, concatenate(text_in(slots), text_in(slots + 2)));
    return true;
}

bool string_contains(Machine&, Slots slots) {
    slots[0] = first(slots).find(second(slots)) != std::string_view::npos;
    return true;
}

bool string_starts_with(Machine&, Slots slots) {
    slots[0] = first(slots).starts_with(second(slots));
    return true;
}

bool string_ends_with(Machine&, Slots slots) {
    slots[0] = first(slots).ends_with(second(slots));
    return true;
}

bool string_equals(Machine&, Slots slots) {
    slots[0] = first(slots) == second(slots);
    return true;
}

bool string_is_empty(Machine&, Slots slots) {
    slots[0] = slots[1] == 0;
    return true;
}

bool string_index_of(Machine&, Slots slots) {
    const std::size_t at = first(slots).find(second(slots));
    slots[0] = at == std::string_view::npos ? ~std::uint64_t{0} : at;
    return true;
}

bool string_substring(Machine& machine, Slots slots) {
    const Text text = text_in(slots);
    const auto start = static_cast<std::int64_t>(slots[2]);
    const auto end = static_cast<std::int64_t>(slots[3]);
    if (start < 0 || start > end || static_cast<std::uint64_t>(end) > text.size)
        return machine.trap("trap-string", "the bytes " + std::to_string(start) + " to " +
                                               std::to_string(end) + " do not exist in a string of " +
                                               std::to_string(text.size));
    put_text(slots, {text.data + start, static_cast<std::uint64_t>(end - start)});
    return true;
}

bool string_trim(Machine&, Slots slots) {
    const std::string_view text = first(slots);
    const std::size_t begin = text.find_first_not_of(white_space);
    if (begin == std::string_view::npos) {
        put_text(slots, {"", 0});
        return true;
    }
    const std::size_t end = text.find_last_not_of(white_space) + 1;
    put_text(slots, {text.data() + begin, end - begin});
    return true;
}

bool string_to_upper(Machine&, Slots slots) {
    put_text(slots, make_text(mapped(first(slots), 'a', 'z', 'A' - 'a')));
    return true;
}

bool string_to_lower(Machine&, Slots slots) {
    put_text(slots, make_text(mapped(first(slots), 'A', 'Z', 'a' - 'A')));
    return true;
}

bool string_repeat(Machine& machine, Slots slots) {
    const std::string_view text = first(slots);
    const auto times = static_cast<std::int64_t>(slots[2]);
    if (times <= 0 || text.empty()) {
        put_text(slots, {"", 0});
        return true;
    }
    if (static_cast<std::uint64_t>(times) > longest / text.size())
        return machine.trap("trap-string", "repeating " + std::to_string(text.size()) + " bytes " +
                                               std::to_string(times) + " times makes too long a string");
    const std::uint64_t size = text.size() * static_cast<std::uint64_t>(times);
    char* data = collector::allocate_text(size);
    for (std::uint64_t at = 0; at < size; at += text.size())
        std::memcpy(data + at, text.data(), text.size());
    put_text(slots, {data, size});
    return true;
}

bool string_pad_left(Machine& machine, Slots slots) {
    return pad(machine, slots, true);
}
bool string_pad_right(Machine& machine, Slots slots) {
    return pad(machine, slots, false);
}

bool string_from_int(Machine&, Slots slots) {
    std::string digits;
    append_signed(digits, static_cast<std::int64_t>(slots[0]));
    put_text(slots, make_text(digits));
    return true;
}

bool string_from_char(Machine&, Slots slots) {
    const char byte = static_cast<char>(slots[0]);
    put_text(slots, make_text({&byte, 1}));
    return true;
}

bool string_to_int(Machine& machine, Slots slots) {
    std::string_view text = first(slots);
    const std::string_view whole = text;
    while (!text.empty() && white_space.find(text.front()) != std::string_view::npos)
        text.remove_prefix(1);
    while (!text.empty() && white_space.find(text.back()) != std::string_view::npos)
        text.remove_suffix(1);
    if (text.starts_with('+') && text.size() > 1 && text[1] != '-') text.remove_prefix(1);
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error == std::errc::result_out_of_range)
        return machine.trap("trap-string", "the number \"" + std::string(whole) + "\" does not fit int64");
    if (error != std::errc() || end != text.data() + text.size() || text.empty())
        return machine.trap("trap-string",
                            "\"" + std::string(whole.substr(0, 60)) + "\" is no decimal number");
    slots[0] = static_cast<std::uint64_t>(value);
    return true;
}

bool string_format_float(Machine& machine, Slots slots) {
    const double value = arithmetic::as_float<double>(slots[0]);
    const auto digits = static_cast<std::int64_t>(slots[1]);
    constexpr std::int64_t most_digits = 300;
    if (digits < 0 || digits > most_digits)
        return machine.trap("trap-string",
                            "the number of digits must be within 0 to " + std::to_string(most_digits));
    std::array<char, 700> buffer;
    const int size = std::snprintf(buffer.data(), buffer.size(), "%.*f", static_cast<int>(digits), value);
    put_text(slots, make_text({buffer.data(), static_cast<std::size_t>(size)}));
    return true;
}

bool sort_lines(Machine&, Slots slots) {
    std::string_view text = first(slots);
    const bool ends_with_newline = text.ends_with('\n');
    if (ends_with_newline) text.remove_suffix(1);
    std::vector<std::string_view> lines;
    while (true) {
        const std::size_t end = text.find('\n');
        lines.push_back(text.substr(0, end));
        if (end == std::string_view::npos) break;
        text.remove_prefix(end + 1);
    }
    std::sort(lines.begin(), lines.end());
    std::string result;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        if (i != 0) result += '\n';
        result += lines[i];
    }
    if (ends_with_newline) result += '\n';
    put_text(slots, make_text(result));
    return true;
}

} // namespace npk::run::routines
