/* npk_abi.h: the contract between a Nitpick host and a runtime plugin.
 *
 * A host is an interpreter, a debugger or the runtime of an ahead-of-time compiler. A plugin is a shared
 * object that the host loads with dlopen. This header is all that either of them needs to know of the other.
 * It depends on nothing but <stdint.h> and <stddef.h> and compiles as C11, C17, C++17 and C++20.
 *
 * The course of things
 *
 *   1. The host fills an npk_host, loads the plugin and looks up the one symbol NPK_PLUGIN_SYMBOL.
 *   2. It calls npk_plugin_open(&host, &why). During this call the plugin negotiates, then registers its
 *      functions through host->register_function.
 *   3. A null result is a refusal. It is final: the host reads `why`, tells its user and closes the library;
 *      it must not fall back to anything else in the same library.
 *   4. Otherwise the host calls functions through their invoke entries, asks for extensions, resolves names
 *      of open families, and receives diagnostics through host->report.
 *   5. It ends with plugin->close(). Nothing of the plugin may be used afterwards; then dlclose is allowed.
 *
 * How the contract grows
 *
 *   Every table and every record that crosses the border starts with `struct_size`, written by the side that
 * made it (for a record that the other side fills, by the owner of the memory: it says how much room there
 * is, and the filling side writes no more than that and stores the size it knows, if that is less). A reader
 * never looks at a member that lies beyond the given size: an absent member has the default that its comment
 * states. Members are appended only, and with a new minor version; what was published never changes meaning.
 * Anything that could be optional as a group is an extension, named "group/REVISION" and asked for with
 * get_extension, which returns null for what is unknown. A new revision is a new name. Structures without a
 * size (npk_value, npk_parameter, npk_location, npk_event) never grow within a major version.
 *
 * Conventions
 *
 *   Text is UTF-8 and ends with a zero byte; null means absent. Enumerations travel as uint32_t. Addresses
 * travel as uint64_t or void pointers, sizes are bytes. Lines and columns count from 1; 0 means unknown.
 * Every function preserves errno, throws nothing and never unwinds through the other side. The tag at the end
 * of each function's comment says where it may be called from:
 *     [main-thread]        the thread that called npk_plugin_open, and no two such calls at once
 *     [thread-safe]        any thread, at any time between open and close
 *     [async-signal-safe]  as [thread-safe], and from a signal handler too: no locks, no allocation
 *
 * The grammar of signatures (used in names, records, reports and documentation)
 *
 *   signature  = type "(" [ type { "," type } ] ")"          result first: "i32(ptr,i32,i32)", "void()"
 *   type       = scalar | struct | special
 *   scalar     = "i8" | "i16" | "i32" | "i64" | "u8" | "u16" | "u32" | "u64" | "f32" | "f64" | "bool" | "ptr" | "void"
 *   struct     = "{" type { "," type } "}"      by value, nested; layout of the platform's C compiler
 *   special    = "string" | "function"          parameters of registered functions only
 *
 *   There is no white space. "void" is a result only. At most NPK_MAX_PARAMETERS parameters. "string" is a
 * "ptr" to a C string that the host keeps alive during the call; "function" is a "ptr" to an npk_callable.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NPK_ABI_H
#define NPK_ABI_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#define NPK_ABI_PIN(condition) static_assert(condition, "the layout of npk_abi.h is part of the contract")
#else
#define NPK_ABI_PIN(condition) _Static_assert(condition, "the layout of npk_abi.h is part of the contract")
#endif

/* The name of the one symbol that a plugin exports for hosts, to be given to dlsym. */
#define NPK_PLUGIN_SYMBOL "npk_plugin_open"

/* Marks a symbol that a plugin built with hidden visibility exports. */
#if defined(__GNUC__)
#define NPK_EXPORT __attribute__((visibility("default")))
#else
#define NPK_EXPORT
#endif

/* abi_version is (major << 16) | minor. Two sides with different majors refuse each other; within one major,
 * any two minors work together by the rules above. */
enum {
    NPK_ABI_MAJOR = 1,
    NPK_ABI_MINOR = 1,
    NPK_ABI_VERSION = (NPK_ABI_MAJOR << 16) | NPK_ABI_MINOR,
    NPK_MAX_PARAMETERS = 32,
    NPK_REFUSAL_TEXT_SIZE = 240,
    NPK_CODE_LIMIT = 64 /* every npk_code is below this */
};

/* ---- Values ------------------------------------------------------------------------------------------ */

/* What an npk_value holds, and what a parameter or result is. */
typedef enum npk_kind {
    NPK_KIND_VOID = 0,
    NPK_KIND_I8 = 1,
    NPK_KIND_I16 = 2,
    NPK_KIND_I32 = 3,
    NPK_KIND_I64 = 4,
    NPK_KIND_U8 = 5,
    NPK_KIND_U16 = 6,
    NPK_KIND_U32 = 7,
    NPK_KIND_U64 = 8,
    NPK_KIND_F32 = 9,
    NPK_KIND_F64 = 10,
    NPK_KIND_BOOL = 11,
    NPK_KIND_PTR = 12,
    NPK_KIND_STRUCT = 13,
    NPK_KIND_STRING = 14,
    NPK_KIND_FUNCTION = 15
} npk_kind;

/* One tagged value. Every invoke entry checks `kind` and refuses, without calling, what does not match.
 *
 *   I8..I64          `i`, sign-extended to 64 bits
 *   U8..U64, BOOL    `u`, zero-extended; BOOL is 0 or 1
 *   F32, F64         `f32`, `f64`
 *   PTR              `ptr`
 *   STRUCT           `ptr` to the struct's bytes and `size` their number. For a result, the caller provides the
 *                    bytes and their size before the call; they are written only when the status is NPK_OK
 *   STRING           `ptr` to a C string, kept alive by the caller during the call
 *   FUNCTION         `ptr` to an npk_callable
 *
 * `size` is 0 for every other kind. */
