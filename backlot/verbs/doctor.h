// What a person with a problem should know of this machine and this home.
#pragma once
#include <string>
#include <vector>

#include "backlot/home/home.h"

namespace backlot::verbs {

struct HealthCheck {
  std::string name;    ///< "free space"
  std::string value;   ///< "12.3 GiB"
  std::string advice;  ///< empty when it is well
};

/// The version of this program, "0.1.0".
std::string version();

/// Looks, and changes nothing: the home may not even exist.
std::vector<HealthCheck> doctor(const Home& home);

}  // namespace backlot::verbs
