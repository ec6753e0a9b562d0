// Random sequences of calls through the contract, over random pointers. A model of a page's life predicts what each step
// comes to: done without a report, or refused with exactly one report of the predicted code.
#include "plugin_under_test.hpp"

#include <array>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

using npk::fuzz::require;

namespace {

// --- input ---------------------------------------------------------------------------------------------------------

/// The input as a sequence of choices; zeros when it has ended.
class Choices {
public:
    Choices(const std::uint8_t* data, std::size_t size) : data_(data), size_(size) {}

    bool ended() const { return at_ >= size_; }
    std::uint8_t byte() { return ended() ? 0 : data_[at_++]; }
    std::size_t below(std::size_t limit) { return byte() % limit; }
    std::uint64_t word() {
        std::uint64_t value = 0;
        for (int count = 0; count < 8; ++count)
            value = value << 8 | byte();
        return value;
    }
    std::string text() {
        std::string result;
        for (std::size_t length = below(48); length > 0; --length)
            result += static_cast<char>(byte());
        return result;
    }

private:
    const std::uint8_t* data_;
    std::size_t size_;
    std::size_t at_ = 0;
};

// --- host ----------------------------------------------------------------------------------------------------------

struct Host {
    std::vector<const npk_function*> functions;
    std::vector<std::uint32_t> codes; ///< of the reports since the last step
    std::uint64_t leaked = 0;
    std::uint64_t step = 1;
    const npk_pages_extension* pages = nullptr;

    static Host& of(void* data) { return *static_cast<Host*>(data); }

    npk_host table() {
        npk_host table{};
        table.struct_size = sizeof table;
        table.abi_version = NPK_ABI_VERSION;
        table.data = this;
        table.register_function = [](void* data, const npk_function* function) {
            of(data).functions.push_back(function);
            return NPK_OK;
        };
        table.report = &Host::report;
        // Every step is a place of its own, so that nothing is summed up.
        table.locate = [](void* data) { return of(data).step; };
        table.describe = [](void*, std::uint64_t token, npk_place* place) -> std::uint32_t {
            place->at = {"fuzz.npk", "main", static_cast<std::uint32_t>(token), 1};
            return 1;
        };
        return table;
    }

    static void report(void* data, const npk_diagnostic* diagnostic) {
        Host& host = of(data);
        require(diagnostic->message && *diagnostic->message, "a report without a message");
        char text[256];
        if (host.pages) {
            host.pages->diagnostic_to_json(diagnostic, text, sizeof text);
            host.pages->diagnostic_to_text(diagnostic, text, sizeof text);
        }
        if (diagnostic->code == NPK_CODE_LEAK)
            host.leaked += diagnostic->repeats;
        else
            host.codes.push_back(diagnostic->code);
    }

    const npk_function& find(std::string_view name) const {
        for (const npk_function* function : functions)
            if (name == function->name) return *function;
        require(false, "a function is missing");
        std::abort();
    }
};

npk_value value(std::uint32_t kind, std::uint64_t bits) {
    npk_value result{};
    result.kind = kind;
    result.u = bits;
    return result;
}

// --- model ---------------------------------------------------------------------------------------------------------

struct Page {
    std::uintptr_t address = 0;
    std::uint64_t mapped = 0;
    npk_state state = NPK_STATE_WRITABLE;
    std::string signature = {};
    bool callable = false; ///< holds known code
};

/// A pointer that a step uses: which page it belongs to, and how.
struct Pointer {
    const void* address = nullptr;
    Page* page = nullptr;                  ///< null: none of ours
    std::uint32_t refusal = NPK_CODE_NONE; ///< by the address alone
};

constexpr std::uint64_t page_size = 4096;
constexpr std::uint64_t quota = 64 * page_size;
constexpr std::array<std::uint8_t, 4> safe_code{0x8D, 0x04, 0x37, 0xC3}; // lea eax, [rdi + rsi]; ret
constexpr std::array signatures{"i32(i32,i32)",
                                "i64(i64,i64)",
                                "f64(f64,f64)",
                                "void()",
                                "i64(ptr)",
                                "u8(u8,bool)",
                                "{i32,i32}(i64,i64)",
                                "f32(f32)",
                                "i64(i64,i64,i64,i64,i64,i64,i64)"};

class Sequence {
public:
    Sequence(const std::uint8_t* data, std::size_t size) : choices_(data, size) {
        const npk_host table = host_.table();
        npk_refusal why{};
        why.struct_size = sizeof why;
        plugin_ = npk::fuzz::plugin_entry()(&table, &why);
        require(plugin_ != nullptr, why.text);
        host_.pages = static_cast<const npk_pages_extension*>(plugin_->get_extension(NPK_EXTENSION_PAGES));
        calls_ = static_cast<const npk_calls_extension*>(plugin_->get_extension(NPK_EXTENSION_CALLS));
        seal_ = static_cast<const npk_seal_extension*>(plugin_->get_extension(NPK_EXTENSION_SEAL));
        faults_ = static_cast<const npk_faults_extension*>(plugin_->get_extension(NPK_EXTENSION_FAULTS));
        host_.pages->set_quota(quota);
        seal_->choose("mprotect");
        calls_->set_route(NPK_CALLS_THUNK);
        pages_.reserve(max_pages);
    }

