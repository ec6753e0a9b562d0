#pragma once
// The audit log of a run: every transition and refusal of every page as JSON lines in a file.
#include "plugin_set.hpp"

#include <filesystem>

namespace npk::host {

/// While it lives, each plugin with pages (npk.pages/1) writes its log to the file. Each line is one write(2) to a
/// descriptor in append mode, so lines stay whole when threads race and when the process dies. Closing the plugins first
/// puts the last leaks into the log.
class AuditLog {
public:
    /// Makes the file, or empties it. Throws FileError when it cannot be written.
    AuditLog(const std::filesystem::path& file, const PluginSet& plugins);
    ~AuditLog();
    AuditLog(const AuditLog&) = delete;
    AuditLog& operator=(const AuditLog&) = delete;

private:
    void send_to(npk_audit_sink sink);
    static void write_line(void* self, const char* line, std::size_t length);

    int descriptor_;
    const PluginSet& plugins_;
};

} // namespace npk::host
