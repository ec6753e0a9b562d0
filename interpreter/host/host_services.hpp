#pragma once
// What plugins may ask of this host while it is theirs; the C tables in host_table.* lead here.
#include "npk_abi.h"

#include <atomic>
#include <map>
#include <set>
#include <string>

namespace npk::host {

/// Where reports go.
class ReportReceiver {
public:
    virtual ~ReportReceiver() = default;
    /// Called on any thread.
    virtual void report(const npk_diagnostic& diagnostic) = 0;
};

/// What the running program knows of places and memory: the entries of npk_host and npk.memory/1 in npk_abi.h. Each is
/// called on any thread, locate and describe inside signal handlers too.
class ProgramState {
public:
    virtual ~ProgramState() = default;
    virtual std::uint64_t locate() = 0;
    virtual bool describe(std::uint64_t token, npk_place& place) = 0;
    virtual bool classify(const void* address, npk_memory_info& info) = 0;
    virtual bool owned_by_binding(const void* page) = 0;
};

/// Everything that the plugins of one run share.
struct HostServices {
    ReportReceiver& receiver;
    std::map<std::string, std::string, std::less<>> options; ///< npk.options/1: what the user chose
    std::set<std::string, std::less<>> asked_options;        ///< those that a plugin asked for
    std::atomic<ProgramState*> program = nullptr;            ///< null before and after the run
};

} // namespace npk::host
