// Runs a fuzz target without a fuzzer: every file in the directories as it is, then changed ones, the same in every run.
//
// usage: TARGET CHANGES DIRECTORY...
#include "fuzz_target.hpp"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <span>
#include <vector>

extern "C" [[gnu::weak]] std::size_t LLVMFuzzerCustomMutator(std::uint8_t*, std::size_t, std::size_t,
                                                             unsigned);

namespace {

using Input = std::vector<std::uint8_t>;

constexpr std::size_t longest = 4096;
std::minstd_rand random_number(1); // NOLINT: the same sequence in every run

std::size_t below(std::size_t limit) {
    return random_number() % limit;
}

std::vector<Input> inputs_in(std::span<char*> directories) {
    std::vector<std::filesystem::path> files;
    for (const char* directory : directories)
        for (const auto& entry : std::filesystem::recursive_directory_iterator(directory))
            if (entry.is_regular_file()) files.push_back(entry.path());
    std::ranges::sort(files);
    std::vector<Input> inputs;
    for (const auto& file : files) {
        std::ifstream stream(file, std::ios::binary);
        inputs.emplace_back(std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>());
    }
    return inputs;
}

void change(Input& input) {
    std::size_t size = input.size();
    input.resize(std::max(size, longest));
    size = LLVMFuzzerCustomMutator ? LLVMFuzzerCustomMutator(input.data(), size, input.size(),
                                                             static_cast<unsigned>(random_number()))
                                   : LLVMFuzzerMutate(input.data(), size, input.size());
    input.resize(size);
}

} // namespace

std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size) {
    if (size == 0) {
        data[0] = static_cast<std::uint8_t>(below(256));
        return 1;
    }
    const std::size_t at = below(size);
    switch (below(4)) {
    case 0: data[at] = static_cast<std::uint8_t>(below(256)); return size;
    case 1: data[at] ^= static_cast<std::uint8_t>(1u << below(8)); return size;
    case 2: std::memmove(data + at, data + at + 1, size - at - 1); return size - 1;
    default:
        if (size == max_size) return size;
        std::memmove(data + at + 1, data + at, size - at);
        data[at] = data[below(size)];
        return size + 1;
    }
}

int main(int argc, char** argv) {
    if (argc < 3) {
        std::fprintf(stderr, "usage: %s CHANGES DIRECTORY...\n", argv[0]);
        return 64;
    }
    const std::vector<Input> inputs = inputs_in(std::span(argv, static_cast<std::size_t>(argc)).subspan(2));
    if (inputs.empty()) {
        std::fprintf(stderr, "%s: no inputs\n", argv[2]);
        return 66;
    }
    for (const Input& input : inputs)
        LLVMFuzzerTestOneInput(input.data(), input.size());
    const int changes = std::atoi(argv[1]);
    for (int round = 0; round < changes; ++round) {
        Input input = inputs[below(inputs.size())];
        for (std::size_t times = below(8) + 1; times > 0; --times)
            change(input);
        LLVMFuzzerTestOneInput(input.data(), input.size());
    }
    std::printf("%zu inputs and %d changed ones\n", inputs.size(), changes);
    return 0;
}