typedef struct npk_value {
    uint32_t kind; /* npk_kind */
    uint32_t size;
    union {
        int64_t i;
        uint64_t u;
        float f32;
        double f64;
        void* ptr;
    };
} npk_value;

/* What a call across the border came to. */
typedef enum npk_status {
    NPK_OK = 0,   /* done; the result is written */
    NPK_TRAP = 1, /* refused and already reported; a host enters its trap path (failsafe) */
    NPK_BAD_ARGUMENTS =
        2, /* number, kind or size of the arguments is wrong: a fault of the caller; nothing happened */
    NPK_REFUSED = 3,     /* refused and already reported; nothing changed */
    NPK_UNSUPPORTED = 4, /* this plugin, host or kernel does not offer it */
    NPK_NOT_FOUND = 5,   /* the address or the name is unknown */
    NPK_NO_MEMORY = 6,
    NPK_DUPLICATE = 7 /* register_function: the name is taken */
} npk_status;

/* A typed function behind a context. `args` holds `count` values; `result` is never null, its `kind` (and,
 * for a struct, `ptr` and `size`) is set by the caller to what it wants, and by the callee to what it gives.
 */
typedef npk_status (*npk_invoke)(void* context, const npk_value* args, uint32_t count, npk_value* result);

/* A function of the host, to be called by native code (a callback). The memory of the callable and what
 * `context` points to must live until `release` was called.
 *
 * invoke   runs the host's function. It must not unwind: when the function traps or fails, the host keeps that
 *          in mind, returns NPK_TRAP (native code then gets a zero result), and continues its trap or failure
 *          after the outermost native call has returned. [thread-safe, if the host allows native code to call
 *          from any thread]
 * release  is called once, when the plugin holds the callable no longer; may be null. [thread-safe] */
typedef struct npk_callable {
    uint32_t struct_size;
    uint32_t reserved;
    void* context;
    npk_invoke invoke;
    void (*release)(void* context);
} npk_callable;

/* ---- Functions that a plugin registers --------------------------------------------------------------- */

/* What a function does to the ownership of a resource. A borrow checker learns its allocators and
 * deallocators from here. Unknown values count as NPK_ROLE_NONE. */
typedef enum npk_role {
    NPK_ROLE_NONE = 0,
    NPK_ROLE_MINTS = 1,    /* result: a new resource that the caller must release; null when it failed */
    NPK_ROLE_SEALS = 2,    /* parameter: the resource becomes executable and read-only */
    NPK_ROLE_RELEASES = 3, /* parameter: the resource is gone after the call */
    NPK_ROLE_BORROWS = 4   /* parameter: the resource is used during the call only */
} npk_role;

/* How a program reaches a registered function. */
typedef enum npk_function_flag {
    NPK_FUNCTION_BUILTIN = 1,    /* callable by its name, without a declaration */
    NPK_FUNCTION_EXTERN = 2,     /* callable after an extern declaration that agrees with the signature */
    NPK_FUNCTION_ANY_POINTER = 4 /* PTR parameters accept a pointer of any type */
} npk_function_flag;

/* One parameter. `size` is the number of bytes of a STRUCT, else 0. */
typedef struct npk_parameter {
    uint32_t kind; /* npk_kind */
    uint32_t role; /* npk_role */
    const char* name;
    uint32_t size;
    uint32_t reserved;
} npk_parameter;

/* All that a host must know of a function. Owned by the plugin; valid, with everything it points to, until
 * close. Hosts keep the pointer, not a copy. */
typedef struct npk_function {
    uint32_t struct_size;
    uint32_t flags;                  /* npk_function_flag, or-ed */
    const char* name;                /* [a-z_][a-z0-9_]* */
    const char* signature;           /* by the grammar above; agrees with the members below */
    const char* documentation;       /* plain text: what it does, units, errors, threads */
    const npk_parameter* parameters; /* parameter_count of them; null when there are none */
    uint32_t parameter_count;
    uint32_t result_kind; /* npk_kind */
    uint32_t result_role; /* npk_role: NONE or MINTS */
    uint32_t result_size; /* bytes of a STRUCT result, else 0 */
    const char*
        resource; /* what is minted, sealed or released: "wildx" (a page), "callback", ...; null if nothing */
    void (*address)(void); /* the C function with this signature; null if there is none */
    npk_invoke invoke;     /* never null [thread-safe] */
    void* context;         /* first argument of invoke */
} npk_function;

/* ---- Places in programs ------------------------------------------------------------------------------ */

/* A place in source text. Texts live as long as the host's table. All null and zero: unknown. */
typedef struct npk_location {
    const char* program;  /* path as the user would write it */
    const char* function; /* name of the function that contains the place */
    uint32_t line;
    uint32_t column;
} npk_location;

/* What npk_host.describe tells of a token of npk_host.locate. When `at` lies in library code (a module that
 * came with the host, such as stdlib/), `caller` is the innermost place outside of it that led there; else
 * `caller` is empty. */
typedef struct npk_place {
    uint32_t struct_size;
    uint32_t in_library; /* 1: `at` is library code */
    npk_location at;
    npk_location caller;
} npk_place;

/* A step of a page's story: who did it, and where. */
typedef struct npk_event {
    npk_location at;
    npk_location caller; /* see npk_place */
    uint64_t place;      /* the token; 0: unknown */
    uint32_t thread;     /* kernel thread id (gettid) */
    uint32_t happened;   /* 1: the step took place; 0: all else here is empty */
} npk_event;

/* ---- Diagnostics ------------------------------------------------------------------------------------- */

typedef enum npk_severity {
    NPK_SEVERITY_ERROR = 1,
    NPK_SEVERITY_WARNING = 2,
    NPK_SEVERITY_NOTE = 3
} npk_severity;

