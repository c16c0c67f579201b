// Which series are meant: `http_requests_total{service="cart",region=~"us-.*"}`, as in Prometheus' query language.
#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "backlot/signals/labels.h"

namespace re2 {
class RE2;
}

namespace backlot::signals {

class Selector {
 public:
  /// Throws Error invalid with the place of what is wrong. Regular expressions are RE2's and match whole values.
  explicit Selector(std::string_view text);
  bool matches(const Labels& labels) const;
  /// The labels that it asks to be equal: what names one series when nothing else is in it.
  Labels equal_labels() const;
  /// Nothing but equalities.
  bool names_one() const;
  const std::string& text() const { return text_; }

 private:
  enum class Operation { equal, not_equal, matches, matches_not };
  struct Matcher {
    std::string name;
    Operation operation = Operation::equal;
    std::string value;
    std::shared_ptr<const re2::RE2> pattern;
  };
  std::string text_;
  std::vector<Matcher> matchers_;
};

}  // namespace backlot::signals
