#include "backlot/verbs/doctor.h"

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <map>
#include <sstream>
#include <thread>

#include "backlot/verbs/bytes_text.h"

namespace backlot::verbs {
namespace {

namespace fs = std::filesystem;

/// The folder itself, or the nearest above it that exists.
std::string existing(const std::string& folder) {
  fs::path at = folder;
  std::error_code ignored;
  while (!fs::exists(at, ignored) && at.has_relative_path()) at = at.parent_path();
  return at;
}

HealthCheck home_check(const Home& home) {
  std::error_code ignored;
  bool exists = fs::exists(home.root, ignored);
  bool writable = access(existing(home.root).c_str(), W_OK | X_OK) == 0;
  std::string advice = writable ? "" : "you cannot write there: check its owner and mode, or set BACKLOT_HOME";
  return {"home", home.root + (exists ? "" : " (made by the first run)"), advice};
}

/// Homes of earlier versions were made as the umask said; shared ones have the set-group-ID bit.
HealthCheck access_check(const Home& home) {
  struct stat s {};
  if (stat(home.root.c_str(), &s) != 0) return {"access", "yours alone, once it is made", ""};
  if ((s.st_mode & 077) == 0) return {"access", "its owner alone", ""};
  const std::string close = "`chmod 700 " + home.root + "` closes it";
  if (s.st_mode & S_IWOTH) return {"access", "every account may change it", close};
  if (s.st_mode & (S_IROTH | S_IXOTH)) return {"access", "every account may look into it", close};
  if (s.st_mode & S_ISGID) return {"access", "its owner and a group", ""};
  return {"access", "a group may look into it", close + ", `chmod 2770` shares it"};
}

HealthCheck file_system_check(const std::string& folder) {
  struct Kind {
    const char* name;
    bool shared;
  };
  static const std::map<unsigned long, Kind> kinds{
      {0xEF53, {"ext4", false}},      {0x58465342, {"xfs", false}},      {0x9123683E, {"btrfs", false}},
      {0x2FC12FC1, {"zfs", false}},   {0x01021994, {"tmpfs", false}},    {0x794C7630, {"overlayfs", false}},
      {0x6969, {"nfs", true}},        {0xFF534D42, {"cifs", true}},      {0xFE534D42, {"smb2", true}},
      {0x0BD00BD0, {"lustre", true}}, {0x47504653, {"gpfs", true}},      {0x00C36400, {"ceph", true}},
      {0x65735546, {"fuse", true}},   {0xCA451A4E, {"bcachefs", false}}, {0xF2F52010, {"f2fs", false}},
      {0x01021997, {"9p", true}}};
  struct statfs s {};
  if (statfs(folder.c_str(), &s)) return {"file system", "unknown", ""};
  auto kind = kinds.find(static_cast<unsigned long>(s.f_type));
  std::ostringstream number;
  number << "0x" << std::hex << s.f_type;
  if (kind == kinds.end()) return {"file system", "type " + number.str(), ""};
  std::string advice;
  if (kind->second.shared) advice = "a catalog on a network file system is not safe: set BACKLOT_HOME to a local disk";
  if (s.f_type == 0x01021994) advice = "what is kept here is gone after a restart of the machine";
  return {"file system", kind->second.name, advice};
}

HealthCheck space_check(const std::string& folder) {
  struct statvfs s {};
  if (statvfs(folder.c_str(), &s)) return {"free space", "unknown", ""};
  std::uint64_t free = std::uint64_t{s.f_bavail} * s.f_frsize;
  constexpr std::uint64_t little = 1 << 30;
  return {"free space", bytes_text(free), free < little ? "little space is left: `backlot gc`, or a larger disk" : ""};
}

HealthCheck inodes_check(const std::string& folder) {
  struct statvfs s {};
  if (statvfs(folder.c_str(), &s) || s.f_files == 0) return {"free inodes", "not limited", ""};
  return {"free inodes", std::to_string(s.f_favail), s.f_favail < 10'000 ? "few are left: `backlot gc`" : ""};
}

HealthCheck limit_check(const char* name, __rlimit_resource resource, rlim_t wanted, const char* advice) {
  rlimit limit{};
  getrlimit(resource, &limit);
  if (limit.rlim_cur == RLIM_INFINITY) return {name, "not limited", ""};
  return {name, std::to_string(limit.rlim_cur), limit.rlim_cur < wanted ? advice : ""};
}

HealthCheck machine_check() {
  utsname name{};
  uname(&name);
  std::uint64_t memory =
      static_cast<std::uint64_t>(sysconf(_SC_PHYS_PAGES)) * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
  return {"machine",
          std::string(name.sysname) + " " + name.release + " " + name.machine + ", " +
              std::to_string(std::thread::hardware_concurrency()) + " cores, " + bytes_text(memory) + " memory",
          ""};
}

HealthCheck graphviz_check() {
  std::istringstream path(std::getenv("PATH") ? std::getenv("PATH") : "");
  for (std::string folder; std::getline(path, folder, ':');) {
    if (access((folder + "/dot").c_str(), X_OK) == 0) return {"graphviz", folder + "/dot", ""};
  }
  return {"graphviz", "not installed", "`graph --format svg` needs it; text, dot and mermaid do not"};
}

}  // namespace

std::string version() { return BACKLOT_VERSION; }

std::vector<HealthCheck> doctor(const Home& home) {
  std::string folder = existing(home.root);
  return {{"version", version(), ""},
          machine_check(),
          home_check(home),
          access_check(home),
          file_system_check(folder),
          space_check(folder),
          inodes_check(folder),
          limit_check("open files", RLIMIT_NOFILE, 1024, "`ulimit -n 4096` allows more tasks at once"),
          limit_check("processes", RLIMIT_NPROC, 1024, "`ulimit -u` limits how many tasks can run at once"),
          graphviz_check()};
}

}  // namespace backlot::verbs