/* What was reported. The word after each is npk_diagnostic.word; words and numbers never change. */
typedef enum npk_code {
    NPK_CODE_NONE = 0,
    NPK_CODE_DOUBLE_FREE = 1,         /* wildx-double-free */
    NPK_CODE_USE_AFTER_FREE = 2,      /* wildx-use-after-free */
    NPK_CODE_ALREADY_SEALED = 3,      /* wildx-already-sealed */
    NPK_CODE_NOT_SEALED = 4,          /* wildx-not-sealed: a call before the seal */
    NPK_CODE_FOREIGN_POINTER = 5,     /* wildx-foreign-pointer: no page of ours */
    NPK_CODE_NULL_POINTER = 6,        /* wildx-null-pointer */
    NPK_CODE_INTERIOR_POINTER = 7,    /* wildx-interior-pointer: inside a page, not its start */
    NPK_CODE_GUARD_POINTER = 8,       /* wildx-guard-pointer: into a page's guard */
    NPK_CODE_BAD_SIZE = 9,            /* wildx-bad-size */
    NPK_CODE_QUOTA = 10,              /* wildx-quota */
    NPK_CODE_MAPPING_FAILED = 11,     /* wildx-mapping-failed: the kernel refused, see system_error */
    NPK_CODE_MAPPING_LIMIT = 12,      /* wildx-mapping-limit: refused for vm.max_map_count or RLIMIT_AS */
    NPK_CODE_LEAK = 13,               /* wildx-leak */
    NPK_CODE_WRONG_STATE = 14,        /* wildx-wrong-state: another thread is changing the page right now */
    NPK_CODE_SIGNATURE_MISMATCH = 15, /* wildx-signature-mismatch */
    NPK_CODE_BAD_SIGNATURE = 16,      /* wildx-bad-signature: not a signature by the grammar */
    NPK_CODE_BAD_ARGUMENTS = 17,      /* wildx-bad-arguments */
    NPK_CODE_TOO_LONG = 18,           /* wildx-too-long: code that exceeds its page */
    NPK_CODE_CODE_CHANGED = 19,       /* wildx-code-changed: the hash differs from the seal's */
    NPK_CODE_PAGE_IN_USE = 20,        /* wildx-page-in-use: free of a page that is being executed */
    NPK_CODE_FORKED = 21,             /* wildx-forked: the pointer belongs to another process */
    NPK_CODE_PERMANENT = 22,          /* wildx-permanent: free of a page that the kernel keeps for ever */
    NPK_CODE_SEAL_UNAVAILABLE = 23,   /* wildx-seal-unavailable: a seal backend fell back to another */
    NPK_CODE_UNLOADED = 24,           /* wildx-unloaded: the library was closed with live pages or calls */
    NPK_CODE_HOST_MISBEHAVING = 25,   /* wildx-host-misbehaving: the host broke this contract */
    NPK_CODE_UNTAGGED = 26,      /* wildx-untagged: a call of a page without signature, forbidden by policy */
    NPK_CODE_FAULT_WRITE = 32,   /* wildx-fault-write: a write to a sealed page */
    NPK_CODE_FAULT_GUARD = 33,   /* wildx-fault-guard: an access to a guard */
    NPK_CODE_FAULT_EXECUTE = 34, /* wildx-fault-execute: a jump into a page that is freed or not sealed */
    NPK_CODE_FAULT_FREED = 35,   /* wildx-fault-freed: a read or write of a freed page */
    NPK_CODE_FAULT_INSTRUCTION =
        36, /* wildx-fault-instruction: illegal instruction or breakpoint in sealed code */
    NPK_CODE_FAULT_IN_CODE = 37 /* wildx-fault-in-code: sealed code touched memory it may not */
} npk_code;

/* What was attempted. */
typedef enum npk_operation {
    NPK_OPERATION_NONE = 0,
    NPK_OPERATION_MINT = 1,
    NPK_OPERATION_INSTALL = 2,
    NPK_OPERATION_BIND = 3,
    NPK_OPERATION_SEAL = 4,
    NPK_OPERATION_CALL = 5,
    NPK_OPERATION_VERIFY = 6,
    NPK_OPERATION_FREE = 7,
    NPK_OPERATION_CLOSE = 8,
    NPK_OPERATION_FAULT = 9,
    NPK_OPERATION_SWAP = 10
} npk_operation;

/* Life of a page, one way. */
typedef enum npk_state {
    NPK_STATE_UNINITIALIZED = 0, /* no page */
    NPK_STATE_WRITABLE = 1,
    NPK_STATE_EXECUTABLE = 2,
    NPK_STATE_FREED = 3
} npk_state;

/* One report. Everything it points to is valid only during the call that hands it over; locations' texts are
 * the host's own. Numbers are 0 and texts null where they say nothing. */
