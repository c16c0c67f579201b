// Who could have written the code that a resume runs: everybody who may change the home, its catalog or its store.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "backlot/base/error.h"
#include "backlot/home/home.h"

namespace backlot::server {

struct HomeWriters {
  std::vector<std::string> who;  ///< other accounts and groups, "the account bob", "the group flows"
  std::string place;             ///< where the first of them may write
  bool everybody = false;        ///< some place may be written by every account
};

/// What the modes and owners of the home, of the folders above it, and of what lies in it say now. The superuser and
/// our own account are not listed.
HomeWriters other_writers(const Home& home);

/// Whether runs may be controlled here, and what people should know about it.
struct ControlTrust {
  std::optional<Error> refusal;
  std::string note;  ///< whose code would run as whom; empty: only our own
};

/// `trusts_group`: the people of a shared home trust each other. Everybody of the machine is never trusted.
ControlTrust control_trust(const Home& home, bool trusts_group);

}  // namespace backlot::server
