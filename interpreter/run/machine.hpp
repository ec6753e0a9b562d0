#pragma once
// The evaluator: runs a lowered program. One Machine runs one program on one thread; one at a time in a process, since it
// handles the process's fault signals.
#include "bytecode.hpp"
#include "collector.hpp"
#include "containers.hpp"
#include "handles.hpp"
#include "heap.hpp"
#include "native_call.hpp"
#include "output.hpp"
#include "positions.hpp"
#include "services.hpp"
#include "text.hpp"

#include <atomic>
#include <csetjmp>
#include <deque>
#include <memory>
#include <pthread.h>
#include <string>
#include <string_view>
#include <vector>

namespace npk::run {

class Callback;
class FaultHandlers;

/// How a stretch of execution ended.
enum class Outcome : std::uint8_t {
    Returned,
    Trapped, ///< a trap is pending: failsafe is to be entered
    Exited,  ///< the program ends with the machine's exit status
};

/// What is known of an address: for reports on foreign pointers.
enum class MemoryKind : std::uint8_t { Unknown, HeapBlock, FreedBlock, Stack, Static };
struct MemoryFacts {
    MemoryKind kind = MemoryKind::Unknown;
    std::uint64_t address = 0;
    std::uint64_t size = 0;
    Token place = 0;
};

class Machine final : private collector::Roots {
public:
    /// `code`, `sources` and `services` must outlive the machine; the machine must outlive the plugins that hold
    /// callbacks of it.
    Machine(Code& code, const syntax::SourceMap& sources, Services& services);
    ~Machine() override;
    Machine(const Machine&) = delete;
    Machine& operator=(const Machine&) = delete;

    /// Runs the globals' initialisers and main; a trap enters failsafe. Returns the process's exit status (0..255): of
    /// `exit`; of the trap's code when failsafe returns; 70 for a trap inside failsafe. Output is flushed.
    [[nodiscard]] int run(std::vector<std::string> arguments);

    // ---- asked by plugins through the host ----
    /// The running instruction of this thread's program; 0 on another thread. Async-signal-safe.
    [[nodiscard]] Token locate() const noexcept;
    /// Async-signal-safe.
    [[nodiscard]] bool describe(Token token, DescribedPlace& place) const {
        return positions_.describe(token, place);
    }
    /// Unknown on any thread but the program's.
    [[nodiscard]] MemoryFacts classify(const void* address) const;
    /// Whether a binding that is still in its scope would release this page.
    [[nodiscard]] bool owned_by_binding(const void* page) const;

    // ---- for builtins, natives and callbacks ----
    /// Reports a trap at the current instruction and leaves it pending. Always false.
    bool trap(std::string_view word, const std::string& text, std::uint32_t code = default_trap_code);
    /// The same for a trap that has been reported already. Always false.
    bool trap_reported();
    /// The same with a finished diagnostic. Always false.
    bool trap(syntax::Diagnostic diagnostic, std::uint32_t code = default_trap_code);
    [[nodiscard]] bool is_pending() const { return pending_ != Outcome::Returned; }
    /// Runs a function value on arguments that `fill` puts into its frame. The frame holds status and value afterwards.
    /// Null when it trapped or exited: pending.
    template <typename Fill>
    std::uint64_t* call_closure(std::uint64_t closure, std::uint32_t parameter_slots, Fill fill) {
        std::uint64_t* frame = next_frame();
        fill(frame);
        return call_closure_in(frame, closure, parameter_slots) ? frame : nullptr;
    }
    /// A callable for native code; lives as long as the machine.
    [[nodiscard]] npk_callable* callable(std::uint64_t closure, const check::Type& function_type);
    /// The address of a C function that calls the function value; lives as long as the machine. Null when libffi cannot
    /// make one.
    [[nodiscard]] const void* function_address(std::uint64_t closure, const check::Type& function_type);
    [[nodiscard]] bool on_program_thread() const noexcept {
        return pthread_equal(pthread_self(), thread_) != 0;
    }
    [[nodiscard]] Output& output() { return output_; }
    [[nodiscard]] Output& error_output() { return error_output_; }
    [[nodiscard]] Heap& heap() { return heap_; }
    [[nodiscard]] Handles& handles() { return handles_; }
    [[nodiscard]] Containers& containers() { return containers_; }
    [[nodiscard]] const std::vector<std::string>& arguments() const { return arguments_; }
    [[nodiscard]] const Positions& positions() const { return positions_; }
    [[nodiscard]] const FunctionCode* current_function() const { return positions_.function_at(current()); }
    /// Depth of calls: what a typed stack of a function is known by.
    [[nodiscard]] std::size_t depth() const { return static_cast<std::size_t>(calls_ - first_call_); }
    /// Frees a block of the wild heap, or traps. `address` 0 is ignored.
    bool free_block(std::uint64_t address);

