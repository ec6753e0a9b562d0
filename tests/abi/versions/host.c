/* A host for the matrix of versions, compiled once against each version of npk_abi.h.
 *
 * usage: host PLUGIN.so
 *
 * Loads the plugin and uses what it registers. Prints "loaded NAME by MAJOR.MINOR" or "refused CODE: TEXT", then exits with
 * 0. Any other status: the plugin did not keep the contract, and standard error tells how. */
#include "npk_abi.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FUNCTION_LIMIT = 256 };
static const npk_function* functions[FUNCTION_LIMIT];
static unsigned function_count;
static unsigned report_count;

static void require(int condition, const char* what) {
    if (condition) return;
    fprintf(stderr, "%s\n", what);
    exit(2);
}

static npk_status take_function(void* data, const npk_function* function) {
    (void)data;
    require(function_count < FUNCTION_LIMIT, "too many functions");
    require(function->struct_size >= offsetof(npk_function, context) + sizeof(void*), "a function is cut short");
    functions[function_count++] = function;
    return NPK_OK;
}

static void count_report(void* data, const npk_diagnostic* diagnostic) {
    (void)data;
    require(diagnostic->struct_size >= offsetof(npk_diagnostic, page), "a diagnostic is cut short");
    ++report_count;
}

static uint64_t locate(void* data) {
    (void)data;
    return 7;
}

static uint32_t describe(void* data, uint64_t token, npk_place* place) {
    (void)data;
    if (token != 7) return 0;
    place->at.program = "matrix.npk";
    place->at.line = 7;
    return 1;
}

static const void* no_extension(void* data, const char* id) {
    (void)data, (void)id;
    return NULL;
}

#ifdef NPK_TEST_NEXT
static uint64_t increment(uint64_t number) {
    return number + 1;
}
#endif

static const npk_host table = {
    .struct_size = sizeof(npk_host),
    .abi_version = NPK_ABI_VERSION,
    .name = "matrix",
    .version = "1",
    .register_function = take_function,
    .report = count_report,
    .locate = locate,
    .describe = describe,
    .get_extension = no_extension,
#ifdef NPK_TEST_NEXT
    .appended = increment,
#endif
};

static const npk_function* find(const char* name) {
    for (unsigned index = 0; index < function_count; ++index)
        if (strcmp(functions[index]->name, name) == 0) return functions[index];
    return NULL;
}

/* Calls a registered function; the status must be `expected`. */
static npk_value call(const char* name, npk_status expected, const npk_value* args, uint32_t count) {
    const npk_function* function = find(name);
    require(function != NULL, "a function is missing");
    npk_value result = {.kind = function->result_kind};
    require(function->invoke(function->context, args, count, &result) == expected, name);
    return result;
}

static void use_increment(void) {
    const npk_value number = {.kind = NPK_KIND_I64, .i = 41};
    require(call("increment", NPK_OK, &number, 1).i == 42, "increment(41) is not 42");
}

static void use_tick(void) {
    const npk_value step = {.kind = NPK_KIND_I64, .i = 5};
    const int64_t before = call("tick", NPK_OK, &step, 1).i;
    require(call("tick", NPK_OK, &step, 1).i == before + 5, "tick does not count");
}

/* A page's whole life, and one crime. */
static void use_pages(void) {
    const npk_value size = {.kind = NPK_KIND_I64, .i = 64};
    npk_value args[3] = {call("wildx_alloc", NPK_OK, &size, 1),
                         {.kind = NPK_KIND_I32, .i = 40},
                         {.kind = NPK_KIND_I32, .i = 2}};
    require(args[0].ptr != NULL, "wildx_alloc gave null");
    call("npk_jit_install_add_i32", NPK_OK, args, 1);
    call("wildx_seal", NPK_OK, args, 1);
    require(call("npk_jit_call_i32_i32", NPK_OK, args, 3).i == 42, "40 + 2 is not 42");
    call("wildx_free", NPK_OK, args, 1);
    require(report_count == 0, "something was reported");
    require(call("wildx_free", NPK_OK, args, 1).i != 0, "a double free was not refused");
    require(report_count == 1, "a double free was not reported");
}

int main(int argc, char** argv) {
    require(argc == 2, "usage: host PLUGIN.so");
    void* library = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
    if (!library) fprintf(stderr, "%s\n", dlerror());
    require(library != NULL, "it does not load");
    npk_plugin_open_function open = (npk_plugin_open_function)dlsym(library, NPK_PLUGIN_SYMBOL);
    require(open != NULL, "it has no " NPK_PLUGIN_SYMBOL);

    npk_refusal why = {.struct_size = sizeof why};
    const npk_plugin* plugin = open(&table, &why);
    if (!plugin) {
        require(why.code != NPK_REFUSAL_NONE && why.text[0], "refused without a reason");
        printf("refused %u: %s\n", why.code, why.text);
        return 0;
    }
    require(plugin->abi_version >> 16 == NPK_ABI_MAJOR, "a plugin of another major version opened");
#ifdef NPK_TEST_NEXT
    if (plugin->struct_size >= sizeof(npk_plugin) && plugin->appended)
        require(plugin->appended(1) == 2, "the appended member does not work");
#endif
    if (find("increment")) use_increment();
    if (find("tick")) use_tick();
    if (find("wildx_alloc")) use_pages();
    printf("loaded %s by %u.%u\n", plugin->name, plugin->abi_version >> 16, plugin->abi_version & 0xffff);
    plugin->close();
    return 0;
}
