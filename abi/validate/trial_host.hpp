#pragma once
// The host that the rules play: it loads the plugin and records what the plugin does with it. Its table lies at the end
// of a mapping, so that a plugin that reads beyond struct_size meets a fault at once.
#include "npk_abi.h"

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace npk::validate {

/// Bytes that end where readable memory ends. Unmapped with the object.
class EdgeMemory {
public:
    /// `size` readable and writable bytes. Throws std::bad_alloc.
    explicit EdgeMemory(std::size_t size);
    EdgeMemory(const EdgeMemory&) = delete;
    EdgeMemory& operator=(const EdgeMemory&) = delete;
    ~EdgeMemory();
    [[nodiscard]] void* data() const { return data_; }

private:
    void* base_ = nullptr;
    std::size_t mapped_ = 0;
    void* data_ = nullptr;
};

/// What the plugin did to the host.
struct Record {
    std::vector<const npk_function*> functions;
    std::vector<std::string> late_registrations; ///< names registered outside of npk_plugin_open
    std::vector<std::string> bad_diagnostics;    ///< what is wrong with a diagnostic that was reported
    bool opening = false;
    bool refuse_names = false; ///< answer every registration with NPK_DUPLICATE
};

/// One loaded library and a host for it. Not thread-safe.
class TrialHost {
public:
    /// Loads the library; `load_error` tells why not.
    explicit TrialHost(const std::string& path);
    TrialHost(const TrialHost&) = delete;
    TrialHost& operator=(const TrialHost&) = delete;
    ~TrialHost();

    [[nodiscard]] const std::string& load_error() const { return load_error_; }
    [[nodiscard]] npk_plugin_open_function entry() const { return entry_; }

    /// A complete table of this header's version.
    [[nodiscard]] npk_host complete_table();

    /// Opens with the first `table.struct_size` bytes of the table at the edge of readable memory (bytes beyond this
    /// header's table are filled with a pattern). `why` may be null.
    const npk_plugin* open(const npk_host& table, npk_refusal* why);

    /// Overwrites the table given to the last open: a plugin must have copied what it needs.
    void spoil_table();

    Record record;

private:
    std::string load_error_;
    void* library_ = nullptr;
    npk_plugin_open_function entry_ = nullptr;
    std::unique_ptr<EdgeMemory> table_;
    std::size_t table_size_ = 0;
};

} // namespace npk::validate
