// Incidents that never happened, with the truth known: the yardstick of `investigate`. A graph of services, each with
// metrics of every kind; a daily cycle that all share; changes that mean nothing; series that follow the target;
// deploys, pods that come and go, counters, gaps, mixed steps, sparse errors; and, in some, a cause that is among the
// series and cascades up to the target. Changing what is made here changes every figure that was measured with it:
// publish them all again.
#pragma once
#include <cstdint>
#include <random>

#include "backlot/signals/context.h"
#include "backlot/signals/samples.h"

namespace backlot::signals::incidents {

struct Options {
  std::uint64_t seed = 1;
  std::uint32_t candidates = 10'000, services = 200;
  std::uint32_t minutes = 1440;     ///< of the window
  std::uint32_t points_after = 30;  ///< minutes of it from the target's onset on
  double shift = 6;                 ///< of what is planted, in standard deviations of its noise: at least
  bool has_cause = true;            ///< false: the target changes for a reason that is not among the series
  unsigned history_weeks = 4;
};

/// A change of level from `from` to `until`, in standard deviations of the noise.
struct Shift {
  Nanos from = 0, until = 0, ramp = 0;
  double size = 0;
};

/// How one series is made.
struct Plan {
  enum class Shape : std::uint8_t { load, latency, plain, drift, sparse, flat, cron };
  Shape shape = Shape::plain;
  Kind kind = Kind::gauge;
  std::uint32_t service = 0, slot = 0;
  std::string pod;
  Nanos step = minute, born = 0, died = 0;  ///< 0: as long as the window, and before it
  double base = 0, sigma = 1, phi = 0, cycle = 0, phase = 0, gaps = 0;
  std::vector<Shift> shifts;
};

class Incident : public SeriesSource {
 public:
  explicit Incident(const Options& options);

  std::size_t size() const override { return plans_.size(); }
  Labels labels(std::size_t i) const override;
  unsigned history_weeks() const override { return options_.history_weeks; }
  void read(std::size_t i, unsigned week, Samples& into) const override;

  Labels target_labels() const;
  void read_target(unsigned week, Samples& into) const;
  Window window() const { return window_; }
  /// Of the target.
  Nanos onset() const { return onset_; }
  /// The series that the cause was planted in; empty when there is none.
  const std::vector<std::size_t>& planted() const { return planted_; }
  /// Those of other services that changed because of it, on the way up to the target.
  const std::vector<std::size_t>& cascade() const { return cascade_; }
  const std::vector<Event>& events() const { return events_; }
  std::vector<Call> calls() const;
  const Plan& plan(std::size_t i) const { return plans_[i]; }

 private:
  using Random = std::mt19937_64;
  void make_services(Random& random);
  void make_series(Random& random);
  void add_plan(Random& random, std::uint32_t service, std::uint32_t slot);
  void change_for_nothing(Random& random);
  void deploy(Random& random);
  void plant(Random& random);
  void mirror(Random& random);
  void shift_some(Random& random, std::uint32_t service, Nanos at, int count, double least, double most,
                  std::vector<std::size_t>& shifted);
  double cycle_at(Nanos t, double phase) const;
  double level_at(const Plan& plan, Nanos t) const;
  void write(const Plan& plan, std::uint64_t number, unsigned week, Samples& into) const;

  Options options_;
  Window window_;
  Nanos onset_ = 0;
  std::vector<std::uint32_t> regions_;                // of each service
  std::vector<std::vector<std::uint32_t>> callers_;   // of each service
  std::vector<std::vector<std::size_t>> of_service_;  // its series
  std::vector<Plan> plans_;
  Plan target_;
  std::vector<std::size_t> planted_, cascade_;
  std::vector<Event> events_;
};

}  // namespace backlot::signals::incidents
