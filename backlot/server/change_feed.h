// Says when somebody has changed the catalog, whichever process it was. SQLite notifies nobody outside of its own, but
// every commit writes to its WAL file: inotify says so, at no cost while nothing happens.
#pragma once
#include <string>

#include "backlot/base/unique_fd.h"

namespace backlot::server {

class ChangeFeed {
 public:
  /// `catalog`: the path of the database; its folder must exist. Throws Error io.
  explicit ChangeFeed(const std::string& catalog);
  /// Becomes readable when something has changed.
  int descriptor() const { return inotify_.get(); }
  /// Takes what has come so far; false when none of it was about the catalog.
  bool changed();

 private:
  UniqueFd inotify_;
  std::string name_;  ///< of the database's file
};

}  // namespace backlot::server
