#include "backlot/cli/installed_programs.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <sstream>

#include "backlot/base/error.h"
#include "backlot/cli/become.h"

namespace backlot::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view prefix = "backlot-", suffix = ".json";
constexpr std::size_t most_description_bytes = 1 << 16;

/// Always a path: PATH is not looked at.
[[noreturn]] void become_program(const fs::path& program, const std::vector<std::string>& words) {
  std::vector<std::string> all{program};
  all.insert(all.end(), words.begin(), words.end());
  become(std::move(all));
}

void read_description(const fs::path& file, Domain& domain) {
  std::ifstream in(file, std::ios::binary);
  std::string text(most_description_bytes, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  try {
    const auto json = nlohmann::json::parse(text);
    const int protocol = json.at("protocol");
    if (protocol != domain_protocol) {
      domain.trouble = "speaks protocol " + std::to_string(protocol) + ", and this program " +
                       std::to_string(domain_protocol) + ": install it for this version of Backlot";
      return;
    }
    domain.help = json.at("help");
    domain.verbs = json.at("verbs").get<std::vector<std::string>>();
  } catch (const nlohmann::json::exception&) {
    domain.trouble = "its description cannot be read: " + file.string();
    return;
  }
  if (access(domain.program.c_str(), X_OK) != 0) domain.trouble = "there is no program " + domain.program.string();
}

/// What a description's file is called after: "signals" of "backlot-signals.json"; empty: it is none.
std::string domain_name(const std::string& file) {
  if (!file.starts_with(prefix) || !file.ends_with(suffix) || file.size() <= prefix.size() + suffix.size()) return {};
  return file.substr(prefix.size(), file.size() - prefix.size() - suffix.size());
}

}  // namespace

InstalledPrograms::InstalledPrograms(const std::string& libexec) {
  std::error_code ignored;
  const fs::path bin = fs::read_symlink("/proc/self/exe", ignored).parent_path();
  // A flow's program may lie in /tmp/build, where anybody makes /tmp/libexec.
  if (!libexec.empty())
    folders_.emplace_back(libexec);
  else if (!bin.empty())
    folders_.push_back((bin / "../libexec/backlot").lexically_normal());
  const char* plugins = std::getenv("BACKLOT_PLUGINS");
  std::istringstream list(plugins ? plugins : "");
  for (std::string folder; std::getline(list, folder, ':');)
    if (folder.starts_with('/')) folders_.emplace_back(folder);
}

std::vector<Domain> InstalledPrograms::domains() const {
  std::vector<Domain> found;
  for (const fs::path& folder : folders_) {
    std::error_code absent;
    for (fs::directory_iterator at(folder, absent), end; at != end; at.increment(absent)) {
      const fs::path& file = at->path();
      Domain domain{domain_name(file.filename()), {}, {}, {}, {}};
      auto is_same = [&](const Domain& other) { return other.name == domain.name; };
      if (domain.name.empty() || std::any_of(found.begin(), found.end(), is_same)) continue;
      domain.program = folder / (std::string(prefix) + domain.name);
      read_description(file, domain);
      found.push_back(std::move(domain));
    }
  }
  std::sort(found.begin(), found.end(), [](const Domain& a, const Domain& b) { return a.name < b.name; });
  return found;
}

void InstalledPrograms::become(const Domain& domain, const std::vector<std::string>& words) {
  if (!domain.trouble.empty()) throw Error(ErrorCode::unsupported, domain.trouble).in(domain.name);
  setenv(domain_protocol_variable, std::to_string(domain_protocol).c_str(), 1);
  become_program(domain.program, words);
}

void InstalledPrograms::become_server(const std::vector<std::string>& words) const {
  std::string looked;
  for (const fs::path& folder : folders_) {
    const fs::path program = folder / "backlot-server";
    if (access(program.c_str(), X_OK) == 0) become_program(program, words);
    looked += (looked.empty() ? "" : ", ") + folder.string();
  }
  throw Error(ErrorCode::not_found, "the program backlot-server is not installed in " + looked,
              "use `backlot` of an installation (./dev install PREFIX), or set BACKLOT_PLUGINS to its folder "
              "PREFIX/libexec/backlot");
}

}  // namespace backlot::cli
