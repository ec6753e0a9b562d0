// The one path of run-time traps: a diagnostic, flushed output, then failsafe.
#include "machine.hpp"

#include <algorithm>
#include <map>
#include <tuple>

namespace npk::run {

namespace {

std::string bytes(std::uint64_t count) {
    return std::to_string(count) + (count == 1 ? " byte" : " bytes");
}

} // namespace

bool Machine::trap(syntax::Diagnostic diagnostic, std::uint32_t code) {
    const Token token = locate();
    diagnostic.span = positions_.span(token);
    if (token >> 32 != 0)
        diagnostic.related.insert(diagnostic.related.begin(),
                                  {positions_.caller_span(token), "called from here"});
    if (failsafe_depth_ > 0) diagnostic.message += " (inside failsafe)";
    output_.flush();
    services_.report(diagnostic);
    trap_code_ = code;
    pending_ = Outcome::Trapped;
    return false;
}

bool Machine::trap(std::string_view word, const std::string& text, std::uint32_t code) {
    syntax::Diagnostic diagnostic;
    diagnostic.code = word;
    diagnostic.message = text;
    return trap(std::move(diagnostic), code);
}

bool Machine::trap_reported() {
    output_.flush();
    trap_code_ = default_trap_code;
    pending_ = Outcome::Trapped;
    return false;
}

Outcome Machine::raise(std::string_view word, const std::string& text, std::uint32_t code) {
    trap(word, text, code);
    return pending_;
}

Outcome Machine::raise_kind(TrapKind kind, const std::string& text, std::uint32_t code) {
    switch (kind) {
    case TrapKind::Limit: return raise("trap-limit", text, code);
    case TrapKind::Assertion: return raise("trap-assertion", text, code);
    case TrapKind::Unreachable: return raise("trap-unreachable", text, code);
    case TrapKind::Todo: break;
    }
    return raise("trap-todo", text, code);
}

Outcome Machine::raise_index(std::int64_t index, std::uint64_t length) {
    return raise("trap-index", "the index " + std::to_string(index) + " is outside of an array of " +
                                   std::to_string(length) + (length == 1 ? " element" : " elements"));
}

Outcome Machine::raise_division(bool by_zero) {
    return by_zero ? raise("trap-division", "division by zero")
                   : raise("trap-division", "the quotient of the type's minimum and -1 does not exist");
}

Outcome Machine::raise_overflow(const FunctionCode& function) {
    return raise("trap-recursion", "the call of '" + function.name + "' at depth " + std::to_string(depth()) +
                                       " has no room on the stack: endless recursion?");
}

/// An access that the wild heap forbids.
Outcome Machine::raise_access(std::uint64_t address, std::uint64_t size) {
    syntax::Diagnostic diagnostic;
    const HeapBlock* block = heap_.block_near(address);
    if (!block) {
        diagnostic.code = "heap-bad-pointer";
        diagnostic.message =
            "the access of " + bytes(size) + " lies in the wild heap, but in no block of alloc";
        diagnostic.hint = "use only addresses inside of a block that alloc gave";
        trap(std::move(diagnostic));
        return pending_;
    }
    const auto offset = static_cast<std::int64_t>(address - block->address);
    const std::string which = "a block of " + bytes(block->size);
    if (!block->is_live) {
        diagnostic.code = "heap-use-after-free";
        diagnostic.message = "use after free: byte " + std::to_string(offset) + " of " + which +
                             ", allocated at " + positions_.text(block->allocated_at) + ", freed at " +
                             positions_.text(block->freed_at);
        diagnostic.hint = "use the block before it is freed (ARIA-022 is the rule)";
    } else {
        diagnostic.code = "heap-overrun";
        diagnostic.message = "an access of " + bytes(size) + " at byte " + std::to_string(offset) + " of " +
                             which + ", allocated at " + positions_.text(block->allocated_at);
        diagnostic.hint = "the block's last byte is number " + std::to_string(block->size - 1);
    }
    diagnostic.related.push_back({positions_.span(block->allocated_at), "allocated here"});
    if (!block->is_live) diagnostic.related.push_back({positions_.span(block->freed_at), "freed here"});
    trap(std::move(diagnostic));
    return pending_;
}

bool Machine::free_block(std::uint64_t address) {
    if (address == 0) return true;
    const FreeVerdict verdict = heap_.free(address, locate());
    if (verdict == FreeVerdict::Done) return true;
    syntax::Diagnostic diagnostic;
    const HeapBlock* block = heap_.contains(address) ? heap_.block_near(address) : nullptr;
    switch (verdict) {
    case FreeVerdict::DoubleFree:
        diagnostic.code = "heap-double-free";
        diagnostic.message = "double free of a block of " + bytes(block->size) + ", allocated at " +
                             positions_.text(block->allocated_at) + ", freed at " +
                             positions_.text(block->freed_at);
        diagnostic.hint = "free a block once (ARIA-022 is the rule)";
        break;
    case FreeVerdict::Interior:
        diagnostic.code = "heap-interior-pointer";
        diagnostic.message = "free of byte " + std::to_string(address - block->address) + " of a block of " +
                             bytes(block->size) + ", allocated at " + positions_.text(block->allocated_at);
        diagnostic.hint = "free takes the address that alloc gave";
        break;
    default:
        diagnostic.code = "heap-foreign-pointer";
        diagnostic.message = "free of an address that alloc did not give";
        diagnostic.hint = "pages are released by wildx_free, memory of C code by C code";
        block = nullptr;
        break;
    }
    if (block) {
        diagnostic.related.push_back({positions_.span(block->allocated_at), "allocated here"});
        if (!block->is_live) diagnostic.related.push_back({positions_.span(block->freed_at), "freed here"});
    }
    return trap(std::move(diagnostic));
}

/// Blocks that nobody freed, by the place of their allocation, most bytes first. Not after a trap, which leaves everything.
void Machine::report_heap_leaks() {
    struct Leak {
        Token place = 0;
        std::uint64_t blocks = 0;
        std::uint64_t bytes = 0;
    };
    std::map<Token, Leak> by_place;
    for (const HeapBlock& block : heap_.live_blocks()) {
        if (block.is_struct) continue;
        Leak& leak = by_place[block.allocated_at];
        leak.place = block.allocated_at;
        ++leak.blocks;
        leak.bytes += block.size;
    }
    std::vector<Leak> leaks;
    for (const auto& [place, leak] : by_place)
        leaks.push_back(leak);
    std::ranges::sort(leaks, [](const Leak& a, const Leak& b) {
        return std::tuple(b.bytes, a.place) < std::tuple(a.bytes, b.place);
    });
    output_.flush();
    for (const Leak& leak : leaks) {
        syntax::Diagnostic diagnostic;
        diagnostic.severity = syntax::Severity::Warning;
        diagnostic.code = "heap-leak";
        diagnostic.message = leak.blocks == 1 ? "a block of " + bytes(leak.bytes) + " was never freed"
                                              : std::to_string(leak.blocks) + " blocks of " +
                                                    bytes(leak.bytes) + " in all were never freed";
        diagnostic.span = positions_.span(leak.place);
        if (leak.place >> 32 != 0)
            diagnostic.related.push_back({positions_.caller_span(leak.place), "called from here"});
        diagnostic.hint = "free each block once with free() (ARIA-014 is the rule)";
        services_.report(diagnostic);
    }
}

/// An access that the kernel refused, brought here by the signal handler.
Outcome Machine::raise_fault() {
    constexpr std::uint64_t first_page = 4096;
    syntax::Diagnostic diagnostic;
    if (fault_.address < first_page) {
        diagnostic.code = "trap-null";
        diagnostic.message = fault_.address == 0
                                 ? "access through NULL"
                                 : "access through NULL, at offset " + std::to_string(fault_.address);
        diagnostic.hint = "test the pointer against NULL first";
    } else {
        std::string digits;
        for (int shift = 60; shift >= 0; shift -= 4) {
            const auto digit = fault_.address >> shift & 15U;
            if (digit != 0 || !digits.empty()) digits += "0123456789abcdef"[digit];
        }
        diagnostic.code = "trap-access";
        diagnostic.message = "access to the address 0x" + digits + ", where there is no memory to use";
        diagnostic.hint = "the pointer is wild, or its memory is gone";
    }
    trap(std::move(diagnostic));
    return pending_;
}

} // namespace npk::run
