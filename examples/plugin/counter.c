/* counter.c: a whole Nitpick plugin. A host that loads it has one more builtin, tick(step), which adds to a counter and
 * gives the sum. `cc -shared -fPIC -fvisibility=hidden -I abi examples/plugin/counter.c -o counter.so`
 * SPDX-License-Identifier: Apache-2.0 */
#include "npk_abi.h"

#include <stdatomic.h>
#include <string.h>

static _Atomic int64_t counter;
static npk_host host; /* our copy, as the contract asks */
static unsigned openings;

static int64_t tick(int64_t step) {
    return atomic_fetch_add(&counter, step) + step;
}

static npk_status invoke_tick(void* context, const npk_value* args, uint32_t count, npk_value* result) {
    (void)context;
    if (count != 1 || args[0].kind != NPK_KIND_I64) return NPK_BAD_ARGUMENTS;
    result->kind = NPK_KIND_I64;
    result->size = 0;
    result->i = tick(args[0].i);
    return NPK_OK;
}

static const npk_parameter tick_parameters[] = {
    {.kind = NPK_KIND_I64, .role = NPK_ROLE_NONE, .name = "step", .size = 0, .reserved = 0}};

static const npk_function tick_function = {
    .struct_size = sizeof(npk_function),
    .flags = NPK_FUNCTION_BUILTIN,
    .name = "tick",
    .signature = "i64(i64)",
    .documentation = "Adds step to the counter and gives the sum. Any thread.",
    .parameters = tick_parameters,
    .parameter_count = 1,
    .result_kind = NPK_KIND_I64,
    .address = (void (*)(void))tick,
    .invoke = invoke_tick,
};

static void close_counter(void) {
    if (openings > 0) --openings;
}

static const npk_plugin plugin = {
    .struct_size = sizeof(npk_plugin),
    .abi_version = NPK_ABI_VERSION,
    .name = "counter",
    .version = "1.0.0",
    .description = "One counter, to show how a plugin is written.",
    .close = close_counter,
};

/* A refusal: the code, and as much of the text as there is room for. */
static const npk_plugin* refuse(npk_refusal* why, uint32_t code, const char* text) {
    if (why && why->struct_size > offsetof(npk_refusal, text)) {
        const size_t size = why->struct_size < sizeof *why ? why->struct_size : sizeof *why;
        const size_t room = size - offsetof(npk_refusal, text);
        const size_t length = strlen(text) < room ? strlen(text) : room - 1;
        why->code = code;
        memcpy(why->text, text, length);
        why->text[length] = '\0';
    }
    return NULL;
}

NPK_EXPORT const npk_plugin* npk_plugin_open(const npk_host* table, npk_refusal* why) {
    if (table->struct_size < offsetof(npk_host, locate) || table->abi_version >> 16 < NPK_ABI_MAJOR)
        return refuse(why, NPK_REFUSAL_HOST_TOO_OLD, "counter needs a host of ABI 1.0 or later");
    if (table->abi_version >> 16 > NPK_ABI_MAJOR)
        return refuse(why, NPK_REFUSAL_HOST_TOO_NEW, "counter was built for ABI 1");
    if (!table->register_function || !table->report)
        return refuse(why, NPK_REFUSAL_SLOT_MISSING, "the host's register_function or report is null");
    if (openings > 0 && (host.data != table->data || host.report != table->report))
        return refuse(why, NPK_REFUSAL_ALREADY_OPEN, "counter is open in another host");
    if (openings == 0) {
        memset(&host, 0, sizeof host);
        memcpy(&host, table, table->struct_size < sizeof host ? table->struct_size : sizeof host);
        if (host.register_function(host.data, &tick_function) != NPK_OK)
            return refuse(why, NPK_REFUSAL_NAME_TAKEN, "the name tick is taken");
    }
    ++openings;
    return &plugin;
}