typedef struct npk_diagnostic {
    uint32_t struct_size;
    uint32_t code;      /* npk_code */
    uint32_t severity;  /* npk_severity */
    uint32_t operation; /* npk_operation: what was attempted */
    uint32_t state;     /* npk_state of the page before the attempt */
    uint32_t process;   /* process id of the page's owner, for NPK_CODE_FORKED */
    const char* word;   /* the code as a stable word, "wildx-double-free" */
    const char* message;
    const char* hint;    /* what to do */
    const char* rule;    /* "ARIA-022": the borrow rule that would have caught it, had it been visible */
    uint64_t page;       /* number of the page, counted from 1 in the order of minting */
    uint64_t generation; /* how often this address was minted */
    uint64_t address;    /* the page's first byte */
    uint64_t pointer;    /* the pointer that was passed, or the address that faulted */
    uint64_t requested;  /* bytes asked for at the mint */
    uint64_t mapped;     /* bytes mapped, without guards */
    int64_t offset;      /* pointer - address; negative in the guard below */
    uint64_t repeats;    /* LEAK: pages from this mint place; a summing-up note: further crimes at the same
                            place; else 0 */
    uint64_t bytes;      /* LEAK: bytes of these pages; QUOTA, MAPPING_*: bytes asked for */
    uint64_t hash;       /* FNV-1a 64 at the seal */
    uint64_t hash_now;   /* CODE_CHANGED: FNV-1a 64 found */
    const char* expected_signature; /* the page's */
    const char* actual_signature;   /* the call's */
    const char* disassembly;      /* nearest instructions, one per line, the one in question marked by "=>" */
    int32_t system_error;         /* errno of the refused system call */
    uint32_t executing_thread;    /* PAGE_IN_USE: kernel id of a thread that executes the page */
    uint64_t mappings;            /* MAPPING_*: mappings of the process */
    uint64_t mapping_limit;       /* MAPPING_*: vm.max_map_count */
    uint64_t address_space;       /* MAPPING_*: bytes of address space in use */
    uint64_t address_space_limit; /* MAPPING_*: RLIMIT_AS; UINT64_MAX: none */
    uint64_t quota;               /* QUOTA: the limit */
    uint64_t quota_used;          /* QUOTA: bytes counted before the attempt */
    npk_event minted;
    npk_event sealed;
    npk_event freed;
    npk_event misused;    /* where the report comes from */
    uint32_t signal;      /* FAULT_*: signal number */
    uint32_t story_lost;  /* 1: older frees were forgotten, so a story may be missing */
    uint64_t instruction; /* FAULT_*: address of the faulting instruction */
    const char* function; /* name of the function of a region that the pointer lies in */
} npk_diagnostic;

/* ---- The host's table -------------------------------------------------------------------------------- */

/* What a host gives to a plugin. The plugin copies the members it knows during npk_plugin_open; what `data`,
 * `name` and `version` point to must live until close. */
typedef struct npk_host {
    uint32_t struct_size;
    uint32_t abi_version;
    void* data;          /* first argument of every function here; the host's own; may be null */
    const char* name;    /* default: "host" */
    const char* version; /* default: "" */

    /* Takes a function into the host's table. Called during npk_plugin_open only. NPK_DUPLICATE when the name
     * is taken: the plugin then refuses to open. Required. [main-thread] */
    npk_status (*register_function)(void* data, const npk_function* function);

    /* Receives a diagnostic. It must copy what it keeps; it may call back into the plugin. Required.
     * [thread-safe] */
    void (*report)(void* data, const npk_diagnostic* diagnostic);

    /* A token for the calling thread's current place in the program; 0 when there is none. It is called for
     * every operation, so it must be cheap. Tokens stay valid until close. Default: always 0.
     * [async-signal-safe] */
    uint64_t (*locate)(void* data);

    /* Fills `place` for a token that locate gave, no matter on which thread, and returns 1; 0 when the token
     * is not known. Default: always 0. [async-signal-safe] */
    uint32_t (*describe)(void* data, uint64_t token, npk_place* place);

    /* The host's extension "group/REVISION", or null. The result lives until close. Default: none.
     * [thread-safe] */
    const void* (*get_extension)(void* data, const char* id);
} npk_host;

/* ---- The plugin's table and its entry ---------------------------------------------------------------- */

typedef enum npk_refusal_code {
    NPK_REFUSAL_NONE = 0,
    NPK_REFUSAL_HOST_TOO_OLD =
        1, /* the host's major version, or its table, is smaller than the plugin needs */
    NPK_REFUSAL_HOST_TOO_NEW = 2, /* the host's major version is larger than the plugin's */
    NPK_REFUSAL_SLOT_MISSING = 3, /* a required member of the host's table is null */
    NPK_REFUSAL_NAME_TAKEN = 4,   /* register_function refused a name */
    NPK_REFUSAL_ALREADY_OPEN = 5, /* another host of this process holds the plugin */
    NPK_REFUSAL_BAD_OPTION = 6,   /* an option of npk.options/1 cannot be honoured; the text names it */
    NPK_REFUSAL_SYSTEM = 7,       /* the kernel does not give what the plugin cannot do without */
    NPK_REFUSAL_UNKNOWN_NAME = 8, /* resolve: the name belongs to no family of this plugin */
    NPK_REFUSAL_BAD_SIGNATURE = 9 /* resolve: the name belongs to a family, but names no possible signature */
} npk_refusal_code;

/* Why something was refused. The caller sets struct_size; the callee writes the rest. */
typedef struct npk_refusal {
    uint32_t struct_size;
    uint32_t code;                    /* npk_refusal_code */
    char text[NPK_REFUSAL_TEXT_SIZE]; /* one sentence for a human, cut to fit */
} npk_refusal;

/* What a plugin gives to a host. Static; valid until close. */
typedef struct npk_plugin {
    uint32_t struct_size;
    uint32_t abi_version;
    const char* name; /* "npk_wildx" */
    const char* version;
    const char* description;   /* one line */
    const char* documentation; /* several lines; null if none */

    /* The function `name` of an open family (npk_jit_call_f64_f64), made on demand; the same pointer for the
     * same name. Null when it cannot be: `why` (may be null) then tells. Default when absent: no families.
     * [thread-safe] */
    const npk_function* (*resolve)(const char* name, npk_refusal* why);

    /* The plugin's extension "group/REVISION", or null. Valid until close. Default: none. [thread-safe] */
    const void* (*get_extension)(const char* id);

    /* Ends the use of the plugin: everything still live is reported (through host->report, during this call)
     * and, unless it is being executed, released. Each successful npk_plugin_open needs one close.
     * [main-thread] */
    void (*close)(void);
} npk_plugin;

/* The symbol that a plugin exports. `why` may be null. Null: refused, finally; nothing was kept. Opening
 * again with the same table (same data and report) while open is counted; with another one it is
 * NPK_REFUSAL_ALREADY_OPEN. After the last close, opening again is allowed. [main-thread] */
typedef const npk_plugin* (*npk_plugin_open_function)(const npk_host* host, npk_refusal* why);
NPK_EXPORT const npk_plugin* npk_plugin_open(const npk_host* host, npk_refusal* why);

