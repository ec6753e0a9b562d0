/* An ahead-of-time compiled program as far as the plugin can tell: it links the shared object, and no host ever
 * opens it. Prints what each operation returned. */
#include "npk_wildx.h"

#include <stdio.h>
#include <string.h>

/* A page's whole life: 42, and nothing to report. */
static void live(void) {
    void* page = npk_wildx_alloc(64);
    printf("install %d\n", npk_jit_install_add_i32(page));
    printf("seal %d\n", npk_wildx_seal(page));
    printf("call %d\n", npk_jit_call_i32_i32(page, 7, 35));
    printf("free %d\n", npk_wildx_free(page));
}

/* One crime a line, each of them refused. */
static void misuse(void) {
    char heap_block[64];
    char* page = npk_wildx_alloc(64);
    printf("call before the seal %d\n", npk_jit_call_i32_i32(page, 1, 2));
    printf("interior pointer %d\n", npk_wildx_seal(page + 8));
    printf("seal %d\n", npk_wildx_seal(page));
    printf("second seal %d\n", npk_wildx_seal(page));
    printf("install into a sealed page %d\n", npk_jit_install_add_i32(page));
    printf("free %d\n", npk_wildx_free(page));
    printf("second free %d\n", npk_wildx_free(page));
    printf("call after the free %d\n", npk_jit_call_i32_i32(page, 1, 2));
    printf("null pointer %d\n", npk_wildx_free(NULL));
    printf("foreign pointer %d\n", npk_wildx_free(heap_block));
    printf("size 0 %s\n", npk_wildx_alloc(0) ? "minted" : "null");
    printf("over the quota %s\n", npk_wildx_alloc((size_t)1 << 40) ? "minted" : "null");
    printf("over all bounds %s\n", npk_wildx_alloc((size_t)-1) ? "minted" : "null");
}

int main(int argc, char** argv) {
    const char* part = argc > 1 ? argv[1] : "live";
    if (strcmp(part, "live") == 0) live();
    if (strcmp(part, "misuse") == 0) misuse();
    if (strcmp(part, "leak") == 0) npk_wildx_alloc(100);
    return 0;
}
