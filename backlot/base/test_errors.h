// For the tests: which error an action ends with.
#pragma once
#include <functional>
#include <optional>
#include <string>

#include "backlot/base/error.h"

namespace backlot {

/// Empty when it throws nothing.
inline std::optional<ErrorCode> code_from(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& e) { return e.code(); }
  return std::nullopt;
}

/// The text of the Error it throws; empty when it throws none.
inline std::string text_from(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& e) { return e.what(); }
  return {};
}

}  // namespace backlot