/* ---- Plugin extension "npk.pages/1": ask about pages, verify them, set policies ---------------------- */
#define NPK_EXTENSION_PAGES "npk.pages/1"

/* What is known of a page. */
typedef struct npk_page_info {
    uint32_t struct_size;
    uint32_t state; /* npk_state */
    uint64_t page;  /* number, from 1 */
    uint64_t generation;
    uint64_t address;
    uint64_t requested;
    uint64_t mapped;
    int64_t offset;        /* of the asked address in the page */
    uint64_t hash;         /* FNV-1a 64 at the seal; 0 before */
    uint64_t tagged_hash;  /* the same, mixed with the signature; 0 without one */
    const char* signature; /* null: untagged. Lives as long as the process */
    const char*
        backend; /* name of the seal backend ("mprotect", "kernel", "permanent"); null before the seal */
    const char*
        function; /* a region's function at the asked address, or null; valid until the region is freed */
    uint64_t calls_in_flight;
    npk_event minted;
    npk_event sealed;
    npk_event freed;
} npk_page_info;

/* Counts since the plugin was loaded. */
typedef struct npk_statistics {
    uint32_t struct_size;
    uint32_t guards;     /* 1: pages lie between guards */
    uint64_t page_size;  /* bytes */
    uint64_t live_pages; /* page runs minted and not freed */
    uint64_t live_bytes;
    uint64_t peak_bytes;
    uint64_t quota_bytes;
    uint64_t minted;
    uint64_t sealed;
    uint64_t freed;
    uint64_t retired; /* freed while executing, not yet unmapped */
    uint64_t calls;   /* checked calls made; approximate while calls are running */
    uint64_t calls_in_flight;
    uint64_t remembered;               /* freed pages whose story is kept */
    uint64_t forgotten;                /* freed pages whose story was dropped */
    uint64_t mappings;                 /* mappings of the process, from /proc/self/maps */
    uint64_t mapping_limit;            /* vm.max_map_count */
    uint64_t bookkeeping_bytes;        /* memory of the registry itself */
    uint64_t refusals[NPK_CODE_LIMIT]; /* by npk_code */
} npk_statistics;

/* When a sealed page is hashed again and compared with its seal. */
typedef enum npk_verification {
    NPK_VERIFY_NEVER = 0,
    NPK_VERIFY_ON_DEMAND = 1, /* the default */
    NPK_VERIFY_EACH_CALL = 2,
    NPK_VERIFY_EVERY_NTH_CALL = 3
} npk_verification;

/* What happens to the free of a page that is being executed. */
typedef enum npk_free_policy {
    NPK_FREE_REFUSE = 0, /* the default: refused, NPK_CODE_PAGE_IN_USE */
    NPK_FREE_RETIRE = 1  /* freed for the program, unmapped when the last call has left */
} npk_free_policy;

/* Receives the audit log: one JSON object and its line end, `length` bytes, not zero-terminated. To keep
 * lines whole the receiver writes each with one write(2). [thread-safe] */
typedef void (*npk_audit_sink)(void* data, const char* line, size_t length);

/* Visits a page; a result other than 0 ends the visit. [thread-safe] */
typedef int32_t (*npk_page_visitor)(void* data, const npk_page_info* info);

typedef struct npk_pages_extension {
    uint32_t struct_size;
    uint32_t reserved;

    /* Fills `info` for the page that contains `address`, its guards and remembered freed pages included;
     * NPK_NOT_FOUND for any other address. [thread-safe] */
    npk_status (*info)(const void* address, npk_page_info* info);

    /* Hashes a sealed page again. NPK_OK when it is as sealed; NPK_REFUSED, with a diagnostic, when it has
     * changed or is not a sealed page. [thread-safe] */
    npk_status (*verify)(const void* address);

    /* [thread-safe] */
    void (*statistics)(npk_statistics* statistics);

    /* Limit of live bytes, whole pages, guards not counted. A limit below what is live refuses further mints
     * only; 67108864 at the start. [thread-safe] */
    void (*set_quota)(uint64_t bytes);

    /* `every` is the n of NPK_VERIFY_EVERY_NTH_CALL (at least 1), else ignored. [thread-safe] */
    npk_status (*set_verification)(uint32_t verification, uint32_t every);

    /* [thread-safe] */
    npk_status (*set_free_policy)(uint32_t policy);

    /* Sends every transition and refusal to `sink` from now on; null ends it. When it returns, the former
     * sink is not called any more. [main-thread] */
    void (*set_audit)(npk_audit_sink sink, void* data);

    /* Visits the live pages as they were at some moment during the call. [thread-safe] */
    void (*each)(npk_page_visitor visitor, void* data);

    /* Reports, as notes, the crimes that were counted but not reported because they repeat an earlier one at
     * the same place, and starts counting anew. Also done by close. [thread-safe] */
    void (*summarise)(void);

    /* The record as one JSON object without line end. Returns the number of bytes it needs, without the final
     * zero; writes at most `size` bytes, final zero included. [thread-safe] */
    size_t (*diagnostic_to_json)(const npk_diagnostic* diagnostic, char* buffer, size_t size);

    /* The same as text of several lines, each place as FILE:LINE:COL. [thread-safe] */
    size_t (*diagnostic_to_text)(const npk_diagnostic* diagnostic, char* buffer, size_t size);
} npk_pages_extension;

/* ---- Plugin extension "npk.calls/1": typed calls ----------------------------------------------------- */
#define NPK_EXTENSION_CALLS "npk.calls/1"

typedef enum npk_call_route {
    /* The default: through libffi only what does not fit in registers, unless the arguments are up to 16 integers and
     * pointers, or up to 16 floats. */
    NPK_CALLS_THUNK = 0,
    /* All through libffi; also chosen by the environment, NPK_JIT_CALLS=libffi. */
    NPK_CALLS_LIBFFI = 1
} npk_call_route;

