#include "backlot/signals/labels.h"

#include <algorithm>

#include "backlot/base/error.h"

namespace backlot::signals {
namespace {

std::string quoted(std::string_view value) {
  std::string text = "\"";
  for (char c : value) {
    if (c == '"' || c == '\\') text += '\\';
    c == '\n' ? text += "\\n" : text += c;
  }
  return text + "\"";
}

}  // namespace

Labels::Labels(std::vector<std::pair<std::string, std::string>> pairs) : pairs_(std::move(pairs)) {
  std::sort(pairs_.begin(), pairs_.end());
  std::erase_if(pairs_, [](const auto& pair) { return pair.second.empty(); });
  for (std::size_t i = 0; i < pairs_.size(); ++i) {
    if (pairs_[i].first.empty()) throw Error(ErrorCode::invalid, "a label without a name");
    if (i > 0 && pairs_[i].first == pairs_[i - 1].first)
      throw Error(ErrorCode::invalid, "the label '" + pairs_[i].first + "' stands twice");
  }
}

std::string_view Labels::value(std::string_view name) const {
  auto at = std::lower_bound(pairs_.begin(), pairs_.end(), name,
                             [](const auto& pair, std::string_view wanted) { return pair.first < wanted; });
  return at != pairs_.end() && at->first == name ? std::string_view(at->second) : std::string_view();
}

std::string Labels::text() const {
  std::string text(metric()), inside;
  for (const auto& [name, value] : pairs_)
    if (name != metric_label) inside += (inside.empty() ? "" : ",") + name + "=" + quoted(value);
  return inside.empty() && !text.empty() ? text : text + "{" + inside + "}";
}

Labels Labels::without(const std::vector<std::string>& names) const {
  Labels kept = *this;
  std::erase_if(kept.pairs_,
                [&](const auto& pair) { return std::find(names.begin(), names.end(), pair.first) != names.end(); });
  return kept;
}

}  // namespace backlot::signals
