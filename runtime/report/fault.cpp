#include "fault.hpp"

#include "diagnostic.hpp"
#include "disassembly.hpp"
#include "words.hpp"

#include <csignal>

namespace npk::report {

namespace {

using wildx::PageView;
using wildx::State;

/// A stack that overflows is touched at most this far below the stack pointer (the red zone and a large frame).
constexpr std::uintptr_t stack_reach = 1 << 16;

bool exists(const PageView& page) noexcept {
    return page.state != State::Uninitialized;
}

bool inside(const PageView& page) noexcept {
    return page.offset >= 0 && static_cast<std::uint64_t>(page.offset) < page.story.mapped;
}

bool is_code(const PageView& page) noexcept {
    return page.state == State::Executable && inside(page);
}

/// A jump to where nothing may be executed.
FaultFinding diagnose_jump(const PageView& target) noexcept {
    if (!exists(target)) return {};
    return {inside(target) ? NPK_CODE_FAULT_EXECUTE : NPK_CODE_FAULT_GUARD, target};
}

FaultFinding diagnose_access(const PageView& touched, const PageView& running, const Fault& fault) noexcept {
    if (exists(touched) && !inside(touched)) return {NPK_CODE_FAULT_GUARD, touched};
    if (touched.state == State::Freed) return {NPK_CODE_FAULT_FREED, touched};
    const bool written = fault.access == NPK_ACCESS_WRITE || fault.access == NPK_ACCESS_UNKNOWN;
    if (touched.state == State::Executable && written) return {NPK_CODE_FAULT_WRITE, touched};
    if (!is_code(running)) return {};
    const bool overflow = fault.stack != 0 && fault.address + stack_reach > fault.stack &&
                          fault.address < fault.stack + stack_reach;
    return {NPK_CODE_FAULT_IN_CODE, running, overflow};
}

/// After a breakpoint instruction the program counter is behind it.
std::uintptr_t faulting_instruction(const Fault& fault) noexcept {
    return fault.signal == SIGTRAP ? fault.instruction - 1 : fault.instruction;
}

void name_page(const PageView& page, FixedText& text) noexcept {
    const wildx::PageStory& story = page.story;
    if (story.number == 0) {
        (text << "the page at ").hex(story.address);
        return;
    }
    (text << (page.is_region ? "region #" : "page #")).decimal(story.number) << " (";
    text.decimal(story.requested) << (story.requested == 1 ? " byte at " : " bytes at ");
    text.hex(story.address) << ")";
}

/// ", byte 3 of its function `f`", where the page is a region.
void name_function(const PageView& page, FixedText& text) noexcept {
    if (page.function[0] == '\0') return;
    text << ", byte ";
    text.decimal(static_cast<std::uint64_t>(page.offset) - page.function_offset)
        << " of its function `" << page.function.data() << "`";
}

void say_where(const PageView& page, FixedText& text) noexcept {
    const std::int64_t offset = page.offset;
    if (inside(page)) {
        (text << "byte ").decimal(static_cast<std::uint64_t>(offset)) << " (word ";
        text.decimal(static_cast<std::uint64_t>(offset) / sizeof(void*)) << ") of ";
    } else if (offset < 0) {
        text.decimal(static_cast<std::uint64_t>(-offset))
            << (offset == -1 ? " byte before " : " bytes before ");
    } else {
        const std::uint64_t past = static_cast<std::uint64_t>(offset) - page.story.mapped;
        text.decimal(past) << (past == 1 ? " byte past the end of " : " bytes past the end of ");
    }
    name_page(page, text);
    name_function(page, text);
}

const char* access_verb(std::uint32_t access) noexcept {
    switch (access) {
    case NPK_ACCESS_READ: return "read";
    case NPK_ACCESS_WRITE: return "write";
    case NPK_ACCESS_EXECUTE: return "jump";
    case NPK_ACCESS_UNKNOWN: break;
    }
    return "access";
}

const char* page_condition(State state) noexcept {
    return state == State::Freed      ? ", which was freed"
           : state == State::Writable ? ", which is not sealed"
                                      : "";
}

void say_what(const FaultFinding& finding, const Fault& fault, FixedText& text) noexcept {
    switch (finding.code) {
    case NPK_CODE_FAULT_WRITE:
        text << "write to ";
        say_where(finding.page, text);
        text << ", which is sealed";
        return;
    case NPK_CODE_FAULT_GUARD:
        text << access_verb(fault.access) << " into the guard: ";
        say_where(finding.page, text);
        if (finding.page.state == State::Freed) text << page_condition(finding.page.state);
        return;
    case NPK_CODE_FAULT_EXECUTE:
        text << "jump to ";
        say_where(finding.page, text);
        text << page_condition(finding.page.state);
        return;
    case NPK_CODE_FAULT_FREED:
        text << access_verb(fault.access) << " of ";
        say_where(finding.page, text);
        text << page_condition(finding.page.state);
        return;
    case NPK_CODE_FAULT_INSTRUCTION:
        text << (fault.signal == SIGTRAP ? "breakpoint at " : "illegal instruction at ");
        say_where(finding.page, text);
        return;
    default: break;
    }
    if (fault.signal == SIGFPE)
        text << "arithmetic fault in ";
    else if (finding.stack_overflow)
        text << "stack overflow in ";
    else
        (text << access_verb(fault.access) << " of ").hex(fault.address) << " failed in ";
    text << "the code of ";
    name_page(finding.page, text);
    text << ", at byte ";
    text.decimal(faulting_instruction(fault) - finding.page.story.address);
    name_function(finding.page, text);
}

const char* hint_for(npk_code code) noexcept {
    switch (code) {
    case NPK_CODE_FAULT_WRITE:
        return "sealed code cannot change; to patch it, free the page, mint anew, write again";
    case NPK_CODE_FAULT_GUARD: return "stay within the bytes that were asked for";
    case NPK_CODE_FAULT_EXECUTE: return "call pages through the call functions, which check the page first";
    case NPK_CODE_FAULT_FREED: return "a freed page is gone; mint a new one";
    case NPK_CODE_FAULT_INSTRUCTION: return "check the bytes that were written before the seal";
    default: return "check what the machine code does";
    }
}

void print_step(const char* what, const npk_event& event, FixedText& text) noexcept {
    if (event.happened == 0) return;
    text << "  " << what;
    if (event.at.program != nullptr) {
        text << " at " << event.at.program << ":";
        text.decimal(event.at.line) << ":";
        text.decimal(event.at.column);
    }
    if (event.at.function != nullptr) text << " in `" << event.at.function << "`";
    if (event.caller.program != nullptr) {
        text << ", called from " << event.caller.program << ":";
        text.decimal(event.caller.line) << ":";
        text.decimal(event.caller.column);
    }
    (text << " by thread ").decimal(event.thread) << "\n";
}

} // namespace

FaultFinding diagnose_fault(const wildx::Registry& registry, const Fault& fault) noexcept {
    const PageView running = registry.peek(faulting_instruction(fault));
    const bool by_instruction = fault.signal == SIGILL || fault.signal == SIGTRAP;
    if (by_instruction)
        return is_code(running) ? FaultFinding{NPK_CODE_FAULT_INSTRUCTION, running} : FaultFinding{};
    if (fault.signal == SIGFPE)
        return is_code(running) ? FaultFinding{NPK_CODE_FAULT_IN_CODE, running} : FaultFinding{};
    const bool jump = fault.access == NPK_ACCESS_EXECUTE ||
                      (fault.access == NPK_ACCESS_UNKNOWN && fault.address == fault.instruction);
    const PageView touched = registry.peek(fault.address);
    return jump ? diagnose_jump(touched) : diagnose_access(touched, running, fault);
}

npk_diagnostic fault_diagnostic(const FaultFinding& finding, const Fault& fault, const HostLink& host,
                                std::uint32_t thread, std::span<char> buffer) noexcept {
    npk_diagnostic diagnostic = blank_diagnostic(finding.code, NPK_SEVERITY_ERROR, NPK_OPERATION_FAULT);
    fill_page(diagnostic, finding.page, host);
    FixedText message(buffer);
    say_what(finding, fault, message);
    diagnostic.message = message.c_str();
    diagnostic.hint = hint_for(finding.code);
    if (finding.page.state == State::Freed) diagnostic.rule = "ARIA-022";
    diagnostic.pointer = fault.address != 0 ? fault.address : fault.instruction;
    diagnostic.signal = static_cast<std::uint32_t>(fault.signal);
    diagnostic.instruction = faulting_instruction(fault);
    diagnostic.misused = describe_event({host.locate(), thread}, true, host);
    std::span<char> room = message.rest();
    if (diagnostic.function != nullptr && !room.empty()) {
        FixedText name(room); // the finding may not live as long as the record
        name << diagnostic.function;
        diagnostic.function = name.c_str();
        room = name.rest();
    }
    const wildx::PageStory& story = finding.page.story;
    const std::uint64_t in_page = diagnostic.instruction - story.address;
    if (room.empty() || finding.page.state != State::Executable || in_page >= story.mapped) return diagnostic;
    FixedText code(room);
    disassemble({reinterpret_cast<const std::byte*>(story.address), story.mapped}, story.address,
                diagnostic.instruction, code);
    if (!code.view().empty()) diagnostic.disassembly = code.c_str();
    return diagnostic;
}

void print_fault(const npk_diagnostic& d, FixedText& text) noexcept {
    if (d.misused.at.program != nullptr) {
        text << d.misused.at.program << ":";
        text.decimal(d.misused.at.line) << ":";
        text.decimal(d.misused.at.column) << ": ";
    } else {
        text << "npk_wildx: ";
    }
    text << severity_word(d.severity) << ": [" << d.word << "] " << d.message << " (signal ";
    text.decimal(d.signal) << ", instruction ";
    text.hex(d.instruction) << ")\n";
    if (d.disassembly != nullptr) text << d.disassembly;
    print_step("minted", d.minted, text);
    print_step("sealed", d.sealed, text);
    print_step("freed", d.freed, text);
    if (d.rule != nullptr)
        text << "  rule " << d.rule << " catches this before the run where the checker can see it\n";
    if (d.hint != nullptr) text << "  hint: " << d.hint << "\n";
}

} // namespace npk::report