typedef struct npk_calls_extension {
    uint32_t struct_size;
    uint32_t reserved;

    /* Calls the sealed page with arguments of the signature. `result->kind` is set by the callee; for a
     * struct the caller provides `ptr` and `size`. NPK_TRAP: the page or signature was refused and reported.
     * NPK_BAD_ARGUMENTS: the arguments do not fit the signature; nothing was called. [thread-safe] */
    npk_status (*call)(const void* page, const char* signature, const npk_value* args, uint32_t count,
                       npk_value* result);

    /* Binds a signature to a writable page. [thread-safe] */
    npk_status (*bind)(const void* page, const char* signature);

    /* Chooses the way of calls, npk_call_route. [thread-safe] */
    npk_status (*set_route)(uint32_t route);

    /* 1 (the default): pages without signature may be called with any; 0: refused, NPK_CODE_UNTAGGED.
     * [thread-safe] */
    void (*allow_untagged)(uint32_t allowed);

    /* Checks a signature's text. NPK_OK, or NPK_BAD_ARGUMENTS with the byte offset of the first mistake in
     * `position` (may be null) and the reason in `why` (may be null). [thread-safe] */
    npk_status (*check_signature)(const char* signature, uint32_t* position, npk_refusal* why);
} npk_calls_extension;

/* ---- Plugin extension "npk.faults/1": a report before the signal ------------------------------------- */
#define NPK_EXTENSION_FAULTS "npk.faults/1"

/* How an access faulted, as far as the processor tells. */
typedef enum npk_access {
    NPK_ACCESS_UNKNOWN = 0,
    NPK_ACCESS_READ = 1,
    NPK_ACCESS_WRITE = 2,
    NPK_ACCESS_EXECUTE = 3
} npk_access;

typedef struct npk_fault {
    uint32_t struct_size;
    uint32_t signal; /* SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGFPE */
    uint32_t access; /* npk_access */
    uint32_t reserved;
    uint64_t address;     /* that faulted */
    uint64_t instruction; /* program counter */
} npk_fault;

typedef struct npk_fault_options {
    uint32_t struct_size;
    uint32_t reserved;
    void* data;
    /* Receives the report inside the signal handler, before the signal takes its course. Default (null): the
     * plugin writes the report's text to file descriptor 2. [async-signal-safe] */
    void (*report)(void* data, const npk_diagnostic* diagnostic);
} npk_fault_options;

typedef struct npk_faults_extension {
    uint32_t struct_size;
    uint32_t reserved;

    /* Installs handlers for SIGSEGV, SIGBUS, SIGILL, SIGTRAP and SIGFPE, on an alternate stack for the
     * calling thread. Each fault that concerns a page is reported once; then the handler before ours, or the
     * default action, has its way. Faults that do not concern a page pass untouched. NPK_DUPLICATE when
     * installed already. [main-thread] */
    npk_status (*install)(const npk_fault_options* options);

    /* Gives the calling thread an alternate stack, so that even an overflow of its own stack is reported.
     * Threads that do not are served on their own stack. Freed when the thread ends. [thread-safe] */
    npk_status (*prepare_thread)(void);

    /* Restores the handlers before ours, as far as ours are still on top; others keep working either way.
     * [main-thread] */
    void (*remove)(void);

    /* What would be reported for a fault, without any signal. NPK_NOT_FOUND: it does not concern a page.
     * Texts in `diagnostic` point into `text`, `size` bytes (2048 are enough). [async-signal-safe] */
    npk_status (*diagnose)(const npk_fault* fault, npk_diagnostic* diagnostic, char* text, size_t size);
} npk_faults_extension;

/* ---- Plugin extension "npk.seal/1": how firmly a seal holds ------------------------------------------ */
#define NPK_EXTENSION_SEAL "npk.seal/1"

/* One seal backend. Static. */
typedef struct npk_seal_backend {
    uint32_t struct_size;
    uint32_t available;        /* 1: probed by trying, and it worked */
    const char* name;          /* "mprotect", "kernel", "permanent" */
    const char* documentation; /* one sentence: what holds the seal */
    const char* reason;        /* why it is not available; null when it is */
    int32_t system_error;      /* errno of the probe's failure, or 0 */
    uint32_t chosen;           /* 1: pages sealed from now on use it */
} npk_seal_backend;

typedef struct npk_seal_extension {
    uint32_t struct_size;
    uint32_t reserved;

    /* [thread-safe] */
    uint32_t (*count)(void);

    /* Fills `backend` for 0 <= index < count. NPK_NOT_FOUND beyond. [thread-safe] */
    npk_status (*backend)(uint32_t index, npk_seal_backend* backend);

    /* Chooses by name for the pages sealed from now on. NPK_NOT_FOUND, or NPK_UNSUPPORTED when not available.
     * [thread-safe] */
    npk_status (*choose)(const char* name);
} npk_seal_extension;

/* ---- Plugin extension "npk.regions/1": many functions in one page run (since 1.1) -------------------- */
#define NPK_EXTENSION_REGIONS "npk.regions/1"

/* A region is a page run that holds many functions, for generators of many small ones. Functions are added one
 * after the other while it is writable; one seal makes all of them executable; each is called by its entry, an
 * address that the call functions take in place of a page and check like one; the region is freed as one.
 *
 * Everything that concerns pages concerns regions by their start: quota, guards, leaks, npk.pages/1,
 * npk_wildx_seal, npk_wildx_verify, npk_wildx_free. An address inside of one is an interior pointer, except an
 * entry for calls and for verify, and every report about it names the function it lies in.
 *
 * Entries lie at multiples of 16 bytes, behind at least 16 bytes of traps (0xCC on x86); traps also fill what
 * is left of the last page. At the seal, the pages behind the last function go back: they are guard from then
 * on, count for the quota no more and `mapped` tells the rest. A sealed region has one FNV-1a 64 a page, which
 * verify compares (of an entry: the pages of that function); npk_page_info.hash is FNV-1a 64 over these.
 *
 * The same functions are plain C symbols: npk_region_alloc, npk_region_add, npk_region_seal, npk_region_free,
 * npk_region_find, with -1 for NPK_REFUSED. */
