#include "backlot/signals/co_occurrence.h"

#include <algorithm>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>
#include <set>
#include <tuple>

namespace backlot::signals {

double surprise(double count, double expected) {
  if (count <= 0) return 0;
  if (expected <= 0) return 300;
  const double chance = boost::math::gamma_p(count, expected);
  return chance > 0 ? std::min(300.0, -std::log10(chance)) : 300;
}

namespace {

/// What a series is about: all its labels but the name.
std::string thing_of(const Labels& labels) {
  std::string thing;
  for (const auto& [name, value] : labels.pairs())
    if (name != metric_label) thing += name + '=' + value + '\n';
  return thing;
}

}  // namespace

CoOccurrence::CoOccurrence(const std::vector<Row>& rows, const std::vector<Labels>& labels, Window window)
    : rows_(rows.size()), duration_(static_cast<double>(window.end - window.begin)), of_row_(rows.size()) {
  std::map<std::pair<std::string, std::string>, std::uint32_t> known;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (const auto& pair : labels[i].pairs()) {
      auto [at, is_new] = known.emplace(pair, static_cast<std::uint32_t>(labels_.size()));
      if (is_new) labels_.push_back({pair.first, pair.second, 0, {}, {}});
      of_row_[i].push_back(at->second);
      ++labels_[at->second].count;
    }
  }
  for (auto& of_row : of_row_)
    std::erase_if(of_row, [&](std::uint32_t l) { return labels_[l].count < 2 || labels_[l].count * 2 > rows_; });
  std::set<std::tuple<std::string, Happening, Nanos>> lived;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (const Moment& moment : rows[i].moments) {
      const bool is_life = moment.happening == Happening::born || moment.happening == Happening::died;
      if (is_life && !lived.emplace(thing_of(labels[i]), moment.happening, moment.onset.at).second) continue;
      onsets_.push_back(moment.onset.at);
      for (std::uint32_t l : of_row_[i]) labels_[l].onsets.push_back(moment.onset.at);
    }
  }
  std::sort(onsets_.begin(), onsets_.end());
  for (Label& label : labels_) {
    std::sort(label.onsets.begin(), label.onsets.end());
    label.companions.push_back(0);
    for (Nanos at : label.onsets)
      label.companions.push_back(label.companions.back() + within(label.onsets, at - minute, at + minute) - 1);
  }
}

std::size_t CoOccurrence::within(const std::vector<Nanos>& onsets, Nanos low, Nanos high) {
  return static_cast<std::size_t>(std::upper_bound(onsets.begin(), onsets.end(), high) -
                                  std::lower_bound(onsets.begin(), onsets.end(), low));
}

/// How many of a label's series change at once when one does, at other times than around `at`: 1 when each changes for
/// itself. A few clusters among few changes are not yet a habit, hence the twenty that are thought to be alone.
double CoOccurrence::clustering(const Label& label, Nanos at) const {
  constexpr double alone = 20;
  constexpr Nanos around = 15 * minute;
  const auto begin = std::lower_bound(label.onsets.begin(), label.onsets.end(), at - around) - label.onsets.begin();
  const auto end = std::upper_bound(label.onsets.begin(), label.onsets.end(), at + around) - label.onsets.begin();
  const std::size_t near =
      label.companions[static_cast<std::size_t>(end)] - label.companions[static_cast<std::size_t>(begin)];
  const double others = static_cast<double>(label.onsets.size()) - static_cast<double>(end - begin);
  const double by_chance = others * others * static_cast<double>(2 * minute) / duration_;
  const double together = static_cast<double>(label.companions.back() - near);
  return 1 + std::max(0.0, together - by_chance) / (others + alone);
}

CoOccurrence::Together CoOccurrence::of(std::size_t row, const Onset& onset) const {
  const Nanos low = onset.at - minute, high = onset.at + minute;
  const std::size_t all = within(onsets_, low, high);
  Together best;
  for (std::uint32_t l : of_row_[row]) {
    const Label& label = labels_[l];
    const std::size_t here = within(label.onsets, low, high);
    if (here < 2) continue;
    // Itself apart, against how often all others change at that time and how often these do at any; one in a thousand
    // at least.
    const double others = static_cast<double>(all - here) + 1;
    const double rate = std::max(others / static_cast<double>(rows_), 1e-3);
    const double usual = static_cast<double>(label.onsets.size() - here) * static_cast<double>(high - low) / duration_;
    const double expected = std::max(rate * static_cast<double>(label.count - 1), usual);
    const double many = clustering(label, onset.at);
    const double evidence = surprise(static_cast<double>(here - 1) / many, expected / many) -
                            std::log10(static_cast<double>(of_row_[row].size()));
    if (evidence <= best.evidence) continue;
    best.evidence = evidence;
    best.shared = {label.name, label.value, here, label.count, static_cast<double>(all) / static_cast<double>(rows_)};
  }
  return best;
}

std::vector<Shared> CoOccurrence::shared_by(const std::vector<std::size_t>& members) const {
  std::map<std::uint32_t, std::size_t> counts;
  for (std::size_t i : members)
    for (std::uint32_t l : of_row_[i]) ++counts[l];
  struct Found {
    double evidence;
    Shared shared;
  };
  std::vector<Found> found;
  for (const auto& [l, count] : counts) {
    if (count < 2) continue;
    const Label& label = labels_[l];
    const double base = static_cast<double>(label.count) / static_cast<double>(rows_);
    found.push_back({surprise(static_cast<double>(count), base * static_cast<double>(members.size())),
                     {label.name, label.value, count, members.size(), base}});
  }
  std::stable_sort(found.begin(), found.end(), [](const Found& a, const Found& b) { return a.evidence > b.evidence; });
  std::vector<Shared> shared;
  for (const Found& f : found)
    if (f.evidence >= 2 && shared.size() < 3) shared.push_back(f.shared);
  return shared;
}

}  // namespace backlot::signals
