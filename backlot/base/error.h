// The one error policy: what can fail throws Error; an expected absence is std::optional; validation returns all its
// Diagnostics at once. Errors are values with a code for programs, and a message, a context and a hint for people.
#pragma once
#include <exception>
#include <string>
#include <string_view>
#include <vector>

namespace backlot {

enum class ErrorCode {
  usage,         ///< the caller asked for something that makes no sense (CLI exit code 2)
  invalid,       ///< a value, file or graph is not what it must be
  not_found,     ///< a run, step, artifact, file … does not exist
  exists,        ///< a name is taken
  unset,         ///< an artifact or parameter was read before it was set
  wrong_type,    ///< a value has another type than the one asked for
  conflict,      ///< branches disagree on an artifact, two writers want one run
  corrupt,       ///< bytes on disk are not what was written
  newer_format,  ///< written by a newer backlot than this one
  permission,    ///< the operating system refused
  no_space,      ///< the disk or a quota is full
  io,            ///< the operating system failed to read or write
  lease_lost,    ///< another scheduler has taken the run over
  replaced,      ///< the file in use is no longer the one that its path leads to
  cancelled,     ///< somebody asked for it to stop
  unsupported,   ///< not possible here, by design
  internal,      ///< a broken invariant of ours: a bug
};
std::string_view name_of(ErrorCode code);

/// What went wrong (message), where (context, outermost first) and what to do about it (hint).
class Error : public std::exception {
 public:
  Error(ErrorCode code, std::string message, std::string hint = {});
  /// The same error, seen from one level further out: "run X: step y: no space left".
  Error in(std::string_view place) const;

  ErrorCode code() const { return code_; }
  const std::string& message() const { return message_; }
  const std::string& context() const { return context_; }
  const std::string& hint() const { return hint_; }
  /// "context: message (hint)"
  const char* what() const noexcept override { return text_.c_str(); }

 private:
  void compose();
  ErrorCode code_;
  std::string message_, context_, hint_, text_;
};

/// Error from errno after a failed system call: "open /x/y: No such file or directory".
Error system_error(std::string_view what, int error_number);
[[noreturn]] void throw_system_error(std::string_view what);

/// One finding of a validation: which rule, where, what is wrong, how to mend it.
struct Diagnostic {
  std::string rule, place, message, fix;
  bool operator==(const Diagnostic&) const = default;
};
/// All findings as one Error of code `invalid` or `usage`; the list must not be empty.
Error error_of(ErrorCode code, std::string_view subject, const std::vector<Diagnostic>& found);

/// An invariant of ours, checked in release builds too; a broken one ends the process with file, line and text.
[[noreturn]] void broken_invariant(const char* file, int line, const char* text);
#define BACKLOT_ASSERT(condition) \
  ((condition) ? static_cast<void>(0) : ::backlot::broken_invariant(__FILE__, __LINE__, #condition))

}  // namespace backlot
