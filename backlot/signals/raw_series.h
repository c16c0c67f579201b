// Samples as they were read, at any times, and how they come onto a grid.
#pragma once
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "backlot/signals/samples.h"

namespace backlot::signals {

struct RawSeries {
  Labels labels;
  Kind kind = Kind::gauge;
  std::vector<Nanos> times;
  std::vector<double> values;  ///< as many; NaN and infinities as the source had them
};

/// By its name, as Prometheus' conventions have it: what ends in _total, _count, _sum or _bucket is a counter.
Kind kind_by_name(std::string_view metric);

/// What was not as it should be, and what was done about it.
struct Irregularities {
  std::size_t unsorted = 0;    ///< samples that stood behind later ones: sorted
  std::size_t duplicates = 0;  ///< several at one time: the last of them counts
  std::size_t crowded = 0;     ///< several in one step: the last of them counts
};

/// Sorts by time; of equal times the last one given counts.
void put_in_order(RawSeries& series, Irregularities& found);

/// The median of the distances between samples, rounded to a whole second where it has one; 0: fewer than two samples.
Nanos step_of(const RawSeries& series);

/// Those in the window: each stands at the beginning of its step. Precondition: in order.
void put_on_grid(const RawSeries& series, Window window, Nanos step, Samples& into, Irregularities& found);

/// One to `weeks` times seven days.
std::vector<Nanos> weeks_back(unsigned weeks);

/// Series in memory, with the weeks before where they reach back so far.
class MemorySource : public SeriesSource {
 public:
  /// Takes over the series. `back`: how long before the window that of each week before began (weeks_back); fewer are
  /// used when no series reaches back so far.
  MemorySource(std::vector<RawSeries> series, Window window, std::vector<Nanos> back);
  std::size_t size() const override { return series_.size(); }
  Labels labels(std::size_t i) const override { return series_[i].labels; }
  unsigned history_weeks() const override { return static_cast<unsigned>(back_.size()); }
  void read(std::size_t i, unsigned week, Samples& into) const override;

  const Irregularities& irregularities() const { return irregularities_; }

 private:
  std::vector<RawSeries> series_;
  std::vector<Nanos> steps_;
  Window window_;
  std::vector<Nanos> back_;
  Irregularities irregularities_;
};

}  // namespace backlot::signals