    void run() {
        while (!choices_.ended()) {
            ++host_.step;
            host_.codes.clear();
            take_step();
        }
        host_.codes.clear();
        ++host_.step;
        std::uint64_t live = 0;
        for (const Page& page : pages_)
            live += page.state != NPK_STATE_FREED;
        npk_statistics statistics{};
        statistics.struct_size = sizeof statistics;
        host_.pages->statistics(&statistics);
        require(statistics.live_pages == live && statistics.live_bytes == used_, "the counts do not balance");
        host_.pages->set_audit(nullptr, nullptr);
        plugin_->close();
        require(host_.leaked == live, "%llu leaks were told, %llu pages were live",
                static_cast<unsigned long long>(host_.leaked), static_cast<unsigned long long>(live));
    }

private:
    static constexpr std::size_t max_pages = 96;

    void take_step() {
        switch (choices_.below(16)) {
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
        default: return diagnose();
        }
    }

    // --- pointers

    Pointer pointer() {
        const std::size_t kind = choices_.below(10);
        if (kind == 0) return {nullptr, nullptr, NPK_CODE_NULL_POINTER};
        if (kind == 1) return {&host_, nullptr, NPK_CODE_FOREIGN_POINTER};
        if (kind == 2) return {host_.functions.data(), nullptr, NPK_CODE_FOREIGN_POINTER};
        if (kind == 3) return {reinterpret_cast<const void*>(&std::abort), nullptr, NPK_CODE_FOREIGN_POINTER};
        if (kind == 4) return random_address();
        if (pages_.empty()) return {nullptr, nullptr, NPK_CODE_NULL_POINTER};
        Page& page = pages_[choices_.below(pages_.size())];
        if (kind == 5) return at(page, 1 + choices_.word() % (page.mapped - 1), NPK_CODE_INTERIOR_POINTER);
        if (kind == 6) return at(page, page.mapped + choices_.below(page_size), NPK_CODE_GUARD_POINTER);
        return at(page, 0, NPK_CODE_NONE);
    }

    /// Any address that is not near a page of ours.
    Pointer random_address() {
        const auto* address = reinterpret_cast<const void*>(choices_.word());
        npk_page_info info{};
        info.struct_size = sizeof info;
        const bool free = address != nullptr && host_.pages->info(address, &info) == NPK_NOT_FOUND;
        return {free ? address : &host_, nullptr, NPK_CODE_FOREIGN_POINTER};
    }

    static Pointer at(Page& page, std::uint64_t offset, std::uint32_t refusal) {
        return {reinterpret_cast<const void*>(page.address + offset), &page, refusal};
    }

    // --- verdicts

    void expect(std::uint32_t code, const char* operation) {
        if (code == NPK_CODE_NONE) {
            require(host_.codes.empty(), "%s: report %u, but it was right", operation,
                    host_.codes.empty() ? 0 : host_.codes[0]);
            return;
        }
        require(host_.codes.size() == 1, "%s: %zu reports, wanted one of code %u", operation,
                host_.codes.size(), code);
        require(host_.codes[0] == code, "%s: report %u, wanted %u", operation, host_.codes[0], code);
    }

