/* Small plugins for the loader's tests; SAMPLE says which. Each behaves in one way that a host must cope with. */
#include "npk_abi.h"

#include <string.h>

#define SAMPLE_GOOD 0
#define SAMPLE_REFUSES 1
#define SAMPLE_OTHER_MAJOR 2
#define SAMPLE_SHORT_TABLE 3
#define SAMPLE_BAD_DESCRIPTOR 4
#define SAMPLE_REFUSES_SILENTLY 5

static npk_status answer(void* context, const npk_value* args, uint32_t count, npk_value* result) {
    (void)context;
    (void)args;
    (void)count;
    result->kind = NPK_KIND_I32;
    result->i = 42;
    return NPK_OK;
}

static const npk_function answer_function = {
    .struct_size = sizeof(npk_function),
    .flags = NPK_FUNCTION_BUILTIN,
#if SAMPLE == SAMPLE_BAD_DESCRIPTOR
    .name = "Not A Name",
#else
    .name = "sample_answer",
#endif
    .signature = "i32()",
    .documentation = "The answer.",
    .result_kind = NPK_KIND_I32,
    .invoke = answer,
};

static const npk_function* resolve(const char* name, npk_refusal* why) {
    static const char shape[] = "sample_family_";
    const int is_family = strncmp(name, shape, sizeof shape - 1) == 0;
    if (is_family && strcmp(name + sizeof shape - 1, "one") == 0) return &answer_function;
    if (why) {
        why->code = is_family ? NPK_REFUSAL_BAD_SIGNATURE : NPK_REFUSAL_UNKNOWN_NAME;
        strcpy(why->text, is_family ? "no such member of the sample family" : "unknown");
    }
    return 0;
}

static npk_host host;

static void close_plugin(void) {
    npk_diagnostic diagnostic = {.struct_size = sizeof diagnostic, .severity = NPK_SEVERITY_NOTE};
    diagnostic.word = "sample-closed";
    diagnostic.message = "closed";
    host.report(host.data, &diagnostic);
}

static const npk_plugin plugin = {
#if SAMPLE == SAMPLE_SHORT_TABLE
    .struct_size = 16,
#else
    .struct_size = sizeof(npk_plugin),
#endif
#if SAMPLE == SAMPLE_OTHER_MAJOR
    .abi_version = (7u << 16) | 3u,
#else
    .abi_version = NPK_ABI_VERSION,
#endif
    .name = "sample",
    .version = "1",
    .description = "A sample.",
    .resolve = resolve,
    .close = close_plugin,
};

static const npk_plugin* refuse(npk_refusal* why, uint32_t code, const char* text) {
    why->code = code;
    strcpy(why->text, text);
    return 0;
}

NPK_EXPORT const npk_plugin* npk_plugin_open(const npk_host* given, npk_refusal* why) {
    host = *given;
    if (SAMPLE == SAMPLE_REFUSES_SILENTLY) return 0;
    if (SAMPLE == SAMPLE_REFUSES) return refuse(why, NPK_REFUSAL_SYSTEM, "the sample never works");
    if (host.register_function(host.data, &answer_function) != NPK_OK)
        return refuse(why, NPK_REFUSAL_NAME_TAKEN, "a name is taken");
    return &plugin;
}
