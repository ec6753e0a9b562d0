#pragma once
// Exit statuses of npk beside the program's own; from 64 on as in sysexits.h.

namespace npk::host::exit_status {

inline constexpr int accepted = 0;
inline constexpr int wrong_usage = 64;        ///< EX_USAGE
inline constexpr int rejected = 65;           ///< EX_DATAERR: the program has errors and did not run
inline constexpr int unreadable = 66;         ///< EX_NOINPUT
inline constexpr int plugin_unavailable = 69; ///< EX_UNAVAILABLE
inline constexpr int software = 70; ///< EX_SOFTWARE: a trap inside failsafe, or a fault of npk itself
inline constexpr int strict = 71;   ///< --strict: the program ended with 0, but the backstop reported

} // namespace npk::host::exit_status