    /// The code for a pointer where only a page in the `wanted` state will do.
    static std::uint32_t judge(const Pointer& pointer, npk_state wanted) {
        if (pointer.refusal != NPK_CODE_NONE) return pointer.refusal;
        const npk_state state = pointer.page->state;
        if (state == wanted) return NPK_CODE_NONE;
        if (state == NPK_STATE_FREED) return NPK_CODE_USE_AFTER_FREE;
        return wanted == NPK_STATE_WRITABLE ? NPK_CODE_ALREADY_SEALED : NPK_CODE_NOT_SEALED;
    }

    npk_value invoke(std::string_view name, std::initializer_list<npk_value> arguments) {
        const npk_function& function = host_.find(name);
        npk_value result{};
        result.kind = function.result_kind;
        function.invoke(function.context, std::data(arguments), static_cast<std::uint32_t>(arguments.size()),
                        &result);
        return result;
    }

    npk_value operate(std::string_view name, const Pointer& pointer) {
        return invoke(name, {value(NPK_KIND_PTR, reinterpret_cast<std::uintptr_t>(pointer.address))});
    }

    // --- steps

    void mint() {
        if (pages_.size() == max_pages) return;
        constexpr std::array<std::int64_t, 12> sizes{0,    -1,   1,     64,        4095,      4096,
                                                     4097, 8192, 65536, INT64_MAX, INT64_MIN, 1 << 18};
        const std::int64_t size =
            choices_.below(2) ? sizes[choices_.below(sizes.size())] : 1 + choices_.byte() * 16;
        const std::uint64_t mapped =
            (static_cast<std::uint64_t>(size) + page_size - 1) / page_size * page_size;
        const npk_value page = invoke("wildx_alloc", {value(NPK_KIND_I64, static_cast<std::uint64_t>(size))});
        const bool fits = size > 0 && used_ + mapped <= quota;
        expect(size <= 0 ? NPK_CODE_BAD_SIZE : fits ? NPK_CODE_NONE : NPK_CODE_QUOTA, "mint");
        require((page.ptr != nullptr) == fits, "mint gave %p", page.ptr);
        if (!fits) return;
        used_ += mapped;
        for (const Page& known : pages_)
            require(known.address != reinterpret_cast<std::uintptr_t>(page.ptr),
                    "an address was minted again");
        pages_.push_back({reinterpret_cast<std::uintptr_t>(page.ptr), mapped});
    }

    void install_arithmetic() {
        constexpr std::array<std::array<const char*, 2>, 3> codes{
            {{"npk_jit_install_add_i32", "i32(i32,i32)"},
             {"npk_jit_install_mul_i64", "i64(i64,i64)"},
             {"npk_jit_install_sub_f64", "f64(f64,f64)"}}};
        const auto& [name, signature] = codes[choices_.below(codes.size())];
        const Pointer target = pointer();
        const std::uint32_t code = judge(target, NPK_STATE_WRITABLE);
        operate(name, target);
        expect(code, name);
        if (code != NPK_CODE_NONE) return;
        target.page->signature = signature;
        target.page->callable = true;
    }

    void install_bytes() {
        const Pointer target = pointer();
        const bool safe = choices_.below(2);
        std::string bytes = safe ? std::string(safe_code.begin(), safe_code.end()) : choices_.text();
        std::int64_t offset = 0;
        if (!safe)
            offset = static_cast<std::int64_t>(choices_.below(4) ? choices_.word() % 8192 : choices_.word());
        const npk_value result =
            invoke("npk_jit_install_bytes_at",
                   {value(NPK_KIND_PTR, reinterpret_cast<std::uintptr_t>(target.address)),
                    value(NPK_KIND_I64, static_cast<std::uint64_t>(offset)),
                    value(NPK_KIND_PTR, reinterpret_cast<std::uintptr_t>(bytes.data())),
                    value(NPK_KIND_I64, bytes.size())});
        std::uint32_t code = judge(target, NPK_STATE_WRITABLE);
        if (code == NPK_CODE_NONE) {
            const std::uint64_t mapped = target.page->mapped;
            const bool fits = offset >= 0 && static_cast<std::uint64_t>(offset) <= mapped - bytes.size();
            if (!fits) code = NPK_CODE_TOO_LONG;
        }
        expect(code, "install_bytes");
        require((result.i == 0) == (code == NPK_CODE_NONE), "install_bytes gave %d",
                static_cast<int>(result.i));
        if (code == NPK_CODE_NONE && !bytes.empty()) target.page->callable = safe;
    }

