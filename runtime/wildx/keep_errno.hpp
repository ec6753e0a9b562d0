// errno as the caller left it.
#pragma once

#include <cerrno>

namespace npk::wildx {

/// Restores errno at the end of a scope: what the runtime does must not show between a native call and the program
/// that reads its errno.
class KeepErrno {
public:
    KeepErrno() noexcept : saved_(errno) {}
    ~KeepErrno() { errno = saved_; }
    KeepErrno(const KeepErrno&) = delete;
    KeepErrno& operator=(const KeepErrno&) = delete;

private:
    int saved_;
};

} // namespace npk::wildx
