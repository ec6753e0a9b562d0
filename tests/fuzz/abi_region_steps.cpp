// Regions: minted, filled with functions, searched. Sealed and freed they are like pages.
#include "abi_sequence.hpp"

#include <algorithm>

namespace npk::fuzz {

namespace {

/// Longer than any function that the model expects to fit.
constexpr std::size_t longest_function = 8192;

const std::string& code_of_functions() {
    static const std::string code =
        std::string(safe_code) + std::string(longest_function - safe_code.size(), '\xC3');
    return code;
}

/// What is wrong with the arguments themselves, before any page is looked at.
bool are_sound(const void* bytes, std::uint64_t length, const char* name) {
    return bytes != nullptr && length != 0 && name != nullptr && *name != '\0';
}

} // namespace

void Sequence::mint_region() {
    if (pages_.size() == max_pages) return;
    const std::uint64_t size = any_size();
    const std::uint32_t code = judge_mint(size);
    const void* region = choices_.below(2) ? regions_->alloc(size)
                                           : invoke("npk_region_alloc", {value(NPK_KIND_I64, size)}).ptr;
    expect(code, "region_alloc");
    require((region != nullptr) == (code == NPK_CODE_NONE), "region_alloc gave %p", region);
    if (code == NPK_CODE_NONE) remember_minted(region, size, true);
}

void Sequence::add_function() {
    const Pointer target = pointer();
    const std::string& code_bytes = code_of_functions();
    const std::size_t kind = choices_.below(16);
    std::uint64_t length = 1 + choices_.below(200);
    if (kind == 0)
        length = choices_.word() | std::uint64_t{1} << 32; // nobody reads as far as that: it cannot fit
    if (kind == 1) length = 0;
    if (kind == 2) length = choices_.word() % (longest_function + 1);
    const void* bytes = kind == 3 ? nullptr : code_bytes.data();
    const bool sound = choices_.below(8) != 0;
    const std::string signature = sound ? signatures[choices_.below(signatures.size())] : choices_.text();
    const bool parses = calls_->check_signature(signature.c_str(), nullptr, nullptr) == NPK_OK;
    const std::string text =
        choices_.below(4) ? std::string(1, static_cast<char>('a' + choices_.below(8))) : choices_.text();
    const char* name = kind == 4 ? nullptr : text.c_str();
    const bool through_extension = kind < 8;
    const void* entry =
        through_extension
            ? regions_->add(const_cast<void*>(target.address), bytes, length, signature.c_str(), name)
            : invoke("npk_region_add", {value(target.address), value(bytes), value(NPK_KIND_I64, length),
                                        value(signature), value(text)})
                  .ptr;
    std::uint32_t code = judge(Operation::Install, target);
    if (code == NPK_CODE_NONE && !target.page->is_region) code = NPK_CODE_BAD_ARGUMENTS;
    if (code == NPK_CODE_NONE && !target.page->has_room_for(length)) code = NPK_CODE_TOO_LONG;
    if (!parses) code = NPK_CODE_BAD_SIGNATURE;
    if (!are_sound(bytes, length, name)) code = NPK_CODE_BAD_ARGUMENTS;
    expect(code, "region_add");
    require((entry != nullptr) == (code == NPK_CODE_NONE), "region_add gave %p", entry);
    if (code != NPK_CODE_NONE) return;
    Page& region = *target.page;
    const std::uint64_t offset = reinterpret_cast<std::uintptr_t>(entry) - region.address;
    require(offset == region.next_entry(), "an entry lies at %llu", static_cast<unsigned long long>(offset));
    require(std::equal(code_bytes.begin(), code_bytes.begin() + static_cast<std::ptrdiff_t>(length),
                       static_cast<const char*>(entry)),
            "the code of a function is not what was added");
    region.functions.push_back({offset, length, signature.c_str(), name, length >= safe_code.size()});
}

void Sequence::find_function() {
    const Pointer target = pointer();
    const std::string text =
        choices_.below(4) ? std::string(1, static_cast<char>('a' + choices_.below(8))) : choices_.text();
    const char* name = choices_.below(16) ? text.c_str() : nullptr;
    const void* entry = regions_->find(target.address, name);
    std::uint32_t code = judge(Operation::Find, target);
    if (code == NPK_CODE_NONE && !target.page->is_region) code = NPK_CODE_BAD_ARGUMENTS;
    if (name == nullptr) code = NPK_CODE_BAD_ARGUMENTS;
    expect(code, "region_find");
    const Function* wanted = code == NPK_CODE_NONE ? target.page->latest_named(name) : nullptr;
    const void* wanted_entry =
        wanted != nullptr ? reinterpret_cast<const char*>(target.page->address) + wanted->offset : nullptr;
    require(entry == wanted_entry, "region_find gave %p, wanted %p", entry, wanted_entry);
}

} // namespace npk::fuzz
