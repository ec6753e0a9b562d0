/* A plugin that breaks one rule of the contract, the one that the environment variable BROKEN_RULE names; with none, it
 * keeps them all. The tests see whether npk-validate tells each. */
#include "npk_abi.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static npk_host host;
static const npk_host* given; /* the table itself, which a plugin must not keep */
static unsigned openings;

static int breaks(const char* rule) {
    const char* broken = getenv("BROKEN_RULE");
    return broken && strcmp(broken, rule) == 0;
}

static npk_status invoke_nop(void* context, const npk_value* args, uint32_t count, npk_value* result) {
    (void)context;
    if (breaks("copies-the-table") && given->struct_size != sizeof(npk_host)) abort();
    if (count != 1 && !breaks("checks-arguments")) return NPK_BAD_ARGUMENTS;
    if (args[0].kind != NPK_KIND_I32 && !breaks("checks-kinds")) return NPK_BAD_ARGUMENTS;
    result->kind = NPK_KIND_VOID;
    return NPK_OK;
}

static const npk_parameter parameters[] = {{.kind = NPK_KIND_I32, .name = "n"}};
static npk_function nop = {
    .struct_size = sizeof(npk_function),
    .flags = NPK_FUNCTION_EXTERN,
    .name = "nop",
    .signature = "void(i32)",
    .documentation = "Does nothing.",
    .parameters = parameters,
    .parameter_count = 1,
    .result_kind = NPK_KIND_VOID,
    .invoke = invoke_nop,
};

static const npk_function* resolve(const char* name, npk_refusal* why) {
    (void)name;
    if (breaks("refuses-unknown-names")) return &nop;
    if (why) {
        why->code = NPK_REFUSAL_UNKNOWN_NAME;
        strcpy(why->text, "no families here");
    }
    return NULL;
}

static const void* get_extension(const char* id) {
    (void)id;
    if (breaks("keeps-errno")) errno = ENOENT;
    return NULL;
}

static void close_plugin(void) {
    if (breaks("hangs"))
        for (;;)
            ;
    if (openings > 0) --openings;
}

static npk_plugin plugin = {
    .struct_size = sizeof(npk_plugin),
    .abi_version = NPK_ABI_VERSION,
    .name = "broken",
    .version = "1",
    .description = "Breaks a rule.",
    .resolve = resolve,
    .get_extension = get_extension,
    .close = close_plugin,
};

static const npk_plugin* refuse(npk_refusal* why, uint32_t code, const char* text) {
    if (!why && !breaks("null-refusal")) return NULL;
    const size_t room =
        breaks("writes-within-refusals") ? sizeof why->text : why->struct_size - offsetof(npk_refusal, text);
    why->code = code;
    memset(why->text, 0, room);
    if (!breaks("silent-refusal")) strncpy(why->text, text, room - 1);
    return NULL;
}

static void break_functions(void) {
    if (breaks("no-documentation")) nop.documentation = NULL;
    if (breaks("bad-signature")) nop.signature = "void(i33)";
    if (breaks("lying-signature")) nop.signature = "i32(i32)";
    if (breaks("bad-name")) nop.name = "Nop";
    if (breaks("no-invoke")) nop.invoke = NULL;
}

NPK_EXPORT const npk_plugin* npk_plugin_open(const npk_host* table, npk_refusal* why) {
    if (breaks("crashes")) abort();
    if (breaks("prints")) fputs("hello", stderr);
    if (breaks("opens")) return refuse(why, NPK_REFUSAL_SYSTEM, "never");
    if (!breaks("refuses-other-majors")) {
        if (table->abi_version >> 16 < NPK_ABI_MAJOR) return refuse(why, NPK_REFUSAL_HOST_TOO_OLD, "too old");
        if (table->abi_version >> 16 > NPK_ABI_MAJOR) return refuse(why, NPK_REFUSAL_HOST_TOO_NEW, "too new");
    }
    if (breaks("accepts-newer-minors") && table->abi_version > NPK_ABI_VERSION)
        return refuse(why, NPK_REFUSAL_HOST_TOO_NEW, "too new");
    if (!breaks("refuses-short-tables") && table->struct_size < offsetof(npk_host, locate))
        return refuse(why, NPK_REFUSAL_HOST_TOO_OLD, "too small");
    if (!breaks("refuses-null-slots") && (!table->register_function || !table->report))
        return refuse(why, NPK_REFUSAL_SLOT_MISSING, "a slot is null");
    if (!breaks("refuses-a-second-host") && openings > 0 &&
        (host.data != table->data || host.report != table->report))
        return refuse(why, NPK_REFUSAL_ALREADY_OPEN, "open elsewhere");
    if (breaks("reads-beyond") && table->get_extension)
        (void)table->get_extension(table->data, "npk.memory/1");
    if (breaks("reopens") && given) return refuse(why, NPK_REFUSAL_SYSTEM, "once only");
    if (breaks("no-name")) plugin.name = "";
    if (breaks("no-close")) plugin.close = NULL;
    memset(&host, 0, sizeof host);
    memcpy(&host, table, table->struct_size < sizeof host ? table->struct_size : sizeof host);
    given = table;
    break_functions();
    if (host.register_function && host.register_function(host.data, &nop) != NPK_OK &&
        !breaks("refuses-taken-names"))
        return refuse(why, NPK_REFUSAL_NAME_TAKEN, "nop is taken");
    if (breaks("registers-twice")) (void)host.register_function(host.data, &nop);
    ++openings;
    return &plugin;
}
