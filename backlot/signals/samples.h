// The samples of one series on its own grid. A missing sample has a reason and no value: it is never filled in.
#pragma once
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "backlot/signals/labels.h"
#include "backlot/signals/time_grid.h"

namespace backlot::signals {

/// What a series' numbers are.
enum class Kind : std::uint8_t {
  gauge,    ///< any number
  counter,  ///< grows; falls only when it is reset
  count,    ///< how many in each step: what a counter's increments are
};
std::string_view name_of(Kind kind);

/// Why there is no value at a place.
enum class Missing : std::uint8_t {
  no = 0,    ///< there is one
  absent,    ///< nothing was scraped
  stale,     ///< the source said that the series has ended here: evidence of its death
  nan,       ///< the source said "not a number"
  infinite,  ///< the source said an infinity
  reset,     ///< a counter was reset here: the increment is not known
};
inline constexpr int missing_count = 6;
std::string_view name_of(Missing reason);

struct Samples {
  Kind kind = Kind::gauge;
  std::string unit;
  TimeGrid grid;
  std::vector<double> values;    ///< NaN where missing
  std::vector<Missing> missing;  ///< as many

  /// All of them missing.
  void assign(const TimeGrid& on);
  /// Infinities and NaN become missing with that reason.
  void set(std::uint32_t i, double value);
  void lose(std::uint32_t i, Missing reason) {
    values[i] = std::numeric_limits<double>::quiet_NaN();
    missing[i] = reason;
  }
  bool has(std::uint32_t i) const { return missing[i] == Missing::no; }
};

/// Where series come from, read one by one so that a hundred thousand need no memory. Reading is safe from several
/// threads, and gives the same each time.
class SeriesSource {
 public:
  virtual ~SeriesSource() = default;
  virtual std::size_t size() const = 0;
  virtual Labels labels(std::size_t i) const = 0;
  /// The query that gives this series; empty: its labels, or a counter's rate.
  virtual std::string query(std::size_t) const { return {}; }
  /// Of the last so many weeks there are samples at the same civil time.
  virtual unsigned history_weeks() const { return 0; }
  /// `week` 0 is the window itself, 1 the same one a week before. Throws Error of whatever the source is.
  virtual void read(std::size_t i, unsigned week, Samples& into) const = 0;
};

}  // namespace backlot::signals
