#include "audit_log.hpp"

#include "file_error.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

namespace npk::host {
namespace {

int open_log(const std::filesystem::path& file) {
    const int descriptor = open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0666);
    if (descriptor < 0)
        throw FileError(
            fmt::format("cannot write the audit log '{}': {}", file.string(), std::strerror(errno)));
    return descriptor;
}

} // namespace

AuditLog::AuditLog(const std::filesystem::path& file, const PluginSet& plugins)
    : descriptor_(open_log(file)), plugins_(plugins) {
    send_to(write_line);
}

AuditLog::~AuditLog() {
    send_to(nullptr);
    close(descriptor_);
}

void AuditLog::send_to(npk_audit_sink sink) {
    plugins_.for_each([&](const Plugin& plugin) {
        const auto* pages = plugin.extension<npk_pages_extension>(NPK_EXTENSION_PAGES);
        if (pages && pages->set_audit) pages->set_audit(sink, this);
    });
}

void AuditLog::write_line(void* self, const char* line, std::size_t length) {
    const int saved_errno = errno;
    while (write(static_cast<AuditLog*>(self)->descriptor_, line, length) < 0 && errno == EINTR) {
    }
    errno = saved_errno;
}

} // namespace npk::host
