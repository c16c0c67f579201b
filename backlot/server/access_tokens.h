// The access tokens that open this server: what each allows, and where it is read from. A token in a file may be
// replaced while the server runs: the old one ends with the next request.
#pragma once
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "backlot/base/files.h"
#include "backlot/base/secret.h"
#include "backlot/server/http.h"

namespace backlot::server {

struct TokenSource {
  Role role = Role::none;
  std::string name;  ///< how messages call it: "BACKLOT_TOKEN", or the file
  Secret text;       ///< the token; empty: it is in the file
  std::string file;
};

/// Thread-safe.
class AccessTokens {
 public:
  /// `least_bits`: 128 where strangers can knock. Throws Error usage for a token that could not be sent or is too weak,
  /// not_found and permission for its file.
  AccessTokens(std::vector<TokenSource> sources, double least_bits);

  struct Known {
    Role role = Role::none;
    std::string mark;  ///< mark_of(the token)
  };
  std::optional<Known> find(std::string_view token);
  /// The token of that role as it is now.
  std::optional<Known> of_role(Role role);
  /// Whether a token with that mark still opens something.
  bool has(std::string_view mark);

 private:
  struct Entry {
    TokenSource source;
    Secret token;  ///< empty: its file cannot be used now
    std::optional<FileStamp> stamp;
  };
  void load(Entry& entry) const;
  void look_again();

  const double least_bits_;
  std::mutex mutex_;
  std::vector<Entry> entries_;
};

}  // namespace backlot::server
