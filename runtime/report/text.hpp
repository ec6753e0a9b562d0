// A diagnostic as text.
#pragma once

#include "npk_abi.h"

#include <string>

namespace npk::report {

/// "FILE:LINE:COL", "" when the place is unknown.
std::string place_text(const npk_location& location);

/// The whole record in one line: place, severity, code, message, story, hint. For the default host.
std::string one_line(const npk_diagnostic& diagnostic);

/// The whole record in several lines, one a step of the story, each place as FILE:LINE:COL; ends with a line end.
std::string full_text(const npk_diagnostic& diagnostic);

} // namespace npk::report
