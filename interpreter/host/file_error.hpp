#pragma once
// Trouble with files that the user named.
#include <stdexcept>

namespace npk::host {

/// A file could not be read, or not be written; the text names it and the reason.
struct FileError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

} // namespace npk::host
