// Programs that come with this one and that it becomes: the server, and one for each domain. They lie in our libexec
// folder or in a folder that BACKLOT_PLUGINS names. PATH is not searched: a verb must not run what anybody put there.
#pragma once
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace backlot::cli {

/// How `backlot` and the program of a domain speak with each other: its words, exit codes, and what describes it.
/// Another number is refused by both.
inline constexpr int domain_protocol = 1;
inline constexpr const char* domain_protocol_variable = "BACKLOT_DOMAIN_PROTOCOL";

/// A domain that is installed: what its description says (docs/formats/domain.md). Nothing is run to know it.
struct Domain {
  std::string name;  ///< "signals", as in `backlot signals VERB`
  std::string help;  ///< one line
  std::vector<std::string> verbs;
  std::filesystem::path program;
  std::string trouble;  ///< why it cannot be used; empty: it can
};

class InstalledPrograms {
 public:
  /// `libexec`: of the installation that a flow's program was built with; empty: of the one that this program lies in.
  explicit InstalledPrograms(const std::string& libexec);

  /// By name. Of several with one name the first that is found: in our libexec folder, then in the order of
  /// BACKLOT_PLUGINS.
  std::vector<Domain> domains() const;

  /// Replaces this process by the domain's program. Throws Error unsupported when it cannot be used, io.
  [[noreturn]] static void become(const Domain& domain, const std::vector<std::string>& words);
  /// By `backlot-server`. Throws Error not_found, io.
  [[noreturn]] void become_server(const std::vector<std::string>& words) const;

 private:
  std::vector<std::filesystem::path> folders_;
};

}  // namespace backlot::cli
