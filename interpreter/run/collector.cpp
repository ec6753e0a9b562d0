#include "collector.hpp"

#include <gc/gc.h>
#include <gc/gc_mark.h>

#include <new>

// gc.h declares this only to programs that start threads under the collector's eyes; ours do not.
extern "C" void GC_set_markers_count(unsigned count);

namespace npk::run::collector {

namespace {

/// A program that grows without bound is stopped before the machine suffers.
constexpr GC_word largest_heap = GC_word{2} << 30;

// libgc is one a process and calls back without context.
const Roots* current_roots = nullptr;
GC_push_other_roots_proc push_default_roots = nullptr; ///< the C stack among them

void push_area(const void* begin, const void* end) {
    GC_push_all(const_cast<void*>(begin), const_cast<void*>(end));
}

void push_roots() {
    if (push_default_roots) push_default_roots();
    if (current_roots) current_roots->visit(push_area);
}

void start() {
    if (GC_is_init_called()) return;
    GC_set_markers_count(1); // no helper threads
    GC_set_no_dls(1);        // libraries hold no references of ours
    GC_set_all_interior_pointers(1);
    GC_set_warn_proc(GC_ignore_warn_proc);
    GC_INIT();
    GC_set_max_heap_size(largest_heap);
    push_default_roots = GC_get_push_other_roots();
    GC_set_push_other_roots(push_roots);
}

} // namespace

Session::Session(const Roots& roots) {
    start();
    current_roots = &roots;
}

Session::~Session() {
    current_roots = nullptr;
}

void* allocate(std::size_t bytes) {
    void* memory = GC_MALLOC(bytes);
    if (!memory) throw std::bad_alloc();
    return memory;
}

char* allocate_text(std::size_t bytes) {
    void* memory = GC_MALLOC_ATOMIC(bytes);
    if (!memory) throw std::bad_alloc();
    return static_cast<char*>(memory);
}

bool contains(const void* address) {
    return GC_base(const_cast<void*>(address)) != nullptr;
}

} // namespace npk::run::collector
