// The one job: from an alert to the few series that explain it.
//
// Every candidate is prepared (prepare.h), segmented (change.h) and correlated with the target at every lag
// (lag_screen.h), which leaves a row of it. Rows are compared with the target's onset and with each other: what changed
// with others of a label is rarer by chance than what changed alone. What is left is ranked by an additive score
// (score.h), grouped, and set against every other moment of the same window: when something as good is found at many of
// them, nothing explains the target.
//
// The same report for any number of workers: tiles are fixed, and ties are broken by the candidate's number.
#pragma once
#include <atomic>
#include <optional>

#include "backlot/base/error.h"
#include "backlot/signals/prepare.h"
#include "backlot/signals/replica_groups.h"
#include "backlot/signals/report.h"
#include "backlot/signals/rows.h"

namespace backlot::signals {

struct Target {
  Labels labels;
  Samples samples;
  std::vector<Samples> weeks;  ///< the same civil time before, the last week first
};

struct Options {
  /// When the alert began to be true: the target's onset is looked for at or before it, by no more than `look_back`.
  /// None: in the whole window.
  std::optional<Nanos> alert_at;
  Nanos look_back = hour;
  /// How long before the target's onset a cause may have changed.
  Nanos horizon = 15 * minute;
  /// The longest lag of the screening; at most a third of the window is used.
  Nanos max_lag = 60 * minute;
  std::vector<std::string> volatile_labels = default_volatile_labels();
  std::string service_label = "service";  ///< of the call graph's names
  std::array<Absence, 3> absent_is{};     ///< by Kind
  std::vector<Event> events;
  std::vector<Call> calls;
  std::size_t most_findings = 50;
  unsigned workers = 1;
};

/// Throws Error invalid when the target has too few samples; errors of the source while a candidate is read make that
/// candidate `not_read` and are noted. When `stop` turns true the rest is not read and the report says so.
Report investigate(const Target& target, const SeriesSource& source, const Options& options,
                   const std::atomic<bool>* stop = nullptr);

/// The same in two halves, for many processes: first rows of parts of the replica groups, in any, then the report from
/// all of them in one, with the parts in order. Both read the target, and the second reads what it shows once more.
std::size_t count_replica_groups(const Target& target, const SeriesSource& source, const Options& options);
FirstPass investigate_part(const Target& target, const SeriesSource& source, const Options& options, std::size_t begin,
                           std::size_t end, const std::atomic<bool>* stop = nullptr);
Report conclude(const Target& target, const SeriesSource& source, const Options& options, FirstPass rows);

/// All that is wrong with a request.
std::vector<Diagnostic> diagnose(const Target& target, const SeriesSource& source, const Options& options);

}  // namespace backlot::signals
