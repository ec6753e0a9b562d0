#include "failing_memory.hpp"

#include <cstdlib>
#include <dlfcn.h>
#include <new>

namespace npk::test {

namespace {

struct State {
    bool active = false;
    Failing which = Failing::One;
    long left = 0; // allocations before the first that fails
    bool failed = false;
};
thread_local State state;

bool fails_now() noexcept {
    if (!state.active) return false;
    const bool fails = state.which == Failing::One ? state.left == 0 : state.left <= 0;
    --state.left;
    state.failed |= fails;
    return fails;
}

void* allocate(std::size_t size, std::size_t alignment) noexcept {
    if (fails_now()) return nullptr;
    if (size == 0) size = 1;
    if (alignment <= __STDCPP_DEFAULT_NEW_ALIGNMENT__) return std::malloc(size);
    return std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
}

} // namespace

void FailingMemory::start(Failing which, long number) {
    state = {true, which, number, false};
}

bool FailingMemory::finish() {
    state.active = false;
    return state.failed;
}

PlentyOfMemory::PlentyOfMemory() : before_(state.active) {
    state.active = false;
}

PlentyOfMemory::~PlentyOfMemory() {
    state.active = before_;
}

} // namespace npk::test

void* operator new(std::size_t size) {
    if (void* const memory = npk::test::allocate(size, 0)) return memory;
    throw std::bad_alloc();
}
void* operator new(std::size_t size, std::align_val_t alignment) {
    if (void* const memory = npk::test::allocate(size, static_cast<std::size_t>(alignment))) return memory;
    throw std::bad_alloc();
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
    return npk::test::allocate(size, 0);
}
void* operator new[](std::size_t size) {
    return operator new(size);
}
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept {
    return npk::test::allocate(size, 0);
}
void* operator new(std::size_t size, std::align_val_t alignment, const std::nothrow_t&) noexcept {
    return npk::test::allocate(size, static_cast<std::size_t>(alignment));
}
void operator delete(void* memory) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}
void operator delete[](void* memory) noexcept {
    std::free(memory);
}
void operator delete[](void* memory, std::size_t) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::align_val_t) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
    std::free(memory);
}

// The plugin's calls of libffi's resolve to this, since the program exports it.
extern "C" void* ffi_closure_alloc(std::size_t size, void** code) {
    if (npk::test::fails_now()) return nullptr;
    using Alloc = void*(std::size_t, void**);
    static void* const library = dlopen("libffi.so.8", RTLD_LAZY | RTLD_NOLOAD);
    static auto* const real =
        library != nullptr ? reinterpret_cast<Alloc*>(dlsym(library, "ffi_closure_alloc")) : nullptr;
    return real != nullptr ? real(size, code) : nullptr;
}
