// A small chart as SVG: one series on the window's time axis, with the target's onset and its own.
#pragma once
#include <optional>
#include <string>

#include "backlot/signals/report.h"

namespace backlot::signals::app {

/// Gaps stay gaps; of several samples in one column of pixels the least and the most are drawn.
std::string chart(const signals::Samples& samples, signals::Window window, const signals::Onset& target,
                  const std::optional<signals::Onset>& own);

/// With `&`, `<`, `>` and quotes as references.
std::string escaped(std::string_view text);

}  // namespace backlot::signals::app
