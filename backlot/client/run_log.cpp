#include "backlot/client/run_log.h"

namespace backlot::client {

std::optional<LogReader> log_of(Connection& home, RunKey run) {
  if (auto row = home.catalog().run(run)) return LogReader(home.files(), home.home().log(row->flow, row->run_id));
  auto folder = home.catalog().note(log_note(run));
  if (!folder) return std::nullopt;
  return LogReader(home.files(), home.home().runs() + "/" + *folder + "/log");
}

std::string log_note(RunKey run) { return "log of run " + std::to_string(run.value()); }

}  // namespace backlot::client