    static constexpr std::uint32_t default_trap_code = 99;
    static constexpr int trap_in_failsafe_status = 70;

private:
    friend class FaultHandlers;

    // execute.cpp
    Outcome execute(const Instruction* ip, std::uint64_t* frame);
    Outcome execute_object(Instruction i, const Instruction*& ip, std::uint64_t* fp); // execute_objects.cpp
    static bool is_execute(std::uint64_t instruction) noexcept;
    // machine.cpp
    Outcome enter(std::uint32_t function, std::uint64_t* frame);
    Outcome enter_recoverably(std::uint32_t function, std::uint64_t* frame);
    bool call_closure_in(std::uint64_t* frame, std::uint64_t closure, std::uint32_t parameter_slots);
    Outcome run_failsafe(std::uint64_t* frame, std::uint32_t code);
    Outcome conclude_trap();
    Callback& callback(std::uint64_t closure, const check::Type& function_type);
    [[nodiscard]] std::uint64_t* next_frame() const;
    [[nodiscard]] const Instruction* current() const { return current_.load(std::memory_order_relaxed); }
    void visit(void (*area)(const void* begin, const void* end)) const override;
    // traps.cpp
    Outcome raise(std::string_view word, const std::string& text, std::uint32_t code = default_trap_code);
    Outcome raise_kind(TrapKind kind, const std::string& text, std::uint32_t code);
    Outcome raise_index(std::int64_t index, std::uint64_t length);
    Outcome raise_division(bool by_zero);
    Outcome raise_access(std::uint64_t address, std::uint64_t size);
    Outcome raise_overflow(const FunctionCode& function);
    Outcome raise_fault();
    Outcome outcome_of_pending() const { return pending_; }
    void report_heap_leaks();
    void flush_all();

    Code& code_;
    Services& services_;
    Positions positions_;
    pthread_t thread_;
    Output output_{1};
    Output error_output_{2};
    Heap heap_;
    Handles handles_;
    Containers containers_;
    GrowingTexts growing_;
    std::string pieces_; ///< of the template under way
    std::vector<std::string> arguments_;
    std::vector<NativeCall> natives_;
    std::vector<std::uint64_t> plain_closures_; ///< one a function: closures without captures
    std::deque<std::unique_ptr<Callback>> callbacks_;
    std::vector<std::uint64_t> owned_pages_;

    // Read inside signal handlers: the running instruction and the calls that led there.
    std::atomic<const Instruction*> current_ = nullptr;
    CallRecord* first_call_ = nullptr;
    CallRecord* calls_ = nullptr; ///< end of those under way
    CallRecord* call_limit_ = nullptr;
    std::uint64_t* stack_ = nullptr;
    std::uint64_t* frame_ = nullptr; ///< of the running function, up to date whenever other code runs
    std::uint64_t* stack_limit_ = nullptr;
    std::uint64_t* stack_end_ = nullptr;
    sigjmp_buf* recovery_ = nullptr; ///< where a fault of the program's own access leads
    Fault fault_;

    Outcome pending_ = Outcome::Returned;
    std::uint32_t trap_code_ = 0;
    int exit_status_ = 0;
    int failsafe_depth_ = 0;
    int native_depth_ = 0;
    collector::Session session_; ///< last: the roots above must be there
};

} // namespace npk::run
