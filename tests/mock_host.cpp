#include "mock_host.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <stdexcept>

namespace npk::test {

namespace {

// A token holds a library's line and column above the program's; one byte for a column.
constexpr std::uint64_t token_of(Place place) {
    return std::uint64_t{place.line} << 8 | place.column;
}
constexpr Place place_of_token(std::uint64_t token) {
    return {static_cast<std::uint32_t>(token >> 8 & 0xFFFFFF), static_cast<std::uint32_t>(token & 0xFF)};
}

thread_local std::uint64_t current_token = 0;

std::string text(const char* characters) {
    return characters ? characters : "";
}

Report record_of(const npk_diagnostic& diagnostic) {
    Report report{};
    std::memcpy(&report.raw, &diagnostic, std::min<std::size_t>(diagnostic.struct_size, sizeof report.raw));
    npk_diagnostic& raw = report.raw;
    const auto keep = [](std::string& copy, const char*& original) {
        copy = text(original);
        original = nullptr;
    };
    keep(report.word, raw.word);
    keep(report.message, raw.message);
    keep(report.hint, raw.hint);
    keep(report.rule, raw.rule);
    keep(report.expected_signature, raw.expected_signature);
    keep(report.actual_signature, raw.actual_signature);
    keep(report.disassembly, raw.disassembly);
    keep(report.function, raw.function);
    return report;
}

} // namespace

std::string plugin_path() {
    const char* chosen = std::getenv("NPK_TEST_PLUGIN");
    return chosen ? chosen : NPK_TEST_PLUGIN_PATH;
}

std::optional<Place> place_of(const npk_event& event) {
    if (!event.happened || event.at.line == 0) return std::nullopt;
    BOOST_TEST(text(event.at.program) == "mock.npk");
    BOOST_TEST(text(event.at.function) == "main");
    return Place{event.at.line, event.at.column};
}

MockHost::MockHost()
    : table{.struct_size = sizeof table,
            .abi_version = NPK_ABI_VERSION,
            .data = this,
            .name = "mock host",
            .version = "1",
            .register_function = &MockHost::register_function,
            .report = &MockHost::report,
            .locate = &MockHost::locate,
            .describe = &MockHost::describe,
            .get_extension = &MockHost::get_extension},
      options_extension_{
          .struct_size = sizeof options_extension_, .reserved = 0, .option = &MockHost::option} {
    extensions_[NPK_EXTENSION_OPTIONS] = &options_extension_;
    nowhere();
}

void MockHost::at(std::uint32_t line, std::uint32_t column) {
    current_token = token_of({line, column});
}

void MockHost::at_library(Place in_library, Place caller) {
    current_token = token_of(in_library) << 32 | token_of(caller);
}

void MockHost::nowhere() {
    current_token = 0;
}

const npk_function* MockHost::find(std::string_view name) const {
    const auto found = std::ranges::find(functions_, name, &npk_function::name);
    return found == functions_.end() ? nullptr : *found;
}

std::vector<Report> MockHost::reports() const {
    const std::lock_guard lock(mutex_);
    return reports_;
}

void MockHost::forget_reports() {
    const std::lock_guard lock(mutex_);
    reports_.clear();
}

npk_status MockHost::register_function(void* data, const npk_function* function) {
    MockHost& host = of(data);
    if (host.find(function->name) || std::ranges::count(host.taken_, function->name)) return NPK_DUPLICATE;
    host.functions_.push_back(function);
    return NPK_OK;
}

void MockHost::report(void* data, const npk_diagnostic* diagnostic) {
    MockHost& host = of(data);
    {
        const std::lock_guard lock(host.mutex_);
        host.reports_.push_back(record_of(*diagnostic));
    }
    if (host.on_report) host.on_report(host, *diagnostic);
}

std::uint64_t MockHost::locate(void*) {
    return current_token;
}

std::uint32_t MockHost::describe(void*, std::uint64_t token, npk_place* place) {
    if (token == 0) return 0;
    const Place inner = place_of_token(token >> 32);
    const Place outer = place_of_token(token);
    const npk_location in_program = {"mock.npk", "main", outer.line, outer.column};
    place->in_library = inner.line != 0;
    place->at = inner.line ? npk_location{"library.npk", "helper", inner.line, inner.column} : in_program;
    place->caller = inner.line ? in_program : npk_location{};
    return 1;
}

const void* MockHost::get_extension(void* data, const char* id) {
    const auto& extensions = of(data).extensions_;
    const auto found = extensions.find(id);
    return found == extensions.end() ? nullptr : found->second;
}

const char* MockHost::option(void* data, const char* name) {
    const auto& options = of(data).options_;
    const auto found = options.find(name);
    return found == options.end() ? nullptr : found->second.c_str();
}

Library::Library(const std::string& path) : handle_(dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL)) {
    if (!handle_) throw std::runtime_error(dlerror());
}

