#include "style.hpp"

#include <cstdlib>
#include <unistd.h>

namespace npk::host {

const Style& style_for(int descriptor) {
    const char* no_colour = std::getenv("NO_COLOR");
    const char* terminal = std::getenv("TERM");
    const bool refused = (no_colour && *no_colour) || !terminal || std::string_view(terminal) == "dumb";
    return !refused && isatty(descriptor) ? colour_style : plain_style;
}

} // namespace npk::host
