// Our calls against plain libffi's, over random signatures and values: every argument register, every stack
// word and the result must be the same bit for bit. NPK_FUZZ_SIGNATURES and NPK_FUZZ_SEED make longer and
// other runs.
#include "echo.hpp"
#include "machine_call.hpp"
#include "signature_table.hpp"
#include "value.hpp"

#include <alloca.h>
#include <boost/test/unit_test.hpp>

#include <array>
#include <bit>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <random>
#include <string>
#include <vector>

npk::test::EchoRecord npk_test_echo_record{};

using namespace npk::jit;
using npk::test::EchoRecord;

namespace {

constexpr std::size_t largest_struct = 64;

std::uint64_t number_from_environment(const char* name, std::uint64_t otherwise) {
    const char* const text = std::getenv(name);
    return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

class RandomSignatures {
public:
    explicit RandomSignatures(std::uint64_t seed) : random_(seed) {}

    SignatureSyntax next() {
        SignatureSyntax syntax;
        // A third has a chance to fit in registers, a third has arguments of one register kind, a third has it all.
        const std::size_t sort = below(3);
        const std::size_t counts[] = {10, 20, max_parameters + 1};
        const bool floats = below(2) == 0;
        for (std::size_t count = below(counts[sort]); count > 0; --count)
            syntax.parameters.push_back(sort == 1 ? Type{alike(floats), {}} : value_type(sort == 0));
        if (below(8) != 0) syntax.result = value_type(sort != 2 && below(4) != 0);
        return syntax;
    }

    std::size_t below(std::size_t limit) {
        return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random_);
    }

    void fill(void* bytes, std::size_t size) {
        for (std::size_t i = 0; i < size; ++i)
            static_cast<unsigned char*>(bytes)[i] = static_cast<unsigned char>(random_());
    }

private:
    Kind alike(bool floats) {
        for (;;) {
            const auto kind = static_cast<Kind>(1 + below(12));
            if (is_vector(kind) == floats) return kind;
        }
    }

    Type value_type(bool scalar) {
        if (scalar || below(4) != 0) return {static_cast<Kind>(1 + below(12)), {}};
        for (;;) {
            Type type = structure(0);
            if (type.size() <= largest_struct) return type;
        }
    }

    Type structure(std::size_t nesting) {
        Type type{Kind::Struct, {}};
        const std::size_t count = 1 + below(6);
        for (std::size_t i = 0; i < count; ++i) {
            if (nesting < 3 && below(6) == 0)
                type.fields.push_back(structure(nesting + 1));
            else
                type.fields.push_back({static_cast<Kind>(1 + below(12)), {}});
        }
        return type;
    }

    std::mt19937_64 random_;
};

struct Outcome {
    EchoRecord record;
    std::array<unsigned char, largest_struct + 8> result;
};

/// Arguments of one call: storage of exactly each width, aligned for any type.
struct Arguments {
    std::vector<std::unique_ptr<unsigned char[]>> storage;
    std::vector<void*> pointers;

    Arguments(RandomSignatures& random, const Signature& signature) {
        for (const Type& type : signature.parameters()) {
            storage.push_back(std::make_unique<unsigned char[]>(type.size()));
            random.fill(storage.back().get(), type.size());
            if (type.kind == Kind::Bool) storage.back()[0] &= 1;
            pointers.push_back(storage.back().get());
        }
    }

