// Processes of the simulator: they start late, print, run slowly, crash before, during and after their work, hang until
// they are killed, and lose their runner, as the seed says.
#pragma once
#include <map>
#include <random>

#include "backlot/engine/executor.h"
#include "backlot/flow/flow_code.h"
#include "tests/sim/sim_time.h"

namespace backlot::sim {

struct Fates {
  double crash = 0.05, hang = 0.02, lost = 0.01;  ///< shares of attempts
};

class SimExecutor : public Executor {
 public:
  /// Of what an attempt prints only `most_printed` bytes come through.
  SimExecutor(const FlowCode& flow, SimTime& time, BlobReader& reader, BlobWriter& writer, Fates fates,
              std::uint64_t seed, std::size_t most_printed = SIZE_MAX);
  void set_events(ExecutorEvents* events) override { events_ = events; }
  void launch(Launch&& launch) override;
  void stop(LaunchId id, Stop how) override;

 private:
  struct Process {
    std::string frame;
    bool hangs = false;
    TimerId next = 0;
  };
  void begin(LaunchId id);
  void print(LaunchId id);
  void work(LaunchId id);
  void end(LaunchId id, Exit exit);
  std::chrono::nanoseconds some_time(int at_most_us);
  bool chance(double share);

  const FlowCode& flow_;
  SimTime& time_;
  BlobReader& reader_;
  BlobWriter& writer_;
  Fates fates_;
  std::mt19937_64 random_;
  std::size_t most_printed_;
  ExecutorEvents* events_ = nullptr;
  std::map<LaunchId, Process> processes_;
};

}  // namespace backlot::sim
