// What an investigation found: a value that says everything a person or a program is shown.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "backlot/signals/change.h"
#include "backlot/signals/context.h"

namespace backlot::signals {

/// When something changed: at `at`, surely within [low, high].
struct Onset {
  Nanos at = 0, low = 0, high = 0;
  bool operator==(const Onset&) const = default;
};

/// What happened then.
enum class Happening : std::uint8_t {
  level,     ///< another level
  born,      ///< its first sample
  died,      ///< its last sample was the one before
  variance,  ///< it moves more or less around its level
};
std::string_view name_of(Happening happening);

/// What became of each candidate. Every one is in exactly one of these.
enum class Outcome : std::uint8_t {
  set_aside,       ///< the target itself, a part of it, or an alert
  not_read,        ///< the source failed, or the time was up
  insufficient,    ///< too few samples, or steps that do not fit the target's
  flat,            ///< it never moves
  unchanged,       ///< no change of level around the target's onset
  replaced,        ///< a member of something whose pods come and go, which was analysed as a whole
  changed_before,  ///< surely before the target
  changed_with,    ///< at the same time, as far as can be told
  changed_after,   ///< surely after it
};
inline constexpr int outcome_count = 9;
std::string_view name_of(Outcome outcome);

/// One line of a score.
struct Part {
  std::string
      name;  ///< "shift", "onset", "lead", "company" (co-occurrence), "correlation", "quiet", "neighbour", "origin"
  double points = 0;
  std::string why;  ///< "6.2 deviations"
};

/// A candidate that may explain the target.
struct Finding {
  std::size_t row = 0;  ///< ties are broken by it
  Labels labels;
  std::string query;  ///< SeriesSource::query
  std::vector<std::size_t> members;
  Outcome outcome = Outcome::changed_with;  ///< before, with or after
  Happening happening = Happening::level;
  Onset onset;
  double before = 0, after = 0, effect = 0;  ///< as Change has them
  double r = 0;                              ///< Pearson's at the best lag of the whole window, in double precision
  double rho = 0;  ///< Spearman's near that lag, from an hour before the earlier of the two onsets on
  /// The chance that a series that has nothing to do with the target would correlate as well at some lag, both whitened
  /// (lag_null.h), and the false discovery rate of all candidates at it. NaN: too few samples.
  double p = 1, q = 1;
  Nanos lag = 0;   ///< positive: it leads
  Nanos step = 0;  ///< the resolution it was seen at
  bool is_replaced = false, is_rate = false, is_deseasoned = false, is_same = false;
  std::vector<Part> parts;
  double score = 0;  ///< their sum
  Samples chart;     ///< as analysed
};

/// "9 of 12 in us-east-1b, against 31 % of all"
struct Shared {
  std::string label, value;
  std::size_t count = 0, of = 0;
  double base = 0;  ///< the share of all candidates that have it
};

/// Findings that are one thing: they changed at the same time, and share a label or look alike.
struct Group {
  std::vector<std::size_t> findings;  ///< places in Report::findings, best first
  std::vector<Shared> shared;
};

struct RankedEvent {
  Event event;
  Nanos before_onset = 0;  ///< negative: after it
  std::size_t scope = 0;   ///< how many of its labels the best group's members share
};

struct Report {
  struct TargetChange {
    Labels labels;
    Onset onset;
    bool is_clear = false;  ///< false: no change was found, and the alert's start stands for it
    Happening happening = Happening::level;
    double before = 0, after = 0, effect = 0;
    bool is_deseasoned = false;
    Samples chart;
  };
  Window window;
  TargetChange target;
  std::size_t candidates = 0;
  std::array<std::size_t, outcome_count> outcomes{};  ///< their sum is `candidates`
  std::vector<Outcome> of_candidate;                  ///< of each
  bool is_explained = false;
  double chance = 1;              ///< the share of other moments of the window at which something as good was there
  std::vector<Finding> findings;  ///< best first
  std::vector<Group> groups;      ///< best first
  std::vector<RankedEvent> events;
  std::vector<std::string> notes;  ///< what a reader should know: "not deseasonalised: there is no history"
};

}  // namespace backlot::signals