Library::~Library() {
    dlclose(handle_);
}

void* Library::find(const char* name) const {
    return dlsym(handle_, name);
}

const npk_plugin* Library::open(const npk_host& host, npk_refusal* why) const {
    return symbol<const npk_plugin*(const npk_host*, npk_refusal*)>(NPK_PLUGIN_SYMBOL)(&host, why);
}

npk_value value(const void* pointer) {
    npk_value result{};
    result.kind = NPK_KIND_PTR;
    result.ptr = const_cast<void*>(pointer);
    return result;
}

npk_value value(std::int32_t number) {
    npk_value result{};
    result.kind = NPK_KIND_I32;
    result.i = number;
    return result;
}

npk_value value(std::int64_t number) {
    npk_value result{};
    result.kind = NPK_KIND_I64;
    result.i = number;
    return result;
}

npk_value value(double number) {
    npk_value result{};
    result.kind = NPK_KIND_F64;
    result.f64 = number;
    return result;
}

Plugin::Plugin(MockHost& host) : host_(host) {
    npk_refusal why{};
    why.struct_size = sizeof why;
    table_ = library_.open(host.table, &why);
    if (!table_) throw std::runtime_error(why.text);
}

Plugin::~Plugin() {
    close();
}

void Plugin::close() {
    if (table_) table_->close();
    table_ = nullptr;
}

const npk_function& Plugin::function(std::string_view name) const {
    if (const npk_function* registered = host_.find(name)) return *registered;
    npk_refusal why{};
    why.struct_size = sizeof why;
    const npk_function* resolved = table_->resolve(std::string(name).c_str(), &why);
    if (!resolved) throw std::runtime_error(why.text);
    return *resolved;
}

Outcome Plugin::invoke_values(std::string_view name, const std::vector<npk_value>& arguments) const {
    const npk_function& callee = function(name);
    npk_value result{};
    result.kind = callee.result_kind;
    const npk_status status = callee.invoke(callee.context, arguments.data(),
                                            static_cast<std::uint32_t>(arguments.size()), &result);
    return {status, result};
}

const void* Plugin::find_extension(const char* id) const {
    const void* extension = table_->get_extension(id);
    if (!extension) throw std::runtime_error(std::string("the plugin does not offer ") + id);
    return extension;
}

int Plugin::operate(std::string_view name, const void* page) const {
    const Outcome outcome = invoke(name, page);
    BOOST_TEST((outcome.status == NPK_OK || outcome.status == NPK_REFUSED));
    return static_cast<int>(outcome.result.i);
}

void* Plugin::alloc(std::int64_t size) const {
    const Outcome outcome = invoke("wildx_alloc", size);
    BOOST_TEST((outcome.status == NPK_OK || outcome.status == NPK_REFUSED));
    return outcome.result.ptr;
}

int Plugin::install(const void* page) const {
    return operate("npk_jit_install_add_i32", page);
}
int Plugin::seal(const void* page) const {
    return operate("wildx_seal", page);
}
int Plugin::free(const void* page) const {
    return operate("wildx_free", page);
}

Outcome Plugin::call(const void* page, std::int32_t a, std::int32_t b) const {
    return invoke("npk_jit_call_i32_i32", page, a, b);
}

Report PluginFixture::only_report() {
    const std::vector<Report> reports = host.reports();
    BOOST_REQUIRE_EQUAL(reports.size(), 1u);
    host.forget_reports();
    return reports.front();
}

npk_page_info PluginFixture::info(const void* address) const {
    npk_page_info info{};
    info.struct_size = sizeof info;
    const auto& pages = plugin.extension<npk_pages_extension>(NPK_EXTENSION_PAGES);
    BOOST_TEST(pages.info(address, &info) == NPK_OK);
    return info;
}

npk_statistics PluginFixture::statistics() const {
    npk_statistics statistics{};
    statistics.struct_size = sizeof statistics;
    plugin.extension<npk_pages_extension>(NPK_EXTENSION_PAGES).statistics(&statistics);
    return statistics;
}

} // namespace npk::test