    Arguments turned(const Signature& signature) const {
        Arguments result;
        for (std::size_t i = 0; i < storage.size(); ++i) {
            const Type& type = signature.parameters()[i];
            result.storage.push_back(std::make_unique<unsigned char[]>(type.size()));
            for (std::size_t at = 0; at < type.size(); ++at)
                result.storage.back()[at] = storage[i][at] ^ (type.kind == Kind::Bool ? 1 : 0xFF);
            result.pointers.push_back(result.storage.back().get());
        }
        return result;
    }

private:
    Arguments() = default;
};

/// One result buffer for both calls: its address is an argument when the result is in memory.
alignas(16) std::array<unsigned char, largest_struct + 8> shared_result;

template <typename Call>
Outcome outcome_of(const EchoRecord& answers, Call call) {
    npk_test_echo_record = answers;
    shared_result.fill(0xA5);
    call();
    return {npk_test_echo_record, shared_result};
}

/// Overwrites the stack below, so that what libffi leaves unwritten is equal in every plain call.
[[gnu::noinline]] void scrub_stack() {
    constexpr std::size_t size = 32768;
    std::memset(alloca(size), 0, size);
    asm volatile("" ::: "memory");
}

/// Not inlined: every plain call is made from the same place. libffi overwrites pointers to structs, hence the copy.
[[gnu::noinline]] Outcome plain_outcome(const Signature& signature, const Arguments& arguments,
                                        const EchoRecord& answers) {
    std::vector<void*> pointers = arguments.pointers;
    if (const auto& split = signature.split_parameter())
        pointers.insert(pointers.begin() + static_cast<std::ptrdiff_t>(*split) + 1,
                        static_cast<char*>(pointers[*split]) + sizeof(std::uint64_t));
    return outcome_of(answers, [&] {
        scrub_stack();
        ffi_call(signature.call_interface(), &npk_test_echo, shared_result.data(), pointers.data());
    });
}

/// Compares what the arguments determine: the bits that turn when all bits of all arguments are turned. The rest
/// (padding, unused registers) is noise.
bool same_on_libffi(const EchoRecord& ours, const EchoRecord& plain, const EchoRecord& turned) {
    const auto same = [](const auto& our_words, const auto& plain_words, const auto& turned_words,
                         std::size_t count) {
        for (std::size_t i = 0; i < count; ++i)
            if (((our_words[i] ^ plain_words[i]) & (plain_words[i] ^ turned_words[i])) != 0) return false;
        return true;
    };
    // Vector registers that are not in use still hold what memcpy last moved through them.
    return same(ours.integers, plain.integers, turned.integers, 6) &&
           same(ours.vectors, plain.vectors, turned.vectors, plain.vector_count) &&
           same(ours.stack, plain.stack, turned.stack, plain.stack.size());
}

/// Compares the registers that the signature uses; of an f32 only its four bytes, of a struct's part what the argument
/// determines.
bool same_in_registers(const Signature& signature, const EchoRecord& ours, const EchoRecord& plain,
                       const EchoRecord& turned) {
    for (const RegisterPlace& place : signature.places()) {
        const auto word_of = [&](const EchoRecord& record) {
            const bool vector = place.word >= integer_registers;
            return vector ? record.vectors[place.word - integer_registers] : record.integers[place.word];
        };
        const std::uint64_t mask = place.kind == Kind::Struct ? word_of(plain) ^ word_of(turned)
                                   : place.kind == Kind::F32  ? 0xFFFF'FFFF
                                                              : ~std::uint64_t{0};
        if (((word_of(ours) ^ word_of(plain)) & mask) != 0) return false;
    }
    return true;
}

bool result_is_in_memory(const Signature& signature) {
    return signature.result().kind == Kind::Struct && signature.result_size() > 16;
}

bool same_arguments(const Signature& signature, const EchoRecord& ours, const EchoRecord& plain,
                    const EchoRecord& turned) {
    return signature.fits_in_registers() ? same_in_registers(signature, ours, plain, turned)
                                         : same_on_libffi(ours, plain, turned);
}

/// A variadic function learns how many vector registers are in use.
bool tells_vectors(const Signature& signature, const EchoRecord& ours) {
    return !signature.fits_in_registers() || (ours.vector_count & 0xFF) == signature.vector_count();
}

/// A call of ours, with its result where libffi's is.
using OurCall = void (*)(const Signature& signature, const Arguments& arguments, Route route);

const void* const echo = std::bit_cast<const void*>(&npk_test_echo);

void call_with_pointers(const Signature& signature, const Arguments& arguments, Route route) {
    call_machine_code(signature, echo, arguments.pointers.data(), shared_result.data(), route);
}

void call_with_values(const Signature& signature, const Arguments& arguments, Route route) {
    std::vector<npk_value> values;
    for (std::size_t i = 0; i < arguments.pointers.size(); ++i) {
        const Type& type = signature.parameters()[i];
        npk_value value{};
        if (type.kind == Kind::Struct) {
            value.kind = NPK_KIND_STRUCT;
            value.size = static_cast<std::uint32_t>(type.size());
            value.ptr = arguments.pointers[i];
        } else {
            std::uint64_t word = 0;
            std::memcpy(&word, arguments.pointers[i], type.size());
            value = scalar_value(type.kind, word);
        }
        values.push_back(value);
    }
    npk_value result{};
    result.ptr = shared_result.data();
    call_machine_code(signature, echo, values.data(), &result, route);
    if (signature.result_kind() == Kind::Struct) return;
    std::memcpy(shared_result.data(), &result.u, signature.result_size());
    const npk_value extended = scalar_value(signature.result_kind(), result.u);
    if (result.kind != extended.kind || result.u != extended.u)
        shared_result.back() = 0; // found as written beyond
}

/// The difference between one call of ours and libffi's; empty when there is none.
std::string difference(const Signature& signature, const Arguments& arguments, const EchoRecord& answers,
                       OurCall call, Route route) {
    Outcome plain = plain_outcome(signature, arguments, answers);
    const Outcome turned = plain_outcome(signature, arguments.turned(signature), answers);
    const Outcome ours = outcome_of(answers, [&] { call(signature, arguments, route); });
    if (call == &call_with_values && signature.result_kind() == Kind::Bool)
        plain.result[0] = plain.result[0] != 0; // as the contract wants it
    if (!same_arguments(signature, ours.record, plain.record, turned.record))
        return signature.text() + ": other arguments";
    if (!tells_vectors(signature, ours.record)) return signature.text() + ": other vector registers";
    if (std::memcmp(ours.result.data(), plain.result.data(), signature.result_size()) != 0)
        return signature.text() + ": another result";
    for (std::size_t i = signature.result_size(); i < ours.result.size(); ++i)
        if (ours.result[i] != 0xA5) return signature.text() + ": written beyond the result";
    if (ours.record.stack_pointer % 16 != 8) return signature.text() + ": unaligned stack";
    return {};
}

std::string compare(RandomSignatures& random, SignatureSyntax syntax, OurCall call, Route route) {
    const Signature signature(std::move(syntax));
    const Arguments arguments(random, signature);
    EchoRecord answers{};
    random.fill(&answers.answer_integers, sizeof answers.answer_integers);
    random.fill(&answers.answer_vectors, sizeof answers.answer_vectors);
    random.fill(&answers.memory, sizeof answers.memory);
    answers.memory_size = result_is_in_memory(signature) ? signature.result_size() : 0;
    answers.stack_bytes = signature.call_interface()->bytes;

    // Bytes that the arguments do not determine (padding) are what the stack happened to hold: a difference that counts
    // comes back.
    constexpr int tries = 5;
    std::string found;
    for (int i = 0; i < tries; ++i) {
        found = difference(signature, arguments, answers, call, route);
        if (found.empty()) break;
    }
    return found;
}

void compare_many(OurCall call, Route route) {
    const std::uint64_t count = number_from_environment("NPK_FUZZ_SIGNATURES", 100'000);
    const std::uint64_t seed = number_from_environment("NPK_FUZZ_SEED", 20'240'501);
    RandomSignatures random(seed);
    std::uint64_t in_registers = 0;
    std::uint64_t through_libffi = 0;
    for (std::uint64_t i = 0; i < count; ++i) {
        SignatureSyntax syntax = random.next();
        const Signature signature(syntax);
        in_registers += signature.fits_in_registers();
        through_libffi += !signature.avoids_libffi();
        const std::string difference = compare(random, std::move(syntax), call, route);
        BOOST_REQUIRE_MESSAGE(difference.empty(),
                              "seed " << seed << ", signature " << i << ": " << difference);
    }
    BOOST_TEST(in_registers > count / 8);
    BOOST_TEST(through_libffi > count / 8);
    BOOST_TEST(in_registers + through_libffi < count);
}

} // namespace

BOOST_AUTO_TEST_SUITE(differential_tests)

BOOST_AUTO_TEST_CASE(the_thunk_calls_as_libffi_does) {
    compare_many(&call_with_pointers, Route::Thunk);
}

BOOST_AUTO_TEST_CASE(the_thunk_calls_with_values_as_libffi_does) {
    compare_many(&call_with_values, Route::Thunk);
}

BOOST_AUTO_TEST_CASE(our_libffi_route_calls_as_plain_libffi_does) {
    compare_many(&call_with_pointers, Route::Libffi);
}

BOOST_AUTO_TEST_CASE(our_libffi_route_calls_with_values_as_plain_libffi_does) {
    compare_many(&call_with_values, Route::Libffi);
}

BOOST_AUTO_TEST_CASE(a_random_signature_is_written_and_read_back) {
    RandomSignatures random(7);
    for (int i = 0; i < 20'000; ++i) {
        const SignatureSyntax syntax = random.next();
        const ParsedSignature parsed = parse_signature(syntax.text());
        BOOST_REQUIRE_MESSAGE(std::holds_alternative<SignatureSyntax>(parsed), syntax.text());
        BOOST_REQUIRE(std::get<SignatureSyntax>(parsed).text() == syntax.text());
        BOOST_REQUIRE((std::get<SignatureSyntax>(parsed).parameters == syntax.parameters));
    }
}

BOOST_AUTO_TEST_CASE(random_mutations_of_a_signature_never_crash_the_parser) {
    RandomSignatures random(8);
    for (int i = 0; i < 20'000; ++i) {
        std::string text = random.next().text();
        for (std::size_t changes = 1 + random.below(4); changes > 0 && !text.empty(); --changes) {
            const std::size_t at = random.below(text.size());
            switch (random.below(3)) {
            case 0: text.erase(at, 1); break;
            case 1: text.insert(at, 1, "(){},i8f64x \0"[random.below(13)]); break;
            default: text[at] = static_cast<char>(random.below(256)); break;
            }
        }
        const ParsedSignature parsed = parse_signature(text);
        if (const SyntaxError* const error = std::get_if<SyntaxError>(&parsed)) {
            BOOST_REQUIRE(error->position <= text.size());
            BOOST_REQUIRE(!describe(text, *error).empty());
        } else {
            BOOST_REQUIRE(std::get<SignatureSyntax>(parsed).text() == text);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
