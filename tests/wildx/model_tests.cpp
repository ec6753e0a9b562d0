// A reference model of a few lines, and long random sequences of operations that both must judge alike. A sequence
// that they judge differently is shrunk to a minimal one before it is shown.
//
// NPK_TEST_SEED and NPK_TEST_STEPS in the environment choose other sequences.
#include "wildx/linux_os.hpp"
#include "wildx/registry.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <memory>
#include <optional>
#include <random>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

using namespace npk::wildx;

namespace {

constexpr std::size_t name_count = 8; // pages that a sequence can speak of
constexpr std::uint64_t quota = 5 * 4096;

// One step: mint a page under a name, or do something to a pointer near the page of that name.
struct Step {
    enum class Kind { Mint, Operate } kind;
    std::size_t name;
    std::uint64_t bytes; // of a mint
    Operation operation;
    std::int64_t offset; // of the pointer from the page's start
};

std::ostream& operator<<(std::ostream& stream, const Step& step) {
    if (step.kind == Step::Kind::Mint) return stream << "mint " << step.bytes << " as " << step.name;
    return stream << "operation " << static_cast<int>(step.operation) << " on " << step.name << " + "
                  << step.offset;
}

// What the seed text says about pages, and nothing else.
class Model {
public:
    explicit Model(std::uint64_t limit) : limit_(limit) {}

    npk_code mint(std::size_t name, std::uint64_t bytes) {
        if (bytes == 0) return NPK_CODE_BAD_SIZE;
        const std::uint64_t mapped = (bytes + 4095) / 4096 * 4096;
        if (used_ + mapped > limit_) return NPK_CODE_QUOTA;
        used_ += mapped;
        pages_[name] = {State::Writable, mapped};
        return NPK_CODE_NONE;
    }

    npk_code operate(Operation operation, std::size_t name, std::int64_t offset) {
        Page& page = pages_[name];
        if (page.state == State::Uninitialized) return NPK_CODE_NULL_POINTER;
        if (offset != 0) {
            const bool inside = offset > 0 && static_cast<std::uint64_t>(offset) < page.mapped;
            return inside ? NPK_CODE_INTERIOR_POINTER : NPK_CODE_GUARD_POINTER;
        }
        if (page.state == State::Freed)
            return operation == Operation::Free ? NPK_CODE_DOUBLE_FREE : NPK_CODE_USE_AFTER_FREE;
        const bool sealed = page.state == State::Executable;
        switch (operation) {
        case Operation::Install:
        case Operation::Bind: return sealed ? NPK_CODE_ALREADY_SEALED : NPK_CODE_NONE;
        case Operation::Call:
        case Operation::Verify: return sealed ? NPK_CODE_NONE : NPK_CODE_NOT_SEALED;
        case Operation::Seal:
            if (sealed) return NPK_CODE_ALREADY_SEALED;
            page.state = State::Executable;
            return NPK_CODE_NONE;
        case Operation::Free:
            page.state = State::Freed;
            used_ -= page.mapped;
            return NPK_CODE_NONE;
        }
        return NPK_CODE_NONE;
    }

    std::uint64_t used() const { return used_; }

private:
    struct Page {
        State state = State::Uninitialized;
        std::uint64_t mapped = 0;
    };
    std::uint64_t limit_;
    Page pages_[name_count];
    std::uint64_t used_ = 0;
};

constexpr RegistryOptions registry_options{.remembered = 1 << 20, .reservation = 256 << 20};

// A registry under the model's names.
class Real {
public:
    explicit Real(Registry& registry) : registry_(registry) {}

    npk_code mint(std::size_t name, std::uint64_t bytes) {
        const Verdict verdict = registry_.mint(bytes, {});
        if (verdict.done()) starts_[name] = verdict.page.story.address;
        return verdict.code;
    }

    npk_code operate(Operation operation, std::size_t name, std::int64_t offset) {
        const std::uintptr_t address =
            starts_[name] ? starts_[name] + static_cast<std::uintptr_t>(offset) : 0;
        const auto* pointer = reinterpret_cast<const void*>(address);
        constexpr std::byte code[] = {std::byte{0xC3}};
        switch (operation) {
        case Operation::Install: return registry_.install(pointer, 0, code, nullptr).code;
        case Operation::Seal: return registry_.seal(pointer, {}).code;
        case Operation::Verify: return registry_.verify(pointer).code;
        case Operation::Free:
            return registry_.free(pointer, {}, reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0)))
                .code;
        case Operation::Bind:
        case Operation::Call: return registry_.assess(operation, pointer).code;
        }
        return NPK_CODE_NONE;
    }

private:
    Registry& registry_;
    std::uintptr_t starts_[name_count] = {};
};