    void bind() {
        const Pointer target = pointer();
        const bool sound = choices_.below(4) != 0;
        const std::string signature = sound ? signatures[choices_.below(signatures.size())] : choices_.text();
        const bool parses = calls_->check_signature(signature.c_str(), nullptr, nullptr) == NPK_OK;
        require(parses || !sound, "%s does not parse", signature.c_str());
        calls_->bind(target.address, signature.c_str());
        const std::uint32_t code =
            parses ? judge(target, NPK_STATE_WRITABLE) : std::uint32_t{NPK_CODE_BAD_SIGNATURE};
        expect(code, "bind");
        if (code == NPK_CODE_NONE) target.page->signature = signature.c_str();
    }

    void seal() {
        const Pointer target = pointer();
        const std::uint32_t code = judge(target, NPK_STATE_WRITABLE);
        const npk_value result = operate("wildx_seal", target);
        expect(code, "seal");
        require((result.i == 0) == (code == NPK_CODE_NONE), "seal gave %d", static_cast<int>(result.i));
        if (code == NPK_CODE_NONE) target.page->state = NPK_STATE_EXECUTABLE;
    }

    void verify() {
        const Pointer target = pointer();
        host_.pages->verify(target.address);
        expect(judge(target, NPK_STATE_EXECUTABLE), "verify");
    }

    void free() {
        const Pointer target = pointer();
        std::uint32_t code = target.refusal;
        if (code == NPK_CODE_NONE && target.page->state == NPK_STATE_FREED) code = NPK_CODE_DOUBLE_FREE;
        const npk_value result = operate("wildx_free", target);
        expect(code, "free");
        require((result.i == 0) == (code == NPK_CODE_NONE), "free gave %d", static_cast<int>(result.i));
        if (code != NPK_CODE_NONE) return;
        target.page->state = NPK_STATE_FREED;
        used_ -= target.page->mapped;
    }

    void call() {
        const Pointer target = pointer();
        std::uint32_t code = judge(target, NPK_STATE_EXECUTABLE);
        const std::int32_t a = choices_.byte();
        const std::int32_t b = choices_.byte();
        const bool bound = target.page && !target.page->signature.empty();
        if (code == NPK_CODE_NONE && bound && target.page->signature != "i32(i32,i32)")
            code = NPK_CODE_SIGNATURE_MISMATCH;
        if (code == NPK_CODE_NONE && !target.page->callable) return;
        const std::array arguments{value(NPK_KIND_I32, static_cast<std::uint64_t>(a)),
                                   value(NPK_KIND_I32, static_cast<std::uint64_t>(b))};
        npk_value result = value(NPK_KIND_I32, 0);
        const npk_status status = calls_->call(target.address, "i32(i32,i32)", arguments.data(), 2, &result);
        expect(code, "call");
        require(status == (code == NPK_CODE_NONE ? NPK_OK : NPK_TRAP), "call gave status %d",
                static_cast<int>(status));
    }

