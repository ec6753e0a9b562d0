#include "machine.hpp"

#include "callback.hpp"
#include "closure.hpp"
#include "faults.hpp"

#include <bit>
#include <cstdio>
#include <new>
#include <sys/mman.h>

namespace npk::run {

namespace {

constexpr std::size_t stack_bytes = std::size_t{256} << 20;
constexpr std::size_t most_calls = 1'000'000;
/// Kept back for failsafe when the stack or the calls are used up.
constexpr std::size_t reserved_slots = 65536;
constexpr std::size_t reserved_calls = 4096;
/// Native code that calls back into the program, which calls native code, and so on, on the C stack.
constexpr int most_native_calls = 200;

void* reserve(std::size_t bytes) {
    void* memory =
        ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) throw std::bad_alloc();
    return memory;
}

/// What a call returns to when nothing called it.
constexpr Instruction halt{Op::Halt, 0, {{0, 0}}};

} // namespace

Machine::Machine(Code& code, const syntax::SourceMap& sources, Services& services)
    : code_(code), services_(services), positions_(code, sources), thread_(pthread_self()), session_(*this) {
    stack_ = static_cast<std::uint64_t*>(reserve(stack_bytes));
    stack_end_ = stack_ + stack_bytes / sizeof(std::uint64_t);
    stack_limit_ = stack_end_ - reserved_slots;
    frame_ = stack_;
    first_call_ = calls_ = static_cast<CallRecord*>(reserve(most_calls * sizeof(CallRecord)));
    call_limit_ = first_call_ + most_calls - reserved_calls;
    natives_.reserve(code.natives.size());
    for (const check::NativeFunction* native : code.natives)
        natives_.emplace_back(*native);
    for (std::uint32_t function = 0; function < code.functions.size(); ++function)
        plain_closures_.push_back(std::bit_cast<std::uint64_t>(ClosureHeader{closure_magic, function}));
}

Machine::~Machine() {
    ::munmap(stack_, stack_bytes);
    ::munmap(first_call_, most_calls * sizeof(CallRecord));
}

int Machine::run(std::vector<std::string> arguments) {
    arguments_ = std::move(arguments);
    Outcome outcome = Outcome::Returned;
    {
        const FaultHandlers handlers(*this, services_);
        outcome = enter(code_.globals_function, stack_);
        if (outcome == Outcome::Returned) outcome = enter(code_.main, stack_);
        if (outcome == Outcome::Trapped)
            outcome = conclude_trap();
        else
            report_heap_leaks();
    }
    flush_all();
    return outcome == Outcome::Exited ? exit_status_ : 0;
}

void Machine::flush_all() {
    output_.flush();
    error_output_.flush();
    std::fflush(stdout); // of C code that the program called
}

std::uint64_t* Machine::next_frame() const {
    const FunctionCode* function = current_function();
    return frame_ + (function ? function->frame_slots : 0);
}

/// Runs a function in a frame whose parameters are in place.
Outcome Machine::enter(std::uint32_t function, std::uint64_t* frame) {
    if (native_depth_ == most_native_calls)
        return raise("trap-recursion", "native code and the program call each other more than " +
                                           std::to_string(most_native_calls) + " times deep");
    if (frame + code_.functions[function].frame_slots > stack_limit_ || calls_ == call_limit_)
        return raise_overflow(code_.functions[function]);
    const Instruction* const instruction = current();
    std::uint64_t* const running = frame_;
    ++native_depth_;
    *calls_++ = {instruction ? instruction + 1 : &halt, frame_};
    calls_[0] = {&halt, frame};
    ++calls_;
    const Outcome outcome = enter_recoverably(function, frame);
    --native_depth_;
    if (outcome == Outcome::Returned) {
        --calls_; // the base's own record was taken by its return
        current_.store(instruction, std::memory_order_relaxed);
        frame_ = running;
    }
    return outcome;
}

/// A fault of the program's own load or store comes back here from the signal handler; exhausted memory as an exception.
[[gnu::noinline]] Outcome Machine::enter_recoverably(std::uint32_t function, std::uint64_t* frame) {
    sigjmp_buf* const outer = recovery_;
    sigjmp_buf here;
    Outcome outcome = Outcome::Trapped;
    if (sigsetjmp(here, 0) == 0) {
        recovery_ = &here;
        try {
            outcome = execute(code_.functions[function].code, frame);
        } catch (const std::bad_alloc&) {
            outcome =
                raise("trap-memory", "no memory is left for this value: does the program grow without end?");
        }
        recovery_ = outer;
        return outcome;
    }
    recovery_ = outer;
    return raise_fault();
}

