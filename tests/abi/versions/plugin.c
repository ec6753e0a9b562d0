/* A plugin for the matrix of versions, compiled once against each version of npk_abi.h. It registers
 * increment(i64) -> i64, which asks the host's newest member where the host has it and has a default of its own where not. */
#include "npk_abi.h"

#include <stdio.h>
#include <string.h>

static npk_host host;

static uint64_t plain_increment(uint64_t number) {
    return number + 1;
}

static npk_status increment(void* context, const npk_value* args, uint32_t count, npk_value* result) {
    (void)context;
    if (count != 1 || args[0].kind != NPK_KIND_I64) return NPK_BAD_ARGUMENTS;
    uint64_t (*function)(uint64_t) = plain_increment;
#ifdef NPK_TEST_NEXT
    if (host.appended) function = host.appended;
#endif
    result->kind = NPK_KIND_I64;
    result->size = 0;
    result->i = (int64_t)function((uint64_t)args[0].i);
    return NPK_OK;
}

static const npk_parameter parameters[] = {
    {.kind = NPK_KIND_I64, .role = NPK_ROLE_NONE, .name = "number", .size = 0, .reserved = 0}};

static const npk_function increment_function = {
    .struct_size = sizeof(npk_function),
    .flags = NPK_FUNCTION_BUILTIN,
    .name = "increment",
    .signature = "i64(i64)",
    .documentation = "The next number. Any thread.",
    .parameters = parameters,
    .parameter_count = 1,
    .result_kind = NPK_KIND_I64,
    .invoke = increment,
};

static void close_plugin(void) {
    memset(&host, 0, sizeof host);
}

static const npk_plugin plugin = {
    .struct_size = sizeof(npk_plugin),
    .abi_version = NPK_ABI_VERSION,
    .name = "versioned",
    .version = "1.0.0",
    .description = "A plugin of some version.",
    .close = close_plugin,
#ifdef NPK_TEST_NEXT
    .appended = plain_increment,
#endif
};

static const npk_plugin* refuse(npk_refusal* why, uint32_t code, const char* text) {
    if (why && why->struct_size > offsetof(npk_refusal, text)) {
        const size_t size = why->struct_size < sizeof *why ? why->struct_size : sizeof *why;
        why->code = code;
        snprintf(why->text, size - offsetof(npk_refusal, text), "%s", text);
    }
    return NULL;
}

NPK_EXPORT const npk_plugin* npk_plugin_open(const npk_host* table, npk_refusal* why) {
    const uint32_t major = table->abi_version >> 16;
    if (major < NPK_ABI_MAJOR) return refuse(why, NPK_REFUSAL_HOST_TOO_OLD, "the host's major version is too old");
    if (major > NPK_ABI_MAJOR) return refuse(why, NPK_REFUSAL_HOST_TOO_NEW, "the host's major version is too new");
    memset(&host, 0, sizeof host);
    memcpy(&host, table, table->struct_size < sizeof host ? table->struct_size : sizeof host);
    if (host.register_function(host.data, &increment_function) != NPK_OK)
        return refuse(why, NPK_REFUSAL_NAME_TAKEN, "the name increment is taken");
    return &plugin;
}