    /// Values of any kind for any signature. Whatever does not fit must be refused; nothing refused may be called.
    void call_with_wrong_values() {
        const Pointer target = pointer();
        if (target.page && target.page->state == NPK_STATE_EXECUTABLE && !target.page->callable) return;
        const char* signature = signatures[choices_.below(signatures.size())];
        std::array<std::uint8_t, 64> bytes{};
        std::array<npk_value, 40> arguments{};
        const auto count = static_cast<std::uint32_t>(choices_.below(arguments.size()));
        for (std::uint32_t index = 0; index < count; ++index) {
            arguments[index] = value(static_cast<std::uint32_t>(choices_.below(17)), choices_.byte());
            if (arguments[index].kind == NPK_KIND_STRUCT) {
                arguments[index].ptr = bytes.data();
                arguments[index].size = static_cast<std::uint32_t>(choices_.below(bytes.size()));
            }
        }
        npk_value result = value(static_cast<std::uint32_t>(choices_.below(17)), 0);
        if (result.kind == NPK_KIND_STRUCT) {
            result.ptr = bytes.data();
            result.size = static_cast<std::uint32_t>(choices_.below(bytes.size()));
        }
        const npk_status status = calls_->call(target.address, signature, arguments.data(), count, &result);
        if (judge(target, NPK_STATE_EXECUTABLE) != NPK_CODE_NONE)
            require(status != NPK_OK, "a refused page was called");
        const bool mismatch =
            target.page && !target.page->signature.empty() && target.page->signature != signature;
        require(!mismatch || status != NPK_OK, "a page was called with another signature");
    }

    void ask() {
        const Pointer target = pointer();
        npk_page_info info{};
        info.struct_size =
            static_cast<std::uint32_t>(choices_.below(2) ? sizeof info : choices_.below(sizeof info));
        const bool whole = info.struct_size == sizeof info;
        const npk_status status = host_.pages->info(target.address, &info);
        if (target.page) {
            require(!whole || info.state == static_cast<std::uint32_t>(target.page->state),
                    "info tells another state");
            require(!whole || info.address == target.page->address, "info tells another address");
        } else {
            require(status == NPK_NOT_FOUND, "info knows a foreign pointer");
        }
        npk_statistics statistics{};
        statistics.struct_size = static_cast<std::uint32_t>(choices_.word() % (sizeof statistics + 1));
        if (choices_.below(8) == 0) host_.pages->statistics(&statistics);
        if (choices_.below(8) == 0)
            host_.pages->each([](void*, const npk_page_info*) { return std::int32_t{0}; }, nullptr);
        expect(NPK_CODE_NONE, "ask");
    }

    void choose_policies() {
        host_.pages->set_verification(choices_.byte() % 6, choices_.byte() % 4);
        host_.pages->set_free_policy(choices_.byte() % 4);
        calls_->set_route(choices_.byte() % 4);
        seal_->choose(choices_.below(2) ? "kernel" : "mprotect");
        seal_->choose(choices_.below(2) ? "" : "nothing");
        const npk_audit_sink sink = [](void*, const char* line, std::size_t length) {
            require(length > 2 && line[0] == '{' && line[length - 1] == '\n', "half a line in the audit log");
        };
        host_.pages->set_audit(choices_.below(2) ? sink : nullptr, nullptr);
        host_.pages->summarise();
    }

    void resolve() {
        const std::string name = (choices_.below(2) ? "npk_jit_call_" : "") + choices_.text();
        npk_refusal why{};
        why.struct_size = static_cast<std::uint32_t>(choices_.word() % (sizeof why + 1));
        const npk_function* function = plugin_->resolve(name.c_str(), &why);
        require(function == nullptr || function->invoke != nullptr, "a family has no entry");
        require(function == plugin_->resolve(name.c_str(), nullptr), "a name has two functions");
    }

    void diagnose() {
        const Pointer target = pointer();
        npk_fault fault{};
        fault.struct_size = sizeof fault;
        fault.signal = static_cast<std::uint32_t>(choices_.below(40));
        fault.access = static_cast<std::uint32_t>(choices_.below(5));
        fault.address = reinterpret_cast<std::uintptr_t>(target.address);
        fault.instruction = reinterpret_cast<std::uintptr_t>(pointer().address);
        npk_diagnostic diagnostic{};
        diagnostic.struct_size = static_cast<std::uint32_t>(choices_.word() % (sizeof diagnostic + 1));
        std::array<char, 2048> text;
        faults_->diagnose(&fault, &diagnostic, text.data(), choices_.word() % (text.size() + 1));
    }

    Host host_;
    Choices choices_;
    const npk_plugin* plugin_ = nullptr;
    const npk_calls_extension* calls_ = nullptr;
    const npk_seal_extension* seal_ = nullptr;
    const npk_faults_extension* faults_ = nullptr;
    std::vector<Page> pages_;
    std::uint64_t used_ = 0;
};

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Sequence(data, size).run();
    return 0;
}
