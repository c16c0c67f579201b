// The floats that JSON has no numbers for, as texts.
#pragma once
#include <optional>
#include <string_view>

namespace backlot {

/// "NaN", "Infinity" or "-Infinity"; empty for a finite float.
std::string_view not_finite_name(double value);

/// The float that "nan", "inf" or "infinity" stands for, in capitals or not, perhaps behind a sign.
std::optional<double> not_finite_named(std::string_view name);

}  // namespace backlot
