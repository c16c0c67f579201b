// Asking a Prometheus server for ranges of series (its HTTP API, version 1).
#pragma once
#include <string>
#include <vector>

#include "backlot/signals/raw_series.h"

namespace backlot::signals::app {

class Prometheus {
 public:
  /// `url`: "http://HOST[:PORT][/PREFIX]" or https. Throws Error usage when it is none.
  Prometheus(const std::string& url, int timeout_seconds);
  /// What the query gives in the window, at every step. Long windows are asked for in parts, since a server answers
  /// with 11,000 points a series at most. Throws Error io (no answer, with the reason), invalid (it refuses the query).
  std::vector<signals::RawSeries> range(const std::string& query, signals::Window window, signals::Nanos step) const;
  /// What /api/v1/rules answers, as bytes.
  std::string rules() const;

 private:
  std::string host_, prefix_;
  int timeout_;
};

}  // namespace backlot::signals::app