bool Machine::call_closure_in(std::uint64_t* frame, std::uint64_t closure, std::uint32_t parameter_slots) {
    frame[parameter_slots] = closure;
    const auto header = std::bit_cast<ClosureHeader>(*reinterpret_cast<const std::uint64_t*>(closure));
    return enter(header.function, frame) == Outcome::Returned;
}

/// `!!! n`, or the end of a trap. The status is that of failsafe when it exits.
Outcome Machine::run_failsafe(std::uint64_t* frame, std::uint32_t code) {
    ++failsafe_depth_;
    frame[0] = static_cast<std::uint64_t>(static_cast<std::int64_t>(static_cast<std::int32_t>(code)));
    const Outcome outcome = enter(code_.failsafe, frame);
    if (outcome == Outcome::Returned) --failsafe_depth_;
    return outcome;
}

/// Enters failsafe after a trap; nothing of the program goes on afterwards.
Outcome Machine::conclude_trap() {
    const std::uint32_t code = trap_code_;
    pending_ = Outcome::Returned;
    if (failsafe_depth_ > 0) {
        exit_status_ = trap_in_failsafe_status;
        return Outcome::Exited;
    }
    stack_limit_ = stack_end_;
    call_limit_ = first_call_ + most_calls - 2;
    native_depth_ = 0;
    const Outcome outcome = run_failsafe(next_frame(), code);
    if (outcome == Outcome::Exited) return outcome;
    exit_status_ = outcome == Outcome::Trapped ? trap_in_failsafe_status : static_cast<int>(code & 255);
    return Outcome::Exited;
}

Token Machine::locate() const noexcept {
    if (!on_program_thread()) return 0;
    return positions_.token(current(), first_call_, calls_);
}

MemoryFacts Machine::classify(const void* pointer) const {
    MemoryFacts facts;
    if (!on_program_thread()) return facts;
    const auto address = reinterpret_cast<std::uint64_t>(pointer);
    if (heap_.contains(address)) {
        if (const HeapBlock* block = heap_.block_near(address))
            facts = {block->is_live ? MemoryKind::HeapBlock : MemoryKind::FreedBlock, block->address,
                     block->size, block->allocated_at};
        return facts;
    }
    const auto within = [&](const void* begin, const void* end) { return pointer >= begin && pointer < end; };
    if (within(stack_, stack_end_)) return {MemoryKind::Stack, address, 0, 0};
    if (within(code_.globals.data(), code_.globals.data() + code_.globals.size()))
        return {MemoryKind::Static, address, 0, 0};
    for (const std::string& text : code_.texts)
        if (within(text.data(), text.data() + text.size() + 1))
            return {MemoryKind::Static, address, text.size(), 0};
    return facts;
}

bool Machine::owned_by_binding(const void* page) const {
    if (!on_program_thread()) return false;
    const auto address = reinterpret_cast<std::uint64_t>(page);
    for (const std::uint64_t owned : owned_pages_)
        if (owned == address) return true;
    return false;
}

Callback& Machine::callback(std::uint64_t closure, const check::Type& function_type) {
    for (const auto& known : callbacks_)
        if (known->is_of(closure, function_type)) return *known;
    callbacks_.push_back(std::make_unique<Callback>(*this, closure, function_type));
    return *callbacks_.back();
}

npk_callable* Machine::callable(std::uint64_t closure, const check::Type& function_type) {
    return callback(closure, function_type).callable();
}

const void* Machine::function_address(std::uint64_t closure, const check::Type& function_type) {
    return callback(closure, function_type).address();
}

void Machine::visit(void (*area)(const void* begin, const void* end)) const {
    area(stack_, std::min(next_frame() + 64, stack_end_));
    area(code_.globals.data(), code_.globals.data() + code_.globals.size());
    const auto used = heap_.used();
    area(used.data(), used.data() + used.size());
    area(growing_.begin(), growing_.end());
    for (const auto& callback : callbacks_)
        area(callback.get(), callback.get() + 1);
}

} // namespace npk::run
