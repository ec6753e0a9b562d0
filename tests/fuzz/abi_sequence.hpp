// One sequence of calls through the contract. Its steps are defined in the files abi_*_steps.cpp.
#pragma once

#include "abi_model.hpp"
#include "choices.hpp"
#include "reporting_host.hpp"

#include <array>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace npk::fuzz {

class Sequence {
public:
    Sequence(const std::uint8_t* data, std::size_t size);

    /// Takes steps until the input ends, then closes the plugin and compares what is left with the model.
    void run();

private:
    static constexpr std::size_t max_pages = 96;
    static constexpr std::size_t max_handles = 96;
    static constexpr std::uint64_t quota = 64 * page_size;

    void take_step();
    void close();

    // --- pointers
    Pointer pointer();
    Pointer random_address();
    Pointer handle_pointer();
    static Pointer at(Page& page, std::int64_t offset);

    // --- verdicts
    void expect(std::uint32_t code, const char* operation) const;
    npk_value invoke(std::string_view name, std::initializer_list<npk_value> arguments);
    npk_value operate(std::string_view name, const Pointer& pointer);
    template <class Extension>
    const Extension* extension(const char* id) const {
        return static_cast<const Extension*>(plugin_->get_extension(id));
    }

    // --- abi_page_steps.cpp
    std::uint64_t any_size();
    std::uint32_t judge_mint(std::uint64_t size) const;
    void remember_minted(const void* minted, std::uint64_t size, bool is_region);
    void mint();
    void install_arithmetic();
    void install_bytes();
    void bind();
    void seal();
    void verify();
    void free();
    void free_in_model(Page& page);

    // --- abi_call_steps.cpp
    void call();
    void call_with_wrong_values();

    // --- abi_question_steps.cpp
    void ask();
    void choose_policies();
    void resolve();
    void diagnose();

    // --- abi_region_steps.cpp
    void mint_region();
    void add_function();
    void find_function();

    // --- abi_handle_steps.cpp
    void make_handle();
    void swap();
    void ask_what_a_handle_stands_for();
    std::uint32_t judge_swap(const Pointer& handle, const Pointer& code) const;

    ReportingHost host_;
    Choices choices_;
    const npk_plugin* plugin_ = nullptr;
    const npk_calls_extension* calls_ = nullptr;
    const npk_seal_extension* seal_ = nullptr;
    const npk_faults_extension* faults_ = nullptr;
    const npk_regions_extension* regions_ = nullptr;
    const npk_swap_extension* swap_ = nullptr;
    std::vector<Page> pages_;     ///< pages and regions; never moves
    std::vector<Handle> handles_; ///< never moves
    std::uint64_t used_ = 0;      ///< bytes of live pages
};

inline npk_value value(std::uint32_t kind, std::uint64_t bits) {
    npk_value result{};
    result.kind = kind;
    result.u = bits;
    return result;
}
inline npk_value value(const void* pointer) {
    return value(NPK_KIND_PTR, reinterpret_cast<std::uintptr_t>(pointer));
}
inline npk_value value(const std::string& text) {
    return value(NPK_KIND_STRING, reinterpret_cast<std::uintptr_t>(text.c_str()));
}

/// lea eax, [rdi + rsi]; ret: does no harm whatever it is called with.
inline constexpr std::string_view safe_code = "\x8D\x04\x37\xC3";

inline constexpr std::array signatures{"i32(i32,i32)",
                                       "i64(i64,i64)",
                                       "f64(f64,f64)",
                                       "void()",
                                       "i64(ptr)",
                                       "u8(u8,bool)",
                                       "{i32,i32}(i64,i64)",
                                       "f32(f32)",
                                       "i64(i64,i64,i64,i64,i64,i64,i64)"};

} // namespace npk::fuzz
