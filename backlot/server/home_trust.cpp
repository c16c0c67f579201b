#include "backlot/server/home_trust.h"

#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "backlot/base/durable_folder.h"
#include "backlot/base/identity.h"

namespace backlot::server {
namespace {

std::string account_name(uid_t uid) {
  passwd entry{}, *found = nullptr;
  char buffer[4096];
  getpwuid_r(uid, &entry, buffer, sizeof buffer, &found);
  return found ? found->pw_name : std::to_string(uid);
}

std::string group_name(gid_t gid) {
  group entry{}, *found = nullptr;
  char buffer[16384];
  getgrgid_r(gid, &entry, buffer, sizeof buffer, &found);
  return found ? found->gr_name : std::to_string(gid);
}

class Writers {
 public:
  void look(const std::string& path, bool is_above) {
    struct stat s {};
    if (lstat(path.c_str(), &s) != 0 || S_ISLNK(s.st_mode)) return;
    if (s.st_uid != geteuid() && s.st_uid != 0) add("the account " + account_name(s.st_uid), path);
    // In a folder with the sticky bit nobody can put something else in the place of what is ours.
    if (is_above && (s.st_mode & S_ISVTX)) return;
    if (s.st_mode & S_IWGRP) add("the group " + group_name(s.st_gid), path);
    if (s.st_mode & S_IWOTH) {
      add("everybody", path);
      result_.everybody = true;
    }
  }
  /// What a path leads to, and every folder on the way there.
  void follow(const std::string& path) {
    std::error_code failed;
    const std::string real = std::filesystem::canonical(path, failed).string();
    if (!failed) look_down_to(real);
  }
  void look_down_to(const std::string& path) {
    // Not "/" itself: whoever owns that owns the machine.
    for (std::string above = folder_of(path); above != "/" && above != "."; above = folder_of(above)) look(above, true);
    look(path, false);
  }
  HomeWriters result() { return std::move(result_); }

 private:
  void add(std::string name, const std::string& place) {
    if (std::find(result_.who.begin(), result_.who.end(), name) != result_.who.end()) return;
    if (result_.who.empty()) result_.place = place;
    result_.who.push_back(std::move(name));
  }
  HomeWriters result_;
};

std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i)
    text += (i == 0 ? "" : i + 1 < names.size() ? ", " : " and ") + names[i];
  return text;
}

/// Whether somebody other than the owner can go through a folder.
bool is_entered_by_others(const std::string& folder) {
  struct stat s {};
  return stat(folder.c_str(), &s) != 0 || (s.st_mode & (S_IXGRP | S_IXOTH)) != 0;
}

}  // namespace

HomeWriters other_writers(const Home& home) {
  Writers writers;
  writers.look_down_to(home.root);
  writers.follow(home.root);
  const bool entered = is_entered_by_others(home.root);
  for (const std::string& file : {home.catalog(), home.catalog() + "-wal", home.catalog() + "-shm", home.store(),
                                  home.store() + "/blobs", home.runs(), home.programs()}) {
    if (std::filesystem::is_symlink(file))
      writers.follow(file);  // out of what guards the home
    else if (entered)
      writers.look(file, false);
  }
  return writers.result();
}

ControlTrust control_trust(const Home& home, bool trusts_group) {
  HomeWriters writers = other_writers(home);
  if (writers.who.empty()) return {};
  const std::string me = current_user();
  const std::string whose = "code of " + listed(writers.who) + " could run as " + me;
  if (trusts_group && !writers.everybody) return {std::nullopt, "Resuming runs stored code: " + whose + "."};
  Error refusal(ErrorCode::permission,
                "runs are not controlled from here: " + writers.place + " is not " + me + "'s alone, so " + whose,
                writers.everybody ? "`chmod -R o-w` it" : "`chmod -R go-w` it, or start the server with --trust-group");
  return {refusal, std::string(refusal.message()) + ": " + std::string(refusal.hint())};
}

}  // namespace backlot::server