std::vector<Step> random_steps(std::mt19937_64& random, std::size_t count) {
    const auto below = [&](std::uint64_t limit) { return random() % limit; };
    constexpr std::int64_t offsets[] = {0, 0, 0, 0, 0, 0, 1, 8, 4095, 4096, 8191, -1, -4096};
    std::vector<Step> steps;
    for (std::size_t index = 0; index < count; ++index) {
        const auto kind = below(5) == 0 ? Step::Kind::Mint : Step::Kind::Operate;
        steps.push_back({kind, below(name_count), below(3) * below(4097),
                         static_cast<Operation>(below(operation_count)), offsets[below(std::size(offsets))]});
    }
    return steps;
}

// A step's judgement by the model or by the registry.
template <class Judge>
npk_code take(const Step& step, Judge& judge) {
    if (step.kind == Step::Kind::Mint) return judge.mint(step.name, step.bytes);
    return judge.operate(step.operation, step.name, step.offset);
}

// The index of the first step on which model and registry disagree; nothing when they agree on all.
std::optional<std::size_t> disagreement(const std::vector<Step>& steps, std::string* how = nullptr) {
    LinuxOs os;
    CallMarks marks(os);
    Registry registry(os, marks, registry_options);
    registry.quota().set_limit(quota);
    Real real(registry);
    Model model(quota);
    for (std::size_t index = 0; index < steps.size(); ++index) {
        const npk_code expected = take(steps[index], model);
        const npk_code found = take(steps[index], real);
        if (expected == found && model.used() == registry.quota().used()) continue;
        if (how) {
            std::ostringstream text;
            text << "code " << found << " instead of " << expected << ", " << registry.quota().used()
                 << " bytes instead of " << model.used();
            *how = text.str();
        }
        return index;
    }
    return std::nullopt;
}

// Leaves out whatever can be left out while the disagreement stays.
std::vector<Step> shrink(std::vector<Step> steps) {
    steps.resize(*disagreement(steps) + 1);
    for (std::size_t chunk = steps.size() / 2; chunk > 0; chunk /= 2)
        for (std::size_t at = 0; at + chunk <= steps.size();) {
            std::vector<Step> shorter = steps;
            shorter.erase(shorter.begin() + static_cast<std::ptrdiff_t>(at),
                          shorter.begin() + static_cast<std::ptrdiff_t>(at + chunk));
            if (disagreement(shorter))
                steps = shorter;
            else
                at += chunk;
        }
    return steps;
}

std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
    const char* text = std::getenv(name);
    return text ? std::strtoull(text, nullptr, 10) : otherwise;
}

} // namespace

BOOST_AUTO_TEST_SUITE(model)

// Threads with pages of their own share one registry: each is judged as if it were alone.
BOOST_AUTO_TEST_CASE(threads_are_judged_alike) {
    constexpr std::uint64_t thread_count = 8;
    constexpr std::uint64_t unlimited = std::uint64_t{1} << 40;
    const std::uint64_t first_seed = from_environment("NPK_TEST_SEED", 1);
    const std::uint64_t length = from_environment("NPK_TEST_STEPS", 1'000'000) / 50;
    LinuxOs os;
    CallMarks marks(os);
    Registry registry(os, marks, registry_options);
    registry.quota().set_limit(unlimited);
    std::vector<std::string> mistakes(thread_count);
    std::vector<Model> models(thread_count, Model(unlimited));
    std::vector<std::thread> threads;
    for (std::uint64_t index = 0; index < thread_count; ++index)
        threads.emplace_back([&, index] {
            std::mt19937_64 random(first_seed + index);
            Real real(registry);
            std::size_t at = 0;
            for (const Step& step : random_steps(random, length)) {
                const npk_code expected = take(step, models[index]);
                const npk_code found = take(step, real);
                ++at;
                if (expected == found) continue;
                std::ostringstream text;
                text << "seed " << first_seed + index << ", step " << at << ", " << step << ": code " << found
                     << " instead of " << expected;
                mistakes[index] = text.str();
                return;
            }
        });
    for (std::thread& thread : threads)
        thread.join();
    std::uint64_t used = 0;
    for (const Model& model : models)
        used += model.used();
    for (const std::string& mistake : mistakes)
        BOOST_TEST(mistake == "");
    BOOST_TEST(registry.quota().used() == used);
}

BOOST_AUTO_TEST_CASE(random_sequences_are_judged_alike) {
    const std::uint64_t first_seed = from_environment("NPK_TEST_SEED", 1);
    std::uint64_t steps_left = from_environment("NPK_TEST_STEPS", 1'000'000);
    constexpr std::size_t length = 2000;
    for (std::uint64_t seed = first_seed; steps_left > 0; ++seed) {
        std::mt19937_64 random(seed);
        const std::vector<Step> steps = random_steps(random, std::min<std::uint64_t>(length, steps_left));
        steps_left -= steps.size();
        if (!disagreement(steps)) continue;
        std::string how;
        std::ostringstream minimal;
        const std::vector<Step> fewest = shrink(steps);
        disagreement(fewest, &how);
        for (const Step& step : fewest)
            minimal << "\n  " << step;
        BOOST_FAIL("seed " << seed << ": " << how << " after" << minimal.str());
    }
}

BOOST_AUTO_TEST_SUITE_END()
