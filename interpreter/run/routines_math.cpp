// Floating point: as in the C library's <math.h>.
#include "arithmetic.hpp"
#include "routines.hpp"

#include <cmath>

namespace npk::run::routines {

namespace {

template <double (*function)(double)>
bool unary(Slots slots) {
    slots[0] = arithmetic::as_word(function(arithmetic::as_float<double>(slots[0])));
    return true;
}

template <double (*function)(double, double)>
bool binary(Slots slots) {
    slots[0] = arithmetic::as_word(
        function(arithmetic::as_float<double>(slots[0]), arithmetic::as_float<double>(slots[1])));
    return true;
}

} // namespace

bool floor(Machine&, Slots slots) {
    return unary<std::floor>(slots);
}
bool ceil(Machine&, Slots slots) {
    return unary<std::ceil>(slots);
}
bool round(Machine&, Slots slots) {
    return unary<std::round>(slots);
}
bool sqrt(Machine&, Slots slots) {
    return unary<std::sqrt>(slots);
}
bool sin(Machine&, Slots slots) {
    return unary<std::sin>(slots);
}
bool cos(Machine&, Slots slots) {
    return unary<std::cos>(slots);
}
bool tan(Machine&, Slots slots) {
    return unary<std::tan>(slots);
}
bool asin(Machine&, Slots slots) {
    return unary<std::asin>(slots);
}
bool acos(Machine&, Slots slots) {
    return unary<std::acos>(slots);
}
bool atan(Machine&, Slots slots) {
    return unary<std::atan>(slots);
}
bool log(Machine&, Slots slots) {
    return unary<std::log>(slots);
}
bool log2(Machine&, Slots slots) {
    return unary<std::log2>(slots);
}
bool log10(Machine&, Slots slots) {
    return unary<std::log10>(slots);
}
bool exp(Machine&, Slots slots) {
    return unary<std::exp>(slots);
}
bool pow(Machine&, Slots slots) {
    return binary<std::pow>(slots);
}
bool atan2(Machine&, Slots slots) {
    return binary<std::atan2>(slots);
}

} // namespace npk::run::routines
