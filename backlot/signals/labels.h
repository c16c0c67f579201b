// What a series is called: names and values, as Prometheus has them; the metric's name is the label "__name__".
#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace backlot::signals {

inline constexpr std::string_view metric_label = "__name__";

class Labels {
 public:
  Labels() = default;
  /// In any order. Throws Error invalid when a name stands twice or is empty.
  explicit Labels(std::vector<std::pair<std::string, std::string>> pairs);

  /// Empty when there is none: as in Prometheus, an absent label is an empty one.
  std::string_view value(std::string_view name) const;
  std::string_view metric() const { return value(metric_label); }
  /// Sorted by name.
  const std::vector<std::pair<std::string, std::string>>& pairs() const { return pairs_; }
  /// `cpu_seconds{pod="a",zone="b"}`: what a query language reads, with `"`, `\` and line breaks escaped.
  std::string text() const;
  /// Without these.
  Labels without(const std::vector<std::string>& names) const;

  auto operator<=>(const Labels&) const = default;

 private:
  std::vector<std::pair<std::string, std::string>> pairs_;
};

}  // namespace backlot::signals
