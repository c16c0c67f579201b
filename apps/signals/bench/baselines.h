// What is commonly done instead, on the same incidents: the yardstick must be too hard for it.
#pragma once
#include "apps/signals/bench/incidents.h"

namespace backlot::signals::incidents {

/// All series in memory, as a source that was fetched: making them is not what is measured.
class Fetched : public SeriesSource {
 public:
  explicit Fetched(const Incident& incident) : incident_(incident), weeks_(incident.history_weeks()) {
    samples_.resize(incident.size() * (weeks_ + 1));
    for (std::size_t i = 0; i < incident.size(); ++i)
      for (unsigned week = 0; week <= weeks_; ++week) incident.read(i, week, samples_[i * (weeks_ + 1) + week]);
  }
  std::size_t size() const override { return incident_.size(); }
  Labels labels(std::size_t i) const override { return incident_.labels(i); }
  unsigned history_weeks() const override { return weeks_; }
  void read(std::size_t i, unsigned week, Samples& into) const override { into = samples_[i * (weeks_ + 1) + week]; }
  const Samples& at(std::size_t i) const { return samples_[i * (weeks_ + 1)]; }

 private:
  const Incident& incident_;
  unsigned weeks_;
  std::vector<Samples> samples_;
};

/// Whether a planted series is among the ten of the largest |r| with the target over the whole window, of those above
/// `least`.
bool correlation_hits(const Incident& incident, const Fetched& source, const Samples& target, double least);

/// Whether one is among the ten with the largest deviation after the onset, in robust units of the time before: the
/// score of BARO (Pham 2024), told the onset.
bool robust_hits(const Incident& incident, const Fetched& source);

}  // namespace backlot::signals::incidents
