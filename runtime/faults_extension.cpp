// npk.faults/1: a report before the signal.

#include "extensions.hpp"
#include "fault_handler.hpp"
#include "report/fault.hpp"
#include "runtime.hpp"
#include "sized_record.hpp"

namespace npk::extensions {

namespace {

constexpr std::size_t smallest_text = 512;

npk_status diagnose(const npk_fault* fault, npk_diagnostic* receiver, char* text, std::size_t size) {
    if (fault == nullptr || text == nullptr || size < smallest_text) return NPK_BAD_ARGUMENTS;
    const npk_fault asked = take_record(fault);
    const report::Fault question{static_cast<int>(asked.signal), asked.access, asked.address,
                                 asked.instruction, 0};
    Runtime& plugin = runtime();
    const report::FaultFinding finding = report::diagnose_fault(plugin.registry(), question);
    if (finding.code == NPK_CODE_NONE) return NPK_NOT_FOUND;
    const npk_diagnostic diagnostic =
        report::fault_diagnostic(finding, question, plugin.host(), wildx::current_thread_id(), {text, size});
    return give_record(diagnostic, receiver) ? NPK_OK : NPK_BAD_ARGUMENTS;
}

void remove() {
    faults::remove();
}

} // namespace

constinit const npk_faults_extension faults{
    sizeof(npk_faults_extension), 0, &npk::faults::install, &npk::faults::prepare_thread, &remove, &diagnose,
};

} // namespace npk::extensions
