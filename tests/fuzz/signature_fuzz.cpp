// Texts of signatures, and names of the family of typed calls: what parses has one spelling and can be prepared, what does
// not is told at a place inside the text. The first byte chooses.
#include "fuzz_target.hpp"

#include "jit/family_name.hpp"
#include "jit/signature.hpp"
#include "signature_text.hpp"

#include <string>
#include <string_view>

using namespace npk::jit;
using npk::fuzz::require;

namespace {

void check_error(const SyntaxError& error, std::string_view text, const std::string& told) {
    require(error.position <= text.size(), "the mistake is at %zu of %zu", error.position, text.size());
    require(!error.message.empty(), "a mistake without a message");
    require(told.size() < 1000 + error.message.size(), "the message has %zu bytes", told.size());
}

/// Two readers of one grammar, written apart, must agree. The validator also knows `string` and `function`, which stand
/// only in the descriptors of registered functions, and reads signatures of any length and nesting.
void check_against_validator(std::string_view text, const ParsedSignature& parsed) {
    const npk::validate::SignatureText other = npk::validate::read_signature(text);
    if (const auto* syntax = std::get_if<SignatureSyntax>(&parsed)) {
        require(other.valid, "only one reader takes it: %.*s", static_cast<int>(text.size()), text.data());
        require(other.parameters.size() == syntax->parameters.size(), "two readers count differently");
        return;
    }
    const bool special = text.find("string") != text.npos || text.find("function") != text.npos;
    const bool long_or_deep =
        text.size() > max_signature_length || text.find(std::string(max_struct_nesting, '{')) != text.npos;
    require(!other.valid || special || long_or_deep || other.parameters.size() > max_parameters,
            "only the other reader takes it: %.*s", static_cast<int>(text.size()), text.data());
}

void check_signature(std::string_view text) {
    const ParsedSignature parsed = parse_signature(text);
    check_against_validator(text, parsed);
    if (const auto* error = std::get_if<SyntaxError>(&parsed)) {
        check_error(*error, text, describe(text, *error));
        return;
    }
    const auto& syntax = std::get<SignatureSyntax>(parsed);
    require(syntax.text() == text, "a signature has two spellings: %s", syntax.text().c_str());
    require(syntax.parameters.size() <= max_parameters, "%zu parameters", syntax.parameters.size());
    const Signature prepared(syntax);
    require(prepared.text() == text, "prepared as %s", prepared.text().c_str());
    require(prepared.interface()->nargs == syntax.parameters.size(), "libffi knows another count");
    std::size_t words = 0;
    for (const Type& parameter : syntax.parameters)
        words += classify(parameter).words;
    require(!prepared.fits_in_registers() || prepared.places().size() == words,
            "an argument has not a place for each of its words");
}

void check_family_name(std::string_view name) {
    const ParsedSignature parsed = parse_family_name(name);
    if (const auto* error = std::get_if<SyntaxError>(&parsed)) {
        check_error(*error, name, describe_family_name(name, *error));
        return;
    }
    const auto& syntax = std::get<SignatureSyntax>(parsed);
    const std::string shortest = family_name(syntax);
    require(!shortest.empty() && shortest.size() <= name.size(), "the shortest name is %s", shortest.c_str());
    const ParsedSignature again = parse_family_name(shortest);
    const auto* same = std::get_if<SignatureSyntax>(&again);
    require(same && same->text() == syntax.text(), "%s stands for another signature", shortest.c_str());
    check_signature(syntax.text());
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
    if (data[0] == 'n')
        check_family_name(std::string(call_family_prefix) + std::string(text));
    else
        check_signature(text);
    return 0;
}
