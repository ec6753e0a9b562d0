// Functions as the plugin registers them: the contract's record with what runs behind its invoke entry.
#pragma once

#include "npk_abi.h"
#include "runtime.hpp"

#include <array>
#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <vector>

namespace npk::functions {

/// What runs when a host invokes: the arguments are as many and of the kinds that the record says.
using Handler = npk_status (*)(Caller caller, const npk_value* arguments, npk_value& result);

/// An invoke entry, see npk_function.
using Invoke = npk_status (*)(void* context, const npk_value* arguments, std::uint32_t count,
                              npk_value* result);

/// A result: its kind, and whether it is a new resource.
struct Result {
    npk_kind kind = NPK_KIND_VOID;
    npk_role role = NPK_ROLE_NONE;
};

/// What a row of the table of functions says. The signature's text follows from it.
struct Row {
    std::string name;
    std::uint32_t flags = 0;
    Result result;
    std::vector<npk_parameter> parameters;
    const char* resource = nullptr;
    std::string documentation;
    void (*address)(void) = nullptr;
    Handler handler = nullptr;
    /// Instead of a handler: calls the page, its first argument, as this.
    const jit::Signature* calls = nullptr;
    Invoke invoke = nullptr; ///< that does so; null: invoke_call
};

/// A function with everything its record points to. Never moves.
class Function {
public:
    explicit Function(Row row);
    Function(const Function&) = delete;
    Function& operator=(const Function&) = delete;

    const npk_function& record() const noexcept { return record_; }

    /// What it calls the page as that is its first argument; null when it calls none.
    const jit::Signature* calls() const noexcept { return row_.calls; }

private:
    static npk_status invoke(void* function, const npk_value* arguments, std::uint32_t count,
                             npk_value* result) noexcept;
    bool accepts(const npk_value* arguments, std::uint32_t count) const noexcept;

    Row row_;
    std::string signature_;
    npk_function record_{};
};

/// The invoke entry of every function that calls a page. Looks nothing up and catches nothing: exceptions of the called
/// code pass through.
npk_status invoke_call(void* function, const npk_value* arguments, std::uint32_t count, npk_value* result);

/// The same for another invoke entry, with its wildx::this_frame().
npk_status invoke_call_from(std::uintptr_t frame, void* function, const npk_value* arguments,
                            std::uint32_t count, npk_value* result);

/// fork(2): of the families.
void before_fork() noexcept;
void after_fork() noexcept;

/// Every function that a host gets at the opening; the table is in function_table.cpp. Made once.
const std::deque<Function>& registered();

/// A function of the open family npk_jit_call_*, the same for the same name; null, and why, when there is none. Any
/// thread.
const npk_function* resolve(const char* name, npk_refusal* why) noexcept;

/// Whether a value is of a parameter's kind.
bool fits(const npk_value& value, const npk_parameter& parameter) noexcept;

} // namespace npk::functions
