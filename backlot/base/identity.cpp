#include "backlot/base/identity.h"

#include <pwd.h>
#include <unistd.h>

#include <climits>
#include <cstdlib>
#include <fstream>

namespace backlot {

std::string current_user() {
  if (const char* user = std::getenv("BACKLOT_USER"); user && *user) return user;
  passwd entry{};
  passwd* found = nullptr;
  char buffer[4096];
  if (getpwuid_r(geteuid(), &entry, buffer, sizeof buffer, &found) == 0 && found) return found->pw_name;
  return std::to_string(geteuid());
}

std::string current_host() {
  char name[HOST_NAME_MAX + 1] = {};
  return gethostname(name, sizeof name - 1) == 0 ? name : "unknown";
}

std::string boot_id() {
  std::string boot;
  std::getline(std::ifstream("/proc/sys/kernel/random/boot_id"), boot);
  return boot;
}

std::string lease_owner() { return current_host() + "/" + std::to_string(getpid()) + "/" + boot_id(); }

}  // namespace backlot
