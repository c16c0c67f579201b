// The code that a run was made with, started again: the binary itself, or the Python file with the interpreter that ran
// it. Kept once per hash.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "backlot/client/client.h"

namespace backlot {

/// What a Python file needs besides itself; kept in a note of the catalog under the hash of the file.
struct ScriptNote {
  std::string interpreter, script;  ///< absolute paths
  std::string directory;            ///< where it was run
  std::string python_path;          ///< $PYTHONPATH then
};
/// Does nothing when that is noted already.
void note_script(Catalog& catalog, const std::string& code, const ScriptNote& note);

/// A command that resumes a run with its own code.
struct StoredCommand {
  std::vector<std::string> words;                                ///< words[0]: an absolute path
  std::vector<std::pair<std::string, std::string>> environment;  ///< to be set besides
  std::string directory;                                         ///< to run in; empty: anywhere
};

/// `step`: run it and what follows again; empty: what did not finish. Writes the code out to the home's folder of
/// programs when it is not there. Throws Error not_found when the code was not kept.
StoredCommand resume_command(const client::Client& client, const client::Run& run, const std::string& step);

}  // namespace backlot
