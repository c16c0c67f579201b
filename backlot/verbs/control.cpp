#include "backlot/verbs/control.h"

#include <algorithm>

#include "backlot/base/identity.h"
#include "backlot/client/connection.h"
#include "backlot/verbs/lost_run.h"

namespace backlot::verbs {
namespace {

using client::Client;
using client::Run;
using client::RunStatus;

void request(const Client& client, const Run& run, std::string kind, std::string argument) {
  ControlRequest r;
  r.run = run.key();
  r.kind = std::move(kind);
  r.argument = std::move(argument);
  r.user = current_user();
  r.time = client.now();
  opened(client)->catalog().request(r);
}

void check_tag(const std::string& tag) {
  constexpr std::size_t longest = 128;
  bool control = std::any_of(tag.begin(), tag.end(), [](unsigned char c) { return c < ' ' || c == 0x7f; });
  if (tag.empty()) throw Error(ErrorCode::usage, "a tag is empty");
  if (control) throw Error(ErrorCode::usage, "a tag holds a control character");
  if (tag.size() > longest) throw Error(ErrorCode::usage, "a tag is longer than 128 bytes: " + tag.substr(0, 40) + "…");
}

void require_one_run(const Pathspec& spec, const char* verb) {
  if (spec.step.empty()) return;
  throw Error(ErrorCode::usage, spec.text() + ": only a whole run can be " + verb, "such as " + spec.flow + "/last");
}

}  // namespace

Done cancel(const Client& client, const Pathspec& spec) {
  require_one_run(spec, "cancelled");
  Run run = client.run(spec);
  RunStatus status = run.status();
  if (status == RunStatus::lost) {  // nobody would take the request
    end_lost_run(client, run.row(), RunState::cancelled, "cancelled by " + current_user());
    return Done::now;
  }
  if (status != RunStatus::running) {
    throw Error(ErrorCode::conflict, run.pathspec() + " has already ended: " + std::string(name_of(status)));
  }
  request(client, run, "cancel", "");
  return Done::requested;
}

Done tag(const Client& client, const Pathspec& spec, const std::vector<std::string>& add,
         const std::vector<std::string>& remove) {
  require_one_run(spec, "tagged");
  std::for_each(add.begin(), add.end(), check_tag);
  Run run = client.run(spec);
  if (run.status() != RunStatus::running) {
    opened(client)->catalog().set_tags(run.key(), add, remove);
    return Done::now;
  }
  for (const std::string& t : add) request(client, run, "tag", t);
  for (const std::string& t : remove) request(client, run, "untag", t);
  return Done::requested;
}

}  // namespace backlot::verbs
