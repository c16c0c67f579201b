#include "backlot/signals/selector.h"

#include <re2/re2.h>

#include <algorithm>
#include <cctype>

#include "backlot/base/error.h"

namespace backlot::signals {
namespace {

/// Reads a selector from its text.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  void skip_space() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_]))) ++at_;
  }
  bool at_end() {
    skip_space();
    return at_ == text_.size();
  }
  bool take(std::string_view word) {
    skip_space();
    if (!text_.substr(at_).starts_with(word)) return false;
    at_ += word.size();
    return true;
  }
  void expect(std::string_view word) {
    if (!take(word)) fail("expected '" + std::string(word) + "'");
  }
  /// Letters, digits, '_' and, in a metric's name, ':'; empty when there is none.
  std::string name(bool is_metric) {
    skip_space();
    const std::size_t begin = at_;
    while (at_ < text_.size()) {
      const auto c = static_cast<unsigned char>(text_[at_]);
      const bool fits = std::isalpha(c) || c == '_' || (is_metric && c == ':') || (at_ > begin && std::isdigit(c));
      if (!fits) break;
      ++at_;
    }
    return std::string(text_.substr(begin, at_ - begin));
  }
  /// In double or single quotes.
  std::string quoted() {
    skip_space();
    if (at_ == text_.size() || (text_[at_] != '"' && text_[at_] != '\'')) fail("expected a text in quotes");
    const char quote = text_[at_++];
    std::string value;
    for (;;) {
      if (at_ == text_.size()) fail("a text without its closing quote");
      char c = text_[at_++];
      if (c == quote) return value;
      if (c == '\\' && at_ < text_.size()) {
        c = text_[at_++];
        if (c == 'n') c = '\n';
      }
      value += c;
    }
  }
  [[noreturn]] void fail(const std::string& what) const {
    throw Error(ErrorCode::invalid,
                what + " at character " + std::to_string(at_ + 1) + " of '" + std::string(text_) + "'",
                R"(write it as metric{label="value",other=~"regular expression"})");
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

Selector::Selector(std::string_view text) : text_(text) {
  Reader in(text);
  auto add = [&](std::string name, Operation operation, std::string value) {
    Matcher matcher{std::move(name), operation, std::move(value), nullptr};
    if (operation == Operation::matches || operation == Operation::matches_not) {
      RE2::Options options;
      options.set_log_errors(false);
      options.set_max_mem(1 << 20);
      auto pattern = std::make_shared<const RE2>(matcher.value, options);
      if (!pattern->ok()) in.fail("the regular expression '" + matcher.value + "' is not one: " + pattern->error());
      matcher.pattern = std::move(pattern);
    }
    matchers_.push_back(std::move(matcher));
  };
  if (std::string metric = in.name(true); !metric.empty()) add(std::string(metric_label), Operation::equal, metric);
  if (in.take("{")) {
    while (!in.take("}")) {
      std::string name = in.name(false);
      if (name.empty()) in.fail("expected the name of a label");
      const Operation operation = in.take("=~")   ? Operation::matches
                                  : in.take("!~") ? Operation::matches_not
                                  : in.take("!=") ? Operation::not_equal
                                                  : Operation::equal;
      if (operation == Operation::equal) in.expect("=");
      add(std::move(name), operation, in.quoted());
      if (in.take("}")) break;
      in.expect(",");
    }
  }
  if (!in.at_end()) in.fail("there is more behind the selector");
  if (matchers_.empty()) in.fail("it selects nothing");
}

bool Selector::matches(const Labels& labels) const {
  return std::all_of(matchers_.begin(), matchers_.end(), [&](const Matcher& m) {
    const std::string_view value = labels.value(m.name);
    switch (m.operation) {
      case Operation::equal: return value == m.value;
      case Operation::not_equal: return value != m.value;
      case Operation::matches: return RE2::FullMatch(re2::StringPiece(value.data(), value.size()), *m.pattern);
      case Operation::matches_not: return !RE2::FullMatch(re2::StringPiece(value.data(), value.size()), *m.pattern);
    }
    return false;
  });
}

Labels Selector::equal_labels() const {
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const Matcher& m : matchers_)
    if (m.operation == Operation::equal) pairs.emplace_back(m.name, m.value);
  return Labels(std::move(pairs));
}

bool Selector::names_one() const {
  return std::all_of(matchers_.begin(), matchers_.end(),
                     [](const Matcher& m) { return m.operation == Operation::equal; });
}

}  // namespace backlot::signals
