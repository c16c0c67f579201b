#include "backlot/verbs/stored_code.h"

#include <unistd.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "backlot/client/connection.h"
#include "backlot/verbs/code_blob.h"

namespace backlot {
namespace {

using Json = nlohmann::json;

std::string script_note_key(const std::string& code) { return "script " + code; }

/// The note of a run's Python file; empty: it is a binary.
std::optional<ScriptNote> script_of(const RunRow& run, Catalog& catalog) {
  auto text = catalog.note(script_note_key(run.code));
  if (!text) return std::nullopt;
  Json json = Json::parse(*text, nullptr, false);
  if (!json.is_object()) return std::nullopt;
  return ScriptNote{json.value("interpreter", ""), json.value("script", ""), json.value("directory", ""),
                    json.value("python_path", "")};
}

/// In a folder of its own under its own name, which tracebacks and the flow's help show.
std::string script_file(const std::string& program, const ScriptNote& note) {
  namespace fs = std::filesystem;
  fs::path folder = program + ".script";
  fs::path file = folder / fs::path(note.script).filename();
  fs::create_directories(folder);
  if (!fs::exists(file)) {
    fs::path fresh = file.string() + "." + std::to_string(getpid());
    fs::copy_file(program, fresh, fs::copy_options::overwrite_existing);
    fs::rename(fresh, file);
  }
  return file;
}

StoredCommand python_command(const ScriptNote& note, const std::string& program, const RunRow& run,
                             const std::string& step) {
  StoredCommand command{{note.interpreter, script_file(program, note), "--quiet", "resume"}, {}, note.directory};
  if (!step.empty()) command.words.push_back(step);
  command.words.insert(command.words.end(), {"--origin-run-id", std::to_string(run.run_id)});
  // Modules that lay beside the file are found where they were.
  std::string path = std::filesystem::path(note.script).parent_path();
  if (!note.python_path.empty()) path += ":" + note.python_path;
  command.environment.emplace_back("PYTHONPATH", path);
  return command;
}

}  // namespace

void note_script(Catalog& catalog, const std::string& code, const ScriptNote& note) {
  std::string text = Json{
      {"interpreter", note.interpreter},
      {"script", note.script},
      {"directory", note.directory},
      {"python_path",
       note.python_path}}.dump(-1, ' ', false, Json::error_handler_t::replace);
  if (code.empty() || catalog.note(script_note_key(code)) == text) return;
  catalog.set_note(script_note_key(code), text);
}

StoredCommand resume_command(const client::Client& client, const client::Run& run, const std::string& step) {
  if (!step.empty() && run.graph().find(step) == no_node)
    throw Error(ErrorCode::not_found, run.pathspec() + " has no step \"" + step + "\"");
  client::Connection& home = *opened(client);
  std::string program = program_of(run.row(), home.home(), home.store());
  StoredCommand command;
  if (auto script = script_of(run.row(), home.catalog())) {
    command = python_command(*script, program, run.row(), step);
  } else {
    command.words = {program, "resume", run.row().flow};
    if (!step.empty()) command.words.push_back(step);
    command.words.insert(command.words.end(), {"--origin-run", std::to_string(run.row().run_id), "--quiet"});
  }
  command.environment.emplace_back("BACKLOT_HOME", home.home().root);
  return command;
}

}  // namespace backlot
