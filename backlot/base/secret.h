// A text that nobody may see by mistake: a token, a password, a key.
#pragma once
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace backlot {

/// It turns into no string by itself, so that it cannot be printed, formatted, logged or made JSON; its memory is wiped
/// when it goes; comparing takes as long for any two of one length.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string_view text) : bytes_(text.begin(), text.end()) {}
  Secret(const Secret&) = default;
  Secret(Secret&&) noexcept = default;
  Secret& operator=(Secret other) noexcept {
    bytes_.swap(other.bytes_);
    return *this;
  }
  ~Secret();

  /// The secret that `text` was; it is wiped and empty then.
  static Secret taken_from(std::string& text);
  /// 256 random bits as 64 hex digits. Throws Error internal when the system gives none.
  static Secret random();
  /// What the variable of the environment holds, which is overwritten and removed: nobody who looks there later, child
  /// or stranger, finds it. Empty when it is not set. Not while other threads read the environment.
  static Secret taken_from_environment(const char* variable);

  bool empty() const { return bytes_.empty(); }
  bool operator==(std::string_view other) const;
  bool operator==(const Secret& other) const { return *this == other.revealed(); }
  /// The text itself, for the one place where it must go out; valid as long as this.
  std::string_view revealed() const { return {bytes_.data(), bytes_.size()}; }

  friend std::ostream& operator<<(std::ostream&, const Secret&) = delete;

 private:
  std::vector<char> bytes_;
};

}  // namespace backlot
