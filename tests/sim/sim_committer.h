// The committer of the simulator: the real commit, at a time of the seed's choosing, with those of the deliberate bugs
// that concern committing.
#pragma once
#include <random>

#include "backlot/engine/committer.h"
#include "tests/sim/bugs.h"
#include "tests/sim/sim_time.h"

namespace backlot::sim {

class SimCommitter : public Committer {
 public:
  SimCommitter(SimTime& time, CommitTarget target, Bug bug, std::uint64_t seed)
      : time_(time), target_(std::move(target)), bug_(bug), random_(seed) {}
  void submit(CommitBatch&& batch, std::function<void(CommitResult)> done) override;

 private:
  void sync_too_late(const std::vector<Digest>& names);
  void spoil(Commit& commit);
  std::chrono::nanoseconds some_time() { return std::chrono::microseconds(random_() % 3000); }
  SimTime& time_;
  CommitTarget target_;
  Bug bug_;
  std::mt19937_64 random_;
};

}  // namespace backlot::sim
