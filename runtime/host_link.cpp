#include "host_link.hpp"

#include "message.hpp"
#include "report/text.hpp"
#include "sized_record.hpp"
#include "wildx/keep_errno.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <new>
#include <sys/uio.h>
#include <unistd.h>

namespace npk {

namespace {

npk_status default_register(void*, const npk_function*) {
    return NPK_OK;
}

void default_report(void*, const npk_diagnostic* diagnostic) try {
    write_line(report::one_line(*diagnostic));
} catch (const std::bad_alloc&) {
    write_line(Message("npk_wildx: [{}] {}", diagnostic->word, diagnostic->message).view());
}

std::uint64_t default_locate(void*) {
    return 0;
}
std::uint32_t default_describe(void*, std::uint64_t, npk_place*) {
    return 0;
}
const void* default_extension(void*, const char*) {
    return nullptr;
}

constexpr npk_host default_host{
    sizeof(npk_host), NPK_ABI_VERSION, nullptr,        "host",           "",
    default_register, default_report,  default_locate, default_describe, default_extension};

/// The required members: the least that a host can offer. Whatever lies behind has a default.
constexpr std::size_t smallest_host = offsetof(npk_host, report) + sizeof(npk_host::report);

/// A copy of the host's extension; members that the host does not have are null.
template <class Extension>
Extension extension(const npk_host& table, const char* id) {
    return take_record(static_cast<const Extension*>(table.get_extension(table.data, id)));
}

} // namespace

HostLink::HostLink() noexcept : table_(default_host) {}

bool HostLink::connect(const npk_host* host, npk_refusal* why) noexcept {
    if (host == nullptr) {
        refuse(why, NPK_REFUSAL_SLOT_MISSING, "the host gave no table (a null pointer)");
        return false;
    }
    const std::uint32_t size = host->struct_size;
    if (size < offsetof(npk_host, data)) {
        refuse(why, NPK_REFUSAL_HOST_TOO_OLD,
               Message("the host's table is cut short: it says it has {} bytes", size).view());
        return false;
    }
    const std::uint32_t major = host->abi_version >> 16;
    if (major != NPK_ABI_MAJOR) {
        const bool old = major < NPK_ABI_MAJOR;
        refuse(
            why, old ? NPK_REFUSAL_HOST_TOO_OLD : NPK_REFUSAL_HOST_TOO_NEW,
            Message(
                "the host speaks version {}.{} of the contract, too {} for this plugin, which speaks {}.{}",
                major, host->abi_version & 0xffff, old ? "old" : "new", +NPK_ABI_MAJOR, +NPK_ABI_MINOR)
                .view());
        return false;
    }
    if (size < smallest_host) {
        refuse(why, NPK_REFUSAL_HOST_TOO_OLD,
               Message("the host's table has {} bytes, but the required members of version {} take {}", size,
                       +NPK_ABI_MAJOR, smallest_host)
                   .view());
        return false;
    }
    npk_host table = default_host;
    std::memcpy(&table, host, std::min(whole_members(size), sizeof table));
    const char* missing = table.register_function == nullptr ? "register_function"
                          : table.report == nullptr          ? "report"
                                                             : nullptr;
    if (missing != nullptr) {
        refuse(why, NPK_REFUSAL_SLOT_MISSING,
               Message("the host's table has no {}, which is required", missing).view());
        return false;
    }
    if (table.name == nullptr) table.name = default_host.name;
    if (table.version == nullptr) table.version = default_host.version;
    if (table.locate == nullptr) table.locate = default_locate;
    if (table.describe == nullptr) table.describe = default_describe;
    if (table.get_extension == nullptr) table.get_extension = default_extension;
    table_ = table;
    connected_ = true;
    memory_ = extension<npk_memory_extension>(table_, NPK_EXTENSION_MEMORY);
    options_ = extension<npk_options_extension>(table_, NPK_EXTENSION_OPTIONS);
    return true;
}

bool HostLink::is_linked_to(const npk_host& host) const noexcept {
    const bool readable = host.struct_size >= smallest_host;
    return connected_ && readable && host.data == table_.data && host.report == table_.report;
}

npk_place HostLink::describe(std::uint64_t token) const {
    npk_place place{};
    place.struct_size = sizeof place;
    if (token == 0 || table_.describe(table_.data, token, &place) == 0)
        return npk_place{sizeof place, 0, {}, {}};
    return place;
}

npk_memory_info HostLink::classify(const void* address) const {
    npk_memory_info info{};
    info.struct_size = sizeof info;
    if (memory_.classify == nullptr || memory_.classify(table_.data, address, &info) == 0)
        return npk_memory_info{sizeof info, NPK_MEMORY_UNKNOWN, 0, 0, 0, nullptr};
    return info;
}

bool HostLink::owned_by_binding(const void* page) const {
    return memory_.owned_by_binding != nullptr && memory_.owned_by_binding(table_.data, page) != 0;
}

std::string_view HostLink::option(const char* name, const char* environment) const {
    const char* value = nullptr;
    if (options_.option != nullptr) value = options_.option(table_.data, name);
    if (value == nullptr) value = std::getenv(environment);
    return value != nullptr ? value : std::string_view();
}

void write_line(std::string_view line) noexcept {
    const wildx::KeepErrno keep;
    char end = '\n';
    const std::array<iovec, 2> parts{{{const_cast<char*>(line.data()), line.size()}, {&end, 1}}};
    // One write a line keeps lines whole. If standard error is closed there is nobody left to tell.
    [[maybe_unused]] const ssize_t written = writev(STDERR_FILENO, parts.data(), parts.size());
}

void refuse(npk_refusal* why, npk_refusal_code code, std::string_view text) noexcept {
    if (why == nullptr || why->struct_size < offsetof(npk_refusal, text) + 1) return;
    const std::size_t room =
        std::min<std::size_t>(why->struct_size - offsetof(npk_refusal, text), NPK_REFUSAL_TEXT_SIZE) - 1;
    why->code = code;
    const std::size_t length = std::min(text.size(), room);
    std::memcpy(why->text, text.data(), length);
    why->text[length] = '\0';
}

} // namespace npk
