#include "running_program.hpp"

#include <array>

namespace npk::host {
namespace {

npk_location to_location(const run::SourcePlace& place) {
    return {place.file, place.function, place.line, place.column};
}

npk_memory_kind to_kind(run::MemoryKind kind) {
    switch (kind) {
    case run::MemoryKind::HeapBlock: return NPK_MEMORY_HEAP_BLOCK;
    case run::MemoryKind::FreedBlock: return NPK_MEMORY_FREED_BLOCK;
    case run::MemoryKind::Stack: return NPK_MEMORY_STACK;
    case run::MemoryKind::Static: return NPK_MEMORY_STATIC;
    case run::MemoryKind::Unknown: break;
    }
    return NPK_MEMORY_UNKNOWN;
}

npk_access to_access(run::Access access) {
    switch (access) {
    case run::Access::Read: return NPK_ACCESS_READ;
    case run::Access::Write: return NPK_ACCESS_WRITE;
    case run::Access::Execute: return NPK_ACCESS_EXECUTE;
    case run::Access::Unknown: break;
    }
    return NPK_ACCESS_UNKNOWN;
}

npk_fault to_fault(const run::Fault& fault) {
    npk_fault asked{};
    asked.struct_size = sizeof asked;
    asked.signal = static_cast<std::uint32_t>(fault.signal);
    asked.access = to_access(fault.access);
    asked.address = fault.address;
    asked.instruction = fault.instruction;
    return asked;
}

} // namespace

RunningProgram::RunningProgram(Session& session, run::Code& code)
    : session_(session), machine_(code, session.sources, *this) {
    session_.services.program = this;
    session_.reports.before_each([this] {
        if (machine_.on_program_thread()) machine_.output().flush();
    });
    // The machine's own handlers come on top of the plugins': they turn what they can into traps and leave the rest.
    install_fault_reports();
}

RunningProgram::~RunningProgram() {
    finish();
}

int RunningProgram::run(std::vector<std::string> arguments) {
    return machine_.run(std::move(arguments));
}

void RunningProgram::finish() {
    for (const auto* faults : faults_)
        faults->remove();
    faults_.clear();
    session_.plugins.close();
    session_.reports.before_each({});
    session_.services.program = nullptr;
}

bool RunningProgram::describe(std::uint64_t token, npk_place& place) {
    run::DescribedPlace described;
    if (!machine_.describe(token, described)) return false;
    place.struct_size = sizeof place;
    place.in_library = described.in_library;
    place.at = to_location(described.at);
    place.caller = to_location(described.caller);
    return true;
}

bool RunningProgram::classify(const void* address, npk_memory_info& info) {
    const auto facts = machine_.classify(address);
    if (facts.kind == run::MemoryKind::Unknown) return false;
    const bool is_block =
        facts.kind == run::MemoryKind::HeapBlock || facts.kind == run::MemoryKind::FreedBlock;
    info.struct_size = sizeof info;
    info.kind = to_kind(facts.kind);
    info.address = facts.address;
    info.size = facts.size;
    info.place = facts.place;
    info.name = is_block ? "alloc" : nullptr;
    return true;
}

void RunningProgram::install_fault_reports() {
    npk_fault_options options{};
    options.struct_size = sizeof options;
    options.data = this;
    options.report = report_fault;
    session_.plugins.for_each([&](const Plugin& plugin) {
        const auto* faults = plugin.extension<npk_faults_extension>(NPK_EXTENSION_FAULTS);
        if (faults && faults->install(&options) == NPK_OK) faults_.push_back(faults);
    });
}

void RunningProgram::report_fault(void* self, const npk_diagnostic* diagnostic) {
    auto& program = *static_cast<RunningProgram*>(self);
    program.machine_.output().flush();
    program.session_.reports.report_fault(*diagnostic);
}

template <typename Use>
void RunningProgram::diagnose(const npk_fault& fault, Use use) {
    for (const auto* faults : faults_) {
        npk_diagnostic found{};
        found.struct_size = sizeof found;
        std::array<char, 2048> text;
        if (faults->diagnose(&fault, &found, text.data(), text.size()) == NPK_OK) return use(found);
    }
}

// The language promises the signal for writes to sealed pages and for overruns into a guard. Everything else that the
// program's own loads and stores hit is a trap.
bool RunningProgram::stays_signal(const run::Fault& fault) noexcept {
    const npk_fault asked = to_fault(fault);
    bool stays = false;
    diagnose(asked, [&](const npk_diagnostic& found) {
        stays = found.code == NPK_CODE_FAULT_WRITE || found.code == NPK_CODE_FAULT_GUARD;
        if (!stays) explained_fault_ = asked;
    });
    return stays;
}

// One report a crime: a plugin that knows the page behind a trap tells more than the machine can.
void RunningProgram::report(const syntax::Diagnostic& diagnostic) {
    if (!explained_fault_) return session_.reports.report(diagnostic);
    diagnose(*explained_fault_, [&](const npk_diagnostic& found) { session_.reports.report(found); });
    explained_fault_.reset();
}

} // namespace npk::host
