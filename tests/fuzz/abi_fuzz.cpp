// Random sequences of calls through the contract, over random pointers. A model of the lives of pages, regions and handles
// predicts what each step comes to: done without a report, or refused with exactly one report of the predicted code.
#include "abi_sequence.hpp"
#include "plugin_under_test.hpp"

#include <algorithm>
#include <cstdlib>

namespace npk::fuzz {

Sequence::Sequence(const std::uint8_t* data, std::size_t size) : choices_(data, size) {
    const npk_host table = host_.table();
    npk_refusal why{};
    why.struct_size = sizeof why;
    plugin_ = plugin_entry()(&table, &why);
    require(plugin_ != nullptr, why.text);
    host_.pages = extension<npk_pages_extension>(NPK_EXTENSION_PAGES);
    calls_ = extension<npk_calls_extension>(NPK_EXTENSION_CALLS);
    seal_ = extension<npk_seal_extension>(NPK_EXTENSION_SEAL);
    faults_ = extension<npk_faults_extension>(NPK_EXTENSION_FAULTS);
    regions_ = extension<npk_regions_extension>(NPK_EXTENSION_REGIONS);
    swap_ = extension<npk_swap_extension>(NPK_EXTENSION_SWAP);
    host_.pages->set_quota(quota);
    seal_->choose("mprotect");
    calls_->set_route(NPK_CALLS_THUNK);
    pages_.reserve(max_pages);
    handles_.reserve(max_handles);
}

void Sequence::run() {
    while (!choices_.ended()) {
        ++host_.step;
        host_.codes.clear();
        take_step();
    }
    host_.codes.clear();
    ++host_.step;
    close();
}

void Sequence::close() {
    const auto live_pages = static_cast<std::uint64_t>(std::ranges::count_if(pages_, &Page::is_live));
    // A page that a handle owns is told as a page.
    const auto live_handles =
        static_cast<std::uint64_t>(std::ranges::count_if(handles_, [](const Handle& handle) {
            return handle.live && !(handle.owns_page() && handle.page->is_live());
        }));
    npk_statistics statistics{};
    statistics.struct_size = sizeof statistics;
    host_.pages->statistics(&statistics);
    require(statistics.live_pages == live_pages && statistics.live_bytes == used_,
            "the counts do not balance");
    require(statistics.retired == 0 && statistics.calls_in_flight == 0, "something is in flight");
    host_.pages->set_audit(nullptr, nullptr);
    plugin_->close();
    require(host_.leaked == live_pages + live_handles,
            "%llu leaks were told, %llu pages and %llu handles were live",
            static_cast<unsigned long long>(host_.leaked), static_cast<unsigned long long>(live_pages),
            static_cast<unsigned long long>(live_handles));
}

void Sequence::take_step() {
    switch (choices_.below(26)) {
    case 0:
    case 1: return mint();
    case 2: return install_arithmetic();
    case 3: return install_bytes();
    case 4: return bind();
    case 5:
    case 6: return seal();
    case 7: return verify();
    case 8:
    case 9: return free();
    case 10: return call();
    case 11: return call_with_wrong_values();
    case 12: return ask();
    case 13: return choose_policies();
    case 14: return resolve();
    case 15: return diagnose();
    case 16:
    case 17: return mint_region();
    case 18:
    case 19: return add_function();
    case 20: return find_function();
    case 21:
    case 22: return make_handle();
    case 23:
    case 24: return swap();
    default: return ask_what_a_handle_stands_for();
    }
}

// --- pointers

Pointer Sequence::pointer() {
    const std::size_t kind = choices_.below(12);
    if (kind == 0) return {.refusal = NPK_CODE_NULL_POINTER};
    if (kind == 1) return {.address = &host_};
    if (kind == 2) return {.address = host_.functions.data()};
    if (kind == 3) return {.address = reinterpret_cast<const void*>(&std::abort)};
    if (kind == 4) return random_address();
    if (kind == 5) return handle_pointer();
    if (pages_.empty()) return {.refusal = NPK_CODE_NULL_POINTER};
    Page& page = pages_[choices_.below(pages_.size())];
    if (kind == 6) return at(page, static_cast<std::int64_t>(1 + choices_.word() % (page.mapped - 1)));
    if (kind == 7) return at(page, static_cast<std::int64_t>(page.mapped + choices_.below(page_size)));
    if (kind <= 9 && !page.functions.empty()) // an entry, and sometimes beside it
        return at(page,
                  static_cast<std::int64_t>(page.functions[choices_.below(page.functions.size())].offset +
                                            choices_.below(16) / 15));
    return at(page, 0);
}

/// Any address that is not near a page of ours.
Pointer Sequence::random_address() {
    const auto* address = reinterpret_cast<const void*>(choices_.word());
    npk_page_info info{};
    info.struct_size = sizeof info;
    const bool free = address != nullptr && host_.pages->info(address, &info) == NPK_NOT_FOUND;
    return {.address = free ? address : &host_};
}

/// A handle, live or not, and sometimes an address beside it, which is none.
Pointer Sequence::handle_pointer() {
    if (handles_.empty()) return {.address = &host_};
    Handle& handle = handles_[choices_.below(handles_.size())];
    if (choices_.below(8) != 0) return {.address = handle.address, .handle = &handle};
    return {.address = static_cast<const char*>(handle.address) + 1 + choices_.below(15)};
}

Pointer Sequence::at(Page& page, std::int64_t offset) {
    const auto* address = reinterpret_cast<const char*>(page.address) + offset;
    return {.address = address, .page = &page, .offset = offset};
}

// --- verdicts

void Sequence::expect(std::uint32_t code, const char* operation) const {
    if (code == NPK_CODE_NONE) {
        require(host_.codes.empty(), "%s: report %u, but it was right", operation,
                host_.codes.empty() ? 0 : host_.codes[0]);
        return;
    }
    require(host_.codes.size() == 1, "%s: %zu reports, wanted one of code %u", operation, host_.codes.size(),
            code);
    require(host_.codes[0] == code, "%s: report %u, wanted %u", operation, host_.codes[0], code);
}

npk_value Sequence::invoke(std::string_view name, std::initializer_list<npk_value> arguments) {
    const npk_function& function = host_.find(name);
    npk_value result{};
    result.kind = function.result_kind;
    function.invoke(function.context, std::data(arguments), static_cast<std::uint32_t>(arguments.size()),
                    &result);
    return result;
}

npk_value Sequence::operate(std::string_view name, const Pointer& pointer) {
    return invoke(name, {value(pointer.address)});
}

} // namespace npk::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    npk::fuzz::Sequence(data, size).run();
    return 0;
}
