#include "backlot/base/error.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <system_error>

namespace backlot {

std::string_view name_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::usage: return "usage";
    case ErrorCode::invalid: return "invalid";
    case ErrorCode::not_found: return "not_found";
    case ErrorCode::exists: return "exists";
    case ErrorCode::unset: return "unset";
    case ErrorCode::wrong_type: return "wrong_type";
    case ErrorCode::conflict: return "conflict";
    case ErrorCode::corrupt: return "corrupt";
    case ErrorCode::newer_format: return "newer_format";
    case ErrorCode::permission: return "permission";
    case ErrorCode::no_space: return "no_space";
    case ErrorCode::io: return "io";
    case ErrorCode::lease_lost: return "lease_lost";
    case ErrorCode::replaced: return "replaced";
    case ErrorCode::cancelled: return "cancelled";
    case ErrorCode::unsupported: return "unsupported";
    case ErrorCode::internal: return "internal";
  }
  return "internal";
}

Error::Error(ErrorCode code, std::string message, std::string hint)
    : code_(code), message_(std::move(message)), hint_(std::move(hint)) {
  compose();
}

Error Error::in(std::string_view place) const {
  Error outer = *this;
  outer.context_ = context_.empty() ? std::string(place) : std::string(place) + ": " + context_;
  outer.compose();
  return outer;
}

void Error::compose() {
  text_ = context_.empty() ? message_ : context_ + ": " + message_;
  if (!hint_.empty()) text_ += " (" + hint_ + ")";
}

Error system_error(std::string_view what, int number) {
  std::string text = std::string(what) + ": " + std::generic_category().message(number);
  switch (number) {
    case ENOENT: return {ErrorCode::not_found, text};
    case EEXIST: return {ErrorCode::exists, text};
    case EACCES:
    case EPERM:
    case EROFS: return {ErrorCode::permission, text, "check the owner and mode of the folder, or set BACKLOT_HOME"};
    case ENOSPC:
    case EDQUOT: return {ErrorCode::no_space, text, "free some space, then `resume`: finished tasks are kept"};
    default: return {ErrorCode::io, text};
  }
}

void throw_system_error(std::string_view what) { throw system_error(what, errno); }

Error error_of(ErrorCode code, std::string_view subject, const std::vector<Diagnostic>& found) {
  std::string text(subject);
  for (const Diagnostic& d : found) {
    text += "\n  " + (d.place.empty() ? "" : d.place + ": ") + d.message;
    if (!d.fix.empty()) text += "; " + d.fix;
    if (!d.rule.empty()) text += " [" + d.rule + "]";
  }
  return {code, text};
}

void broken_invariant(const char* file, int line, const char* text) {
  std::fprintf(stderr, "backlot: broken invariant at %s:%d: %s\n", file, line, text);
  std::abort();
}

}  // namespace backlot
