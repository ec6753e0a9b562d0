/* The plain C symbols of npk_wildx.so, for programs that link it: what an ahead-of-time compiled Nitpick program calls. C11,
 * also C++. No host is needed; where one has opened the plugin, it is told what was refused, else standard error is, one line
 * a report. NPK_WILDX_SEAL, NPK_WILDX_QUOTA, NPK_WILDX_GUARDS, NPK_WILDX_FREE, NPK_WILDX_VERIFY, NPK_WILDX_REMEMBER,
 * NPK_JIT_CALLS and NPK_JIT_UNTAGGED in the environment are the options of the same names (npk_abi.h, npk.options/1). Without
 * a host they are read at the first npk_wildx_alloc or npk_region_alloc; if one has a value that cannot be, all have their
 * defaults, with a warning.
 *
 * All functions: any thread, also several at once. errno stays as it was, but for what called code leaves there. A refusal
 * changes no page, region or handle and is reported, with where the page was minted, sealed and freed. A page, region, handle or callback is its
 * maker's, who frees it once; what is live at the end of the process is reported as a leak. */
#ifndef NPK_WILDX_H
#define NPK_WILDX_H

#include "npk_abi.h"

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* --- pages: writable, then executable, then gone --------------------------------------------------------------------- */

/* A new writable page run of at least `size` bytes, zero-filled, between guard pages unless they are off. NULL when refused: size 0 or over
 * INT64_MAX, the quota (64 MiB unless set), or the kernel (mmap(2)). */
NPK_EXPORT void* npk_wildx_alloc(size_t size);

/* Makes a writable page executable, and no longer writable. 0, or -1 when refused. */
NPK_EXPORT int npk_wildx_seal(void* page);

/* Unmaps a page or a region, or frees a handle and the page, but no region, that it stands for. 0, or -1 when refused; so is
 * what was sealed for ever (NPK_WILDX_SEAL permanent), and what is being executed, unless NPK_WILDX_FREE says retire. */
NPK_EXPORT int npk_wildx_free(void* page);

/* Hashes a sealed page again. 0 when it is as it was sealed, else -1. */
NPK_EXPORT int npk_wildx_verify(void* page);

/* --- code ------------------------------------------------------------------------------------------------------------ */

/* Copies `length` bytes of code into a writable page, from its start or from `offset`. 0; -1 when refused, also when they
 * exceed the page: then none is copied. */
NPK_EXPORT int npk_jit_install_bytes(void* page, const void* bytes, int64_t length);
NPK_EXPORT int npk_jit_install_bytes_at(void* page, int64_t offset, const void* bytes, int64_t length);

/* Binds a signature (npk_abi.h has the grammar) to a writable page: once sealed, it is called as that and nothing else. 0, or
 * -1 when refused. */
NPK_EXPORT int npk_jit_bind(void* page, const char* signature);

/* Writes the machine code of an operation `T(T,T)` to the start of a writable page and binds that signature. 0, or -1 when
 * refused, also where there is none for this processor. Division and remainder of integers are the processor's: by zero, and
 * of the least number by -1, they trap. */
NPK_EXPORT int npk_jit_install_add_i32(void* page);
NPK_EXPORT int npk_jit_install_add_i64(void* page);
NPK_EXPORT int npk_jit_install_add_f32(void* page);
NPK_EXPORT int npk_jit_install_add_f64(void* page);
NPK_EXPORT int npk_jit_install_sub_i32(void* page);
NPK_EXPORT int npk_jit_install_sub_i64(void* page);
NPK_EXPORT int npk_jit_install_sub_f32(void* page);
NPK_EXPORT int npk_jit_install_sub_f64(void* page);
NPK_EXPORT int npk_jit_install_mul_i32(void* page);
NPK_EXPORT int npk_jit_install_mul_i64(void* page);
NPK_EXPORT int npk_jit_install_mul_f32(void* page);
NPK_EXPORT int npk_jit_install_mul_f64(void* page);
NPK_EXPORT int npk_jit_install_div_i32(void* page);
NPK_EXPORT int npk_jit_install_div_i64(void* page);
NPK_EXPORT int npk_jit_install_div_f32(void* page);
NPK_EXPORT int npk_jit_install_div_f64(void* page);
NPK_EXPORT int npk_jit_install_rem_i32(void* page);
NPK_EXPORT int npk_jit_install_rem_i64(void* page);
NPK_EXPORT int npk_jit_install_and_i32(void* page);
NPK_EXPORT int npk_jit_install_and_i64(void* page);
NPK_EXPORT int npk_jit_install_or_i32(void* page);
NPK_EXPORT int npk_jit_install_or_i64(void* page);
NPK_EXPORT int npk_jit_install_xor_i32(void* page);
NPK_EXPORT int npk_jit_install_xor_i64(void* page);
NPK_EXPORT int npk_jit_install_min_i32(void* page);
NPK_EXPORT int npk_jit_install_min_i64(void* page);
NPK_EXPORT int npk_jit_install_min_f32(void* page);
NPK_EXPORT int npk_jit_install_min_f64(void* page);
NPK_EXPORT int npk_jit_install_max_i32(void* page);
NPK_EXPORT int npk_jit_install_max_i64(void* page);
NPK_EXPORT int npk_jit_install_max_f32(void* page);
NPK_EXPORT int npk_jit_install_max_f64(void* page);

