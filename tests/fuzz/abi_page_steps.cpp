// The life of a page and of a region: minted, filled, sealed, verified, freed.
#include "abi_sequence.hpp"

namespace npk::fuzz {

std::uint64_t Sequence::any_size() {
    constexpr std::array<std::int64_t, 12> sizes{0,    -1,   1,     64,        4095,      4096,
                                                 4097, 8192, 65536, INT64_MAX, INT64_MIN, 1 << 18};
    return choices_.below(2) ? static_cast<std::uint64_t>(sizes[choices_.below(sizes.size())])
                             : 1 + choices_.byte() * std::uint64_t{16};
}

std::uint32_t Sequence::judge_mint(std::uint64_t size) const {
    if (static_cast<std::int64_t>(size) <= 0) return NPK_CODE_BAD_SIZE;
    return used_ + round_up(size, page_size) <= quota ? NPK_CODE_NONE : NPK_CODE_QUOTA;
}

void Sequence::remember_minted(const void* minted, std::uint64_t size, bool is_region) {
    const auto address = reinterpret_cast<std::uintptr_t>(minted);
    for (const Page& known : pages_)
        require(known.address != address, "an address was minted again");
    pages_.push_back({.address = address, .mapped = round_up(size, page_size), .is_region = is_region});
    used_ += pages_.back().mapped;
}

void Sequence::mint() {
    if (pages_.size() == max_pages) return;
    const std::uint64_t size = any_size();
    const std::uint32_t code = judge_mint(size);
    const npk_value page = invoke("wildx_alloc", {value(NPK_KIND_I64, size)});
    expect(code, "mint");
    require((page.ptr != nullptr) == (code == NPK_CODE_NONE), "mint gave %p", page.ptr);
    if (code == NPK_CODE_NONE) remember_minted(page.ptr, size, false);
}

void Sequence::install_arithmetic() {
    constexpr std::array<std::array<const char*, 2>, 3> codes{{{"npk_jit_install_add_i32", "i32(i32,i32)"},
                                                               {"npk_jit_install_mul_i64", "i64(i64,i64)"},
                                                               {"npk_jit_install_sub_f64", "f64(f64,f64)"}}};
    const auto& [name, signature] = codes[choices_.below(codes.size())];
    const Pointer target = pointer();
    const std::uint32_t code = judge(Operation::Install, target);
    operate(name, target);
    expect(code, name);
    if (code != NPK_CODE_NONE) return;
    target.page->signature = signature;
    target.page->callable = true;
}

void Sequence::install_bytes() {
    const Pointer target = pointer();
    const bool safe = choices_.below(2);
    const std::string bytes = safe ? std::string(safe_code) : choices_.text();
    std::int64_t offset = 0;
    if (!safe)
        offset = static_cast<std::int64_t>(choices_.below(4) ? choices_.word() % 8192 : choices_.word());
    const npk_value result =
        invoke("npk_jit_install_bytes_at",
               {value(target.address), value(NPK_KIND_I64, static_cast<std::uint64_t>(offset)),
                value(static_cast<const void*>(bytes.data())), value(NPK_KIND_I64, bytes.size())});
    std::uint32_t code = judge(Operation::Install, target);
    if (code == NPK_CODE_NONE) {
        const bool fits =
            offset >= 0 && static_cast<std::uint64_t>(offset) <= target.page->mapped - bytes.size();
        if (!fits) code = NPK_CODE_TOO_LONG;
    }
    expect(code, "install_bytes");
    require((result.i == 0) == (code == NPK_CODE_NONE), "install_bytes gave %d", static_cast<int>(result.i));
    if (code != NPK_CODE_NONE || bytes.empty()) return;
    target.page->callable = safe;
    for (Function& function : target.page->functions)
        function.callable = false; // may have been written over
}

void Sequence::bind() {
    const Pointer target = pointer();
    const bool sound = choices_.below(4) != 0;
    const std::string signature = sound ? signatures[choices_.below(signatures.size())] : choices_.text();
    const bool parses = calls_->check_signature(signature.c_str(), nullptr, nullptr) == NPK_OK;
    require(parses || !sound, "%s does not parse", signature.c_str());
    calls_->bind(target.address, signature.c_str());
    std::uint32_t code = parses ? judge(Operation::Bind, target) : std::uint32_t{NPK_CODE_BAD_SIGNATURE};
    if (code == NPK_CODE_NONE && target.page->is_region) code = NPK_CODE_BAD_ARGUMENTS;
    expect(code, "bind");
    if (code == NPK_CODE_NONE) target.page->signature = signature.c_str();
}

void Sequence::seal() {
    const Pointer target = pointer();
    const std::uint32_t code = judge(Operation::Seal, target);
    const npk_value result = operate(choices_.below(4) ? "wildx_seal" : "npk_region_seal", target);
    expect(code, "seal");
    require((result.i == 0) == (code == NPK_CODE_NONE), "seal gave %d", static_cast<int>(result.i));
    if (code != NPK_CODE_NONE) return;
    Page& page = *target.page;
    page.state = NPK_STATE_EXECUTABLE;
    used_ -= page.mapped - page.used();
    page.mapped = page.used();
}

void Sequence::verify() {
    const Pointer target = pointer();
    const npk_status status = host_.pages->verify(target.address);
    const std::uint32_t code = judge(Operation::Verify, target);
    expect(code, "verify");
    require((status == NPK_OK) == (code == NPK_CODE_NONE), "verify gave status %d", static_cast<int>(status));
}

void Sequence::free() {
    const Pointer target = pointer();
    const std::uint32_t code = judge(Operation::Free, target);
    const npk_value result = operate(choices_.below(4) ? "wildx_free" : "npk_region_free", target);
    expect(code, "free");
    require((result.i == 0) == (code == NPK_CODE_NONE), "free gave %d", static_cast<int>(result.i));
    if (code != NPK_CODE_NONE) return;
    if (target.handle == nullptr) return free_in_model(*target.page);
    target.handle->live = false;
    if (target.handle->owns_page()) free_in_model(*target.handle->page);
}

void Sequence::free_in_model(Page& page) {
    if (!page.is_live()) return; // freed by itself, before its handle
    page.state = NPK_STATE_FREED;
    used_ -= page.mapped;
}

} // namespace npk::fuzz
