#include "backlot/verbs/lost_run.h"

#include "backlot/base/durable_folder.h"
#include "backlot/base/identity.h"
#include "backlot/client/connection.h"
#include "backlot/client/lease_probe.h"

namespace backlot::verbs {

bool is_live(const client::Client& client, const RunRow& run) {
  return client::is_held(client.home(), run, client.now());
}

void end_lost_run(const client::Client& client, const RunRow& run, RunState state, const std::string& why) {
  constexpr std::size_t rows_at_once = 1000;
  client::Connection& home = *opened(client);
  make_durable_folder(home.files(), client.home().run(run.flow, run.run_id));
  auto lock = home.files().try_lock(client.home().lease(run.flow, run.run_id));
  if (!lock) throw Error(ErrorCode::conflict, address(run) + " is still running", "`cancel` it");
  const Micros now = home.clock().now();
  Commit end;
  end.lease = home.catalog().take_lease(run.key, lease_owner(), now);
  end.now = now;
  for (std::int64_t after = 0;;) {
    std::vector<TaskRow> page = home.catalog().tasks(run.key, "", after, rows_at_once);
    if (page.empty()) break;
    after = page.back().number;
    for (TaskRow& task : page) {
      if (task.state != TaskState::ready && task.state != TaskState::running) continue;
      task.state = TaskState::cancelled;
      task.waiting.clear();
      end.tasks.push_back(std::move(task));
    }
  }
  end.run_state = state;
  end.run_failure = why;
  home.catalog().commit(end);
}

}  // namespace backlot::verbs