typedef struct npk_regions_extension {
    uint32_t struct_size;
    uint32_t reserved;

    /* A writable region of at least `bytes` bytes, gaps between functions included. Null, with a diagnostic,
     * as for a page. [thread-safe] */
    void* (*alloc)(uint64_t bytes);

    /* Adds a function: copies `length` (at least 1) bytes of code. Signature and name are copied; the name is
     * not empty, and `find` gives the latest function of a name. The entry, which can be called once the region is sealed; null,
     * with a diagnostic and nothing changed, when refused. [thread-safe] */
    void* (*add)(void* region, const void* bytes, uint64_t length, const char* signature, const char* name);

    /* NPK_OK, or NPK_REFUSED with a diagnostic and nothing changed (but what lies behind the last function may
     * then be zeros). [thread-safe] */
    npk_status (*seal)(void* region);

    /* Frees the region with all its functions, in whatever state. NPK_OK, or NPK_REFUSED with a diagnostic.
     * [thread-safe] */
    npk_status (*free)(void* region);

    /* The entry of the function of this name; null when the region has none, and, with a diagnostic, when it
     * is no live region. [thread-safe] */
    void* (*find)(const void* region, const char* name);
} npk_regions_extension;

/* ---- Plugin extension "npk.swap/1": code that is replaced while callers hold it (since 1.1) ---------- */
#define NPK_EXTENSION_SWAP "npk.swap/1"

/* A handle stands for sealed code and can be redirected to other sealed code of the same signature. The call
 * functions take it in place of a page; npk_wildx_free (role RELEASES) frees it; npk.pages/1 tells of the page
 * that it stands for. Nothing ever writes to code: what changes is a cell that each call reads.
 *
 * A handle made for a page owns it: the page is freed with the handle, or at the swap that replaces it, and must
 * not be freed by itself. A call in flight finishes in the code that it began in; a page that was replaced is
 * FREED for everybody else at once and unmapped when its last call has left. A handle made for a region's entry
 * owns nothing: the region stays its maker's, who frees it when no handle stands for its functions any more.
 *
 * The same functions are plain C symbols: npk_jit_handle and npk_jit_swap, with -1 for NPK_REFUSED. */
typedef struct npk_swap_extension {
    uint32_t struct_size;
    uint32_t reserved;

    /* A handle for sealed code that is bound to a signature: a page's start or a region's entry. Null, with a
     * diagnostic, when refused: the code then stays the caller's. [thread-safe] */
    void* (*handle)(void* code);

    /* Redirects a handle. NPK_OK: `code`, if it is a page, is the handle's now. NPK_REFUSED, with a diagnostic
     * and nothing changed: the handle is none, the code is not sealed or of another signature
     * (NPK_CODE_SIGNATURE_MISMATCH) or belongs to a handle already. [thread-safe] */
    npk_status (*swap)(void* handle, void* code);

    /* The entry that a live handle stands for just now, else null. For looking at, not for calling.
     * [async-signal-safe] */
    const void* (*current)(const void* handle);
} npk_swap_extension;

/* ---- Host extension "npk.memory/1": what the host knows of an address -------------------------------- */
#define NPK_EXTENSION_MEMORY "npk.memory/1"

typedef enum npk_memory_kind {
    NPK_MEMORY_UNKNOWN = 0,
    NPK_MEMORY_HEAP_BLOCK = 1,  /* inside a live block of the program's `alloc` */
    NPK_MEMORY_FREED_BLOCK = 2, /* inside a block that was given back */
    NPK_MEMORY_STACK = 3,       /* a variable of the program */
    NPK_MEMORY_STATIC = 4       /* a constant, a string literal, a global */
} npk_memory_kind;

typedef struct npk_memory_info {
    uint32_t struct_size;
    uint32_t kind;    /* npk_memory_kind */
    uint64_t address; /* start of the block or variable */
    uint64_t size;
    uint64_t place;   /* locate token of where it was made; 0: unknown */
    const char* name; /* of the variable or of the allocator ("alloc"); null: unknown. Lives until close */
} npk_memory_info;

typedef struct npk_memory_extension {
    uint32_t struct_size;
    uint32_t reserved;

    /* Fills `info` and returns 1, or 0 when the host knows nothing of the address. [thread-safe] */
    uint32_t (*classify)(void* data, const void* address, npk_memory_info* info);

    /* 1 when a live binding of the program would release this page at its scope's end (a binding under
     * drop.npk), had the program not ended before: such a page is a note at close, not a leak. Absent: 0.
     * [thread-safe] */
    uint32_t (*owned_by_binding)(void* data, const void* page);
} npk_memory_extension;

/* ---- Host extension "npk.options/1": what the user chose --------------------------------------------- */
#define NPK_EXTENSION_OPTIONS "npk.options/1"

/* Options that npk_wildx reads during open; where the host says nothing, the environment variable in brackets
 * counts, then the default. An option with an impossible value refuses the opening, NPK_REFUSAL_BAD_OPTION.
 *
 *   "seal"      mprotect (default), kernel, permanent                            [NPK_WILDX_SEAL]
 *   "calls"     thunk (default), libffi                                          [NPK_JIT_CALLS]
 *   "untagged"  allow (default), forbid: calls of pages without a signature      [NPK_JIT_UNTAGGED]
 *   "quota"     bytes, decimal; default 67108864                                 [NPK_WILDX_QUOTA]
 *   "guards"    on (default), off                                                [NPK_WILDX_GUARDS]
 *   "verify"    never, demand (default), call, or a decimal n: every n-th call   [NPK_WILDX_VERIFY]
 *   "free"      refuse (default), retire: free of a page that is being executed  [NPK_WILDX_FREE]
 *   "remember"  number of freed pages remembered, decimal; default 65536         [NPK_WILDX_REMEMBER] */
