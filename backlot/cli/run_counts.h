// How many tasks of each step there are and how they are getting on, as far as a run has told.
#pragma once
#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "backlot/verbs/run.h"

namespace backlot::cli {

struct StepCount {
  std::uint64_t total = 0;  ///< that are known of; in a foreach, once it has opened, all
  std::uint64_t running = 0, done = 0, failed = 0;
  bool total_is_known = false;
  double share = -1;           ///< what the task that told last says of its progress, 0 to 1; negative: nothing
  std::string note{};          ///< and what with
  std::int64_t retry_in = -1;  ///< seconds until a task that waits is tried again; negative: none waits
};

/// Counts, whatever it is shown as.
class RunCounts : public verbs::RunWatcher {
 public:
  void on_run(std::string_view flow, std::int64_t run_id, std::int64_t origin, const Graph& graph) override;
  void on_fan_out(NodeId fan_out, std::uint64_t count) override;
  void on_task(const TaskEvent& event) override;
  void on_progress(std::string_view step, std::int64_t number, double share, std::string_view note) override;

 protected:
  const Graph& graph() const { return *graph_; }
  const Node& node(NodeId id) const { return graph_->node(id); }
  const std::string& title() const { return title_; }             ///< "Flow/run"
  const std::vector<StepCount>& steps() const { return steps_; }  ///< by node
  /// Brings `retry_in` of the steps up to date.
  void count_down();
  const StepCount& count(NodeId id) const { return steps_[id.index()]; }

 private:
  std::string title_;
  const Graph* graph_ = nullptr;
  std::vector<StepCount> steps_;
  struct Wait {
    NodeId node;
    std::chrono::steady_clock::time_point until;
  };
  std::map<std::int64_t, Wait> waits_;  ///< of the tasks that are tried again, by number
};

}  // namespace backlot::cli
