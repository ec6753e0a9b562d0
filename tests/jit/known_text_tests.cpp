// A text compared word by word says the same as strcmp, and reads no page but its own.
#include "known_text.hpp"

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <cstring>
#include <string>
#include <sys/mman.h>
#include <unistd.h>

using npk::jit::KnownText;
using npk::jit::reads_whole_words;

namespace {

/// A page that ends where nothing is mapped.
class LastPage {
public:
    LastPage() : size_(static_cast<std::size_t>(sysconf(_SC_PAGESIZE))) {
        void* const mapped =
            mmap(nullptr, 2 * size_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        BOOST_REQUIRE(mapped != MAP_FAILED);
        start_ = static_cast<char*>(mapped);
        BOOST_REQUIRE(munmap(start_ + size_, size_) == 0);
    }
    ~LastPage() { munmap(start_, size_); }
    LastPage(const LastPage&) = delete;

    /// The text with `behind` bytes between its zero byte and the page's end.
    const char* hold(const std::string& text, std::size_t behind) {
        std::memset(start_, '!', size_);
        char* const at = start_ + size_ - behind - text.size() - 1;
        std::memcpy(at, text.c_str(), text.size() + 1);
        return at;
    }

private:
    std::size_t size_;
    char* start_ = nullptr;
};

} // namespace

BOOST_AUTO_TEST_SUITE(known_text_tests)

BOOST_AUTO_TEST_CASE(texts_of_every_length_differ_in_every_place) {
    LastPage page;
    for (std::size_t length = 1; length <= 70; ++length) {
        const std::string text(length, 'x');
        const KnownText known(text);
        const auto same = [&](const std::string& other) {
            const char* const held = page.hold(other, 200);
            const bool in_words = known.equals_in_words(held);
            BOOST_TEST((!in_words || known.equals(held)));
            return reads_whole_words && length < 64 ? in_words : known.equals(held);
        };
        BOOST_TEST(same(text), length);
        for (std::size_t at = 0; at < length; ++at) {
            std::string changed = text;
            changed[at] = 'y';
            BOOST_TEST(!same(changed), length << " at " << at);
        }
        BOOST_TEST(!same(text + 'x'), length);
        BOOST_TEST(!same(text.substr(1)), length);
        BOOST_TEST(!same(""), length);
    }
}

BOOST_AUTO_TEST_CASE(texts_at_the_end_of_memory_are_not_read_beyond_it) {
    LastPage page;
    const std::string text = "i64(i64,i64,i64)";
    const KnownText known(text);
    for (std::size_t behind = 0; behind < 80; ++behind) {
        const char* const held = page.hold(text, behind);
        BOOST_TEST(known.equals(held));
        const bool far_enough = behind + text.size() + 1 >= 64;
        BOOST_TEST(known.equals_in_words(held) == (far_enough && reads_whole_words), behind);
        BOOST_TEST(!known.equals_in_words(page.hold("i64", behind)), behind);
    }
}

BOOST_AUTO_TEST_CASE(null_and_the_start_of_a_page_are_compared_in_the_long_way) {
    LastPage page;
    const std::string text = "i64()";
    const KnownText known(text);
    BOOST_TEST(!known.equals_in_words(nullptr));
    BOOST_TEST(!KnownText("").equals_in_words(nullptr));
    const auto size = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
    const char* const start = page.hold(text, size - text.size() - 1);
    BOOST_TEST(reinterpret_cast<std::uintptr_t>(start) % size == 0U);
    BOOST_TEST(!known.equals_in_words(start));
    BOOST_TEST(known.equals(start));
}

BOOST_AUTO_TEST_CASE(a_long_text_is_compared_in_the_long_way_only) {
    const std::string text(64, 'x');
    BOOST_TEST(!KnownText(text).equals_in_words(text.c_str()));
    BOOST_TEST(KnownText(text).equals(text.c_str()));
}

BOOST_AUTO_TEST_SUITE_END()
