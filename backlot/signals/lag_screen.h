// The correlation of one target with many candidates at every lag: the kernel that all candidates go through.
//
// Pearson's r of x[t] and y[t + lag] over the t where both are there, exact for each overlap: means and variances are
// those of the samples that meet at that lag. A positive lag says that the candidate leads. Products are summed in
// single precision, after centring in double: |r| differs from that in double precision by less than 1e-5
// (lag_screen_test measures it), so what is printed is computed anew (exact_correlation).
//
// The dense part, 2 T (2 max_lag + 1) operations a candidate, is done for several candidates at once from registers;
// what gaps change is taken from the few places that are missing.
#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace backlot::signals {

struct LagCorrelation {
  double r = 0;          ///< 0 when nothing can be said: too few samples meet, or one does not move
  std::int32_t lag = 0;  ///< in samples; of the largest |r|, of equal ones the shortest lag, then the leading one
};

/// The samples of a series; NaN where they are missing.
using Values = std::span<const double>;

class LagScreen {
 public:
  /// `least`: how many samples must meet, at least. Precondition: max_lag < samples.
  LagScreen(Values target, std::uint32_t max_lag, std::uint32_t least = 10);

  /// The best of each candidate; all are on the target's grid.
  void best(std::span<const Values> candidates, std::span<LagCorrelation> into) const;
  /// r at every lag from -max_lag on; NaN where nothing can be said.
  std::vector<float> all(Values candidate) const;

  static constexpr std::uint32_t block = 8;  ///< so many candidates at once are as fast as it gets

 private:
  struct Room;
  struct CentredTarget;
  void correlate(std::span<const Values> candidates, Room& room) const;
  void meet(std::uint32_t k, Room& room) const;

  std::uint32_t count_, max_lag_, lags_, width_, least_;
  std::shared_ptr<const CentredTarget> target_;
};

/// Pearson's r of x[t] and y[t + lag] in double precision; NaN when fewer than 3 meet or one does not move.
double exact_correlation(Values x, Values y, std::int32_t lag);

}  // namespace backlot::signals