typedef struct npk_options_extension {
    uint32_t struct_size;
    uint32_t reserved;

    /* The user's choice, or null when there is none. The text lives until close. [main-thread] */
    const char* (*option)(void* data, const char* name);
} npk_options_extension;

/* ---- The layout, pinned for 64-bit pointers ---------------------------------------------------------- */
#if UINTPTR_MAX == UINT64_MAX
NPK_ABI_PIN(sizeof(npk_value) == 16 && offsetof(npk_value, size) == 4 && offsetof(npk_value, i) == 8);
NPK_ABI_PIN(offsetof(npk_value, ptr) == 8 && offsetof(npk_value, f32) == 8 && offsetof(npk_value, f64) == 8);
NPK_ABI_PIN(sizeof(npk_callable) == 32 && offsetof(npk_callable, context) == 8);
NPK_ABI_PIN(offsetof(npk_callable, invoke) == 16 && offsetof(npk_callable, release) == 24);
NPK_ABI_PIN(sizeof(npk_parameter) == 24 && offsetof(npk_parameter, name) == 8 &&
            offsetof(npk_parameter, size) == 16);
NPK_ABI_PIN(sizeof(npk_function) == 88 && offsetof(npk_function, name) == 8);
NPK_ABI_PIN(offsetof(npk_function, signature) == 16 && offsetof(npk_function, documentation) == 24);
NPK_ABI_PIN(offsetof(npk_function, parameters) == 32 && offsetof(npk_function, parameter_count) == 40);
NPK_ABI_PIN(offsetof(npk_function, result_kind) == 44 && offsetof(npk_function, result_role) == 48);
NPK_ABI_PIN(offsetof(npk_function, resource) == 56 && offsetof(npk_function, address) == 64);
NPK_ABI_PIN(offsetof(npk_function, invoke) == 72 && offsetof(npk_function, context) == 80);
NPK_ABI_PIN(sizeof(npk_location) == 24 && offsetof(npk_location, function) == 8 &&
            offsetof(npk_location, line) == 16);
NPK_ABI_PIN(sizeof(npk_place) == 56 && offsetof(npk_place, at) == 8 && offsetof(npk_place, caller) == 32);
NPK_ABI_PIN(sizeof(npk_event) == 64 && offsetof(npk_event, caller) == 24 && offsetof(npk_event, place) == 48);
NPK_ABI_PIN(offsetof(npk_event, thread) == 56 && offsetof(npk_event, happened) == 60);
NPK_ABI_PIN(sizeof(npk_diagnostic) == 504 && offsetof(npk_diagnostic, word) == 24);
NPK_ABI_PIN(offsetof(npk_diagnostic, page) == 56 && offsetof(npk_diagnostic, pointer) == 80);
NPK_ABI_PIN(offsetof(npk_diagnostic, offset) == 104 && offsetof(npk_diagnostic, repeats) == 112);
NPK_ABI_PIN(offsetof(npk_diagnostic, hash) == 128 && offsetof(npk_diagnostic, expected_signature) == 144);
NPK_ABI_PIN(offsetof(npk_diagnostic, system_error) == 168 && offsetof(npk_diagnostic, mappings) == 176);
NPK_ABI_PIN(offsetof(npk_diagnostic, quota) == 208 && offsetof(npk_diagnostic, minted) == 224);
NPK_ABI_PIN(offsetof(npk_diagnostic, misused) == 416 && offsetof(npk_diagnostic, signal) == 480);
NPK_ABI_PIN(offsetof(npk_diagnostic, instruction) == 488 && offsetof(npk_diagnostic, function) == 496);
NPK_ABI_PIN(sizeof(npk_host) == 72 && offsetof(npk_host, data) == 8 && offsetof(npk_host, name) == 16);
NPK_ABI_PIN(offsetof(npk_host, register_function) == 32 && offsetof(npk_host, report) == 40);
NPK_ABI_PIN(offsetof(npk_host, locate) == 48 && offsetof(npk_host, describe) == 56);
NPK_ABI_PIN(offsetof(npk_host, get_extension) == 64);
NPK_ABI_PIN(sizeof(npk_refusal) == 248 && offsetof(npk_refusal, text) == 8);
NPK_ABI_PIN(sizeof(npk_plugin) == 64 && offsetof(npk_plugin, name) == 8 &&
            offsetof(npk_plugin, resolve) == 40);
NPK_ABI_PIN(offsetof(npk_plugin, get_extension) == 48 && offsetof(npk_plugin, close) == 56);
NPK_ABI_PIN(sizeof(npk_page_info) == 296 && offsetof(npk_page_info, signature) == 72);
NPK_ABI_PIN(offsetof(npk_page_info, calls_in_flight) == 96 && offsetof(npk_page_info, minted) == 104);
NPK_ABI_PIN(sizeof(npk_statistics) == 648 && offsetof(npk_statistics, calls) == 80);
NPK_ABI_PIN(offsetof(npk_statistics, refusals) == 136);
NPK_ABI_PIN(sizeof(npk_pages_extension) == 96 && offsetof(npk_pages_extension, info) == 8);
NPK_ABI_PIN(sizeof(npk_calls_extension) == 48 && sizeof(npk_faults_extension) == 40);
NPK_ABI_PIN(sizeof(npk_fault) == 32 && sizeof(npk_fault_options) == 24 && sizeof(npk_seal_backend) == 40);
NPK_ABI_PIN(sizeof(npk_swap_extension) == 32 && offsetof(npk_swap_extension, handle) == 8);
NPK_ABI_PIN(sizeof(npk_regions_extension) == 48 && offsetof(npk_regions_extension, alloc) == 8);
NPK_ABI_PIN(sizeof(npk_seal_extension) == 32 && sizeof(npk_memory_info) == 40);
NPK_ABI_PIN(sizeof(npk_memory_extension) == 24 && sizeof(npk_options_extension) == 16);
#endif

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif /* NPK_ABI_H */
