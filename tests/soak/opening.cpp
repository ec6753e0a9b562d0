#include "opening.hpp"

#include "require.hpp"

#include <algorithm>

namespace npk::soak {

using test::require;

const npk_options_extension Opening::options{
    sizeof(npk_options_extension), 0, [](void* data, const char* name) -> const char* {
        const auto& opening = *static_cast<const Opening*>(data);
        if (std::string_view(name) == "seal") return opening.seal_;
        return std::string_view(name) == "free" ? opening.policy_ : nullptr;
    }};

Opening::Opening(npk_plugin_open_function entry, const char* seal, const char* policy)
    : seal_(seal), policy_(policy) {
    npk_host host{};
    host.struct_size = sizeof host;
    host.abi_version = NPK_ABI_VERSION;
    host.data = this;
    host.register_function = [](void* data, const npk_function* function) {
        static_cast<Opening*>(data)->functions_.push_back(function);
        return NPK_OK;
    };
    host.report = &Opening::report;
    host.get_extension = [](void*, const char* id) -> const void* {
        return std::string_view(id) == NPK_EXTENSION_OPTIONS ? &options : nullptr;
    };
    npk_refusal why{};
    why.struct_size = sizeof why;
    plugin_ = entry(&host, &why);
    require(plugin_ != nullptr, "refused: %s", why.text);
    pages = extension<npk_pages_extension>(NPK_EXTENSION_PAGES);
    calls = extension<npk_calls_extension>(NPK_EXTENSION_CALLS);
    regions = extension<npk_regions_extension>(NPK_EXTENSION_REGIONS);
    swaps = extension<npk_swap_extension>(NPK_EXTENSION_SWAP);
    alloc = address<void*(std::size_t)>("npk_wildx_alloc");
    install = address<int(void*)>("npk_jit_install_add_i32");
    seal_page = address<int(void*)>("npk_wildx_seal");
    free = address<int(void*)>("npk_wildx_free");
    call = address<int(void*, int, int)>("npk_jit_call_i32_i32");
    page_size = statistics().page_size;
}

npk_statistics Opening::statistics() const {
    npk_statistics now{};
    now.struct_size = sizeof now;
    pages->statistics(&now);
    return now;
}

bool Opening::is_live(const void* page) const {
    npk_page_info info{};
    info.struct_size = sizeof info;
    return pages->info(page, &info) == NPK_OK &&
           (info.state == NPK_STATE_WRITABLE || info.state == NPK_STATE_EXECUTABLE);
}

template <class Signature>
Signature* Opening::address(std::string_view name) const {
    for (const npk_function* function : functions_)
        if (name == function->name) return reinterpret_cast<Signature*>(function->address);
    require(false, "a function is missing");
    return nullptr;
}

template <class Extension>
const Extension* Opening::extension(const char* id) const {
    const void* found = plugin_->get_extension(id);
    require(found != nullptr, "no extension %s", id);
    return static_cast<const Extension*>(found);
}

void Opening::report(void* data, const npk_diagnostic* diagnostic) {
    if (diagnostic->code == NPK_CODE_LEAK)
        static_cast<Opening*>(data)->leaks_told += std::max<std::uint64_t>(diagnostic->repeats, 1);
}

} // namespace npk::soak
