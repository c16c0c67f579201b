// Who changed together: what many series with the same label do at the same time is rarer by chance than what one does.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "backlot/signals/report.h"
#include "backlot/signals/rows.h"

namespace backlot::signals {

class CoOccurrence {
 public:
  /// `labels[i]` are those of rows[i]. Labels that more than half of all have, or that only one has, tell nothing.
  CoOccurrence(const std::vector<Row>& rows, const std::vector<Labels>& labels, Window window);

  struct Together {
    double evidence = 0;  ///< -log10 of the chance that so many of the label's series change then, all labels tried
    Shared shared;        ///< the label for which that is most
  };
  /// Of a row that changed at `onset`: with those of the same label that changed within a step of it.
  Together of(std::size_t row, const Onset& onset) const;

  /// What `members` share that is rarer among all, the most telling first: at most three.
  std::vector<Shared> shared_by(const std::vector<std::size_t>& members) const;

 private:
  struct Label {
    std::string name, value;
    std::size_t count = 0;
    std::vector<Nanos> onsets;  // of its rows' changes, sorted
    std::vector<std::size_t>
        companions;  // [i]: how many others of onsets there are around each of the first i, together
  };
  double clustering(const Label& label, Nanos at) const;
  static std::size_t within(const std::vector<Nanos>& onsets, Nanos low, Nanos high);

  std::size_t rows_ = 0;
  double duration_ = 0;  // of the window
  std::vector<Label> labels_;
  std::vector<std::vector<std::uint32_t>> of_row_;
  std::vector<Nanos> onsets_;  // of all changes, sorted
};

/// -log10 of the chance of `count` or more where `expected` are: of a Poisson distribution, to 300 at most.
double surprise(double count, double expected);

}  // namespace backlot::signals
