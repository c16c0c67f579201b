// Histograms of Prometheus' kind, a counter for each bucket, as the three series that say something: how many in a
// second, and the median and the 99th percentile of each step.
#pragma once
#include <vector>

#include "backlot/signals/samples.h"

namespace backlot::signals {

/// A source as it is, but for series x_bucket{le="…"}: those that differ in `le` alone become x_rate, x_p50 and x_p99.
/// Quantiles are interpolated within their bucket, as histogram_quantile does; in the last one they are its lower end.
/// A step without observations has no quantile. Where a bucket's increment is not known, nor is the step.
class FoldedHistograms : public SeriesSource {
 public:
  /// `source` must outlive it.
  explicit FoldedHistograms(const SeriesSource& source);
  std::size_t size() const override { return plain_.size() + 3 * sets_.size(); }
  Labels labels(std::size_t i) const override;
  std::string query(std::size_t i) const override;
  unsigned history_weeks() const override { return source_.history_weeks(); }
  void read(std::size_t i, unsigned week, Samples& into) const override;

 private:
  struct Set {
    Labels labels;                                        // without `le`
    std::vector<std::pair<double, std::size_t>> buckets;  // upper end and series, by their ends
  };
  const SeriesSource& source_;
  std::vector<std::size_t> plain_;
  std::vector<Set> sets_;
};

}  // namespace backlot::signals
