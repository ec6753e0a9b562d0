// A function of the host under a C address, for native code to call.
#pragma once

#include "npk_abi.h"
#include "signature.hpp"

#include <atomic>
#include <cstdint>
#include <memory>

namespace npk::jit {

/// One callback: a libffi closure in front of an npk_callable. libffi keeps the closure's code in mappings of
/// its own that are never writable and executable at once (static trampolines, libffi 3.4).
///
/// A call turns native arguments into values, runs the host's function and turns its result back. When that
/// function traps or fails, native code gets a zero result and goes on; the host continues its trap after the
/// outermost native call has returned. Nothing unwinds through machine code. errno is left as the host's
/// function leaves it. Any thread may call the address at any time while the callback lives.
class Callback {
public:
    /// Told, on the calling thread, that native code called an address after its retirement.
    using StaleCall = void (*)(const Callback& callback) noexcept;

    /// Throws std::bad_alloc when libffi has no memory for a closure. libffi's lock of that memory is not ready for
    /// fork(2), so whoever makes or destroys a callback holds one that is.
    Callback(const Signature& signature, StaleCall stale_call);
    ~Callback();
    Callback(const Callback&) = delete;
    Callback& operator=(const Callback&) = delete;

    /// Takes over the callable: calls its release at the end. Once, before the address is told to anybody.
    void take_over(const npk_callable& callable) noexcept { callable_ = callable; }

    /// What native code calls.
    void* address() const noexcept { return address_; }
    const Signature& signature() const noexcept { return signature_; }

    /// Gives the callable back to the host, as soon as no thread runs it any more. The address stays safe to call: it
    /// then answers with zeros.
    void retire() noexcept;

    /// Whether the callable was given back: no thread that called while it lived is inside any more.
    bool given_back() const noexcept { return given_back_.load(std::memory_order_acquire); }

private:
    struct FreeClosure {
        void operator()(ffi_closure* closure) const noexcept { ffi_closure_free(closure); }
    };

    static void enter(ffi_cif* interface, void* result, void** arguments, void* callback) noexcept;
    bool run(void** arguments, void* result_bytes) const noexcept;
    bool begin_use() noexcept;
    void end_use() noexcept;

    const Signature& signature_;
    StaleCall stale_call_;
    npk_callable callable_{};
    std::atomic<bool> retired_{false};
    std::atomic<bool> given_back_{false};
    std::atomic<std::uint32_t> users_{1}; ///< running calls, and 1 until retired; at 0 the callable goes back
    void* address_ = nullptr;
    std::unique_ptr<ffi_closure, FreeClosure> closure_;
};

} // namespace npk::jit