/* --- calls ----------------------------------------------------------------------------------------------------------- */

/* Calls a sealed page, a region's function or a handle as `signature`, which must be the one it is bound to; one without can
 * be called as any, unless NPK_JIT_UNTAGGED says forbid. `arguments` points to one pointer a parameter, each to a value of exactly the parameter's width; the
 * result is written in its own width to `result`, which may be NULL to drop it. 0, or -1 when refused: then nothing was
 * called. Exceptions of called code pass through. */
NPK_EXPORT int npk_jit_call(void* page, const char* signature, const void* const* arguments, void* result);

/* The same for common signatures, each as the name says: the kinds of the parameters, then `to` that of the result, where it
 * is another than the first parameter's. A refused call gives 0. */
NPK_EXPORT void npk_jit_call_to_void(void* page);
NPK_EXPORT int32_t npk_jit_call_to_i32(void* page);
NPK_EXPORT int64_t npk_jit_call_to_i64(void* page);
NPK_EXPORT double npk_jit_call_to_f64(void* page);
NPK_EXPORT void* npk_jit_call_to_ptr(void* page);
NPK_EXPORT int32_t npk_jit_call_i32(void* page, int32_t a);
NPK_EXPORT int32_t npk_jit_call_i32_i32(void* page, int32_t a, int32_t b);
NPK_EXPORT int32_t npk_jit_call_i32_i32_i32(void* page, int32_t a, int32_t b, int32_t c);
NPK_EXPORT int64_t npk_jit_call_i64(void* page, int64_t a);
NPK_EXPORT int64_t npk_jit_call_i64_i64(void* page, int64_t a, int64_t b);
NPK_EXPORT int64_t npk_jit_call_i64_i64_i64(void* page, int64_t a, int64_t b, int64_t c);
NPK_EXPORT int64_t npk_jit_call_i64_i64_i64_i64_i64_i64(void* page, int64_t a, int64_t b, int64_t c, int64_t d,
                                                        int64_t e, int64_t f);
NPK_EXPORT float npk_jit_call_f32(void* page, float a);
NPK_EXPORT float npk_jit_call_f32_f32(void* page, float a, float b);
NPK_EXPORT double npk_jit_call_f64(void* page, double a);
NPK_EXPORT double npk_jit_call_f64_f64(void* page, double a, double b);
NPK_EXPORT double npk_jit_call_f64_f64_f64(void* page, double a, double b, double c);
NPK_EXPORT void* npk_jit_call_ptr(void* page, void* a);
NPK_EXPORT void npk_jit_call_ptr_to_void(void* page, void* a);
NPK_EXPORT int32_t npk_jit_call_ptr_to_i32(void* page, void* a);
NPK_EXPORT int64_t npk_jit_call_ptr_to_i64(void* page, void* a);
NPK_EXPORT int32_t npk_jit_call_ptr_ptr_to_i32(void* page, void* a, void* b);
NPK_EXPORT void npk_jit_call_ptr_i64_to_void(void* page, void* a, int64_t b);
NPK_EXPORT int64_t npk_jit_call_ptr_i64_to_i64(void* page, void* a, int64_t b);

/* A C address that calls the host's function as `signature` says, for generated code to call. NULL when refused: the callable
 * stays the caller's. Else it must live until its `release` is called, after npk_jit_callback_free or the close. */
NPK_EXPORT void* npk_jit_callback(const npk_callable* callable, const char* signature);

/* Releases a callback. 0, or -1 when refused. */
NPK_EXPORT int npk_jit_callback_free(void* callback);

/* --- regions: many functions in one page run ------------------------------------------------------------------------- */

/* A new writable region of at least `size` bytes: each function takes its length and 16 to 31 bytes before it. NULL when
 * refused, as in npk_wildx_alloc. */
NPK_EXPORT void* npk_region_alloc(size_t size);

/* Adds a function of `length` > 0 bytes of code to a writable region, with a name. Its entry, which is called like a page
 * once the region is sealed; NULL when refused. Signature and name are copied. The child of a fork made by
 * a signal handler that interrupted this must not return from the handler. */
NPK_EXPORT void* npk_region_add(void* region, const void* bytes, int64_t length, const char* signature,
                                const char* name);

/* Makes all functions executable at once. 0, or -1 when refused. */
NPK_EXPORT int npk_region_seal(void* region);

/* Frees a region and all its functions. 0, or -1 when refused. */
NPK_EXPORT int npk_region_free(void* region);

/* The entry of the function that was added last under this name; NULL when there is none. */
NPK_EXPORT void* npk_region_find(void* region, const char* name);

/* --- handles: code that is replaced while callers hold it ------------------------------------------------------------ */

/* A handle for sealed code with a signature: it is called, and freed by npk_wildx_free, like a page. A page becomes the
 * handle's, which frees it; a region's function stays the region's. NULL when refused: the page stays the caller's. */
NPK_EXPORT void* npk_jit_handle(void* code);

/* Lets a handle stand for other sealed code of the same signature. The page before, if it was one and not sealed for
 * ever, is freed as soon as the last call has left it. 0, or -1 when refused. */
NPK_EXPORT int npk_jit_swap(void* handle, void* code);

#ifdef __cplusplus
}
#endif

#endif
