#include "apps/signals/verbs/prometheus.h"

#include <algorithm>
#include <cstdio>
#include <map>

#define CPPHTTPLIB_OPENSSL_SUPPORT
#include <httplib.h>

#include "backlot/base/error.h"
#include "backlot/signals/read_series.h"
#include "backlot/signals/time_text.h"

namespace backlot::signals::app {

Prometheus::Prometheus(const std::string& url, int timeout_seconds) : timeout_(timeout_seconds) {
  const std::size_t scheme = url.find("://"), path = scheme == url.npos ? url.npos : url.find('/', scheme + 3);
  if (scheme == url.npos || (url.substr(0, scheme) != "http" && url.substr(0, scheme) != "https"))
    throw Error(ErrorCode::usage, "'" + url + "' is no address of a server", "write http://HOST:PORT");
  host_ = url.substr(0, path);
  if (path != url.npos) prefix_ = url.substr(path);
  while (prefix_.ends_with('/')) prefix_.pop_back();
}

std::vector<RawSeries> Prometheus::range(const std::string& query, Window window, Nanos step) const {
  httplib::Client client(host_);
  client.set_connection_timeout(timeout_);
  client.set_read_timeout(timeout_);
  client.set_compress(false);
  std::map<Labels, RawSeries> gathered;
  const Nanos most = 10'000 * step;
  for (Nanos begin = window.begin; begin < window.end; begin += most) {
    // The end of Prometheus' ranges is inside.
    const Nanos end = std::min(window.end, begin + most) - step;
    httplib::Params form{{"query", query},
                         {"start", time_text(begin)},
                         {"end", time_text(std::max(begin, end))},
                         {"step", std::to_string(step / second)}};
    auto answer = client.Post(prefix_ + "/api/v1/query_range", form);
    if (!answer)
      throw Error(ErrorCode::io, host_ + " does not answer: " + httplib::to_string(answer.error()),
                  "is the address right, and the server up?");
    if (answer->status != 200 && answer->body.find("\"status\"") == std::string::npos)
      throw Error(ErrorCode::io, host_ + " answers with status " + std::to_string(answer->status));
    for (RawSeries& series : read_prometheus(answer->body)) {
      auto [at, is_new] = gathered.emplace(series.labels, series);
      if (is_new) continue;
      at->second.times.insert(at->second.times.end(), series.times.begin(), series.times.end());
      at->second.values.insert(at->second.values.end(), series.values.begin(), series.values.end());
    }
  }
  std::vector<RawSeries> result;
  for (auto& [labels, series] : gathered) result.push_back(std::move(series));
  return result;
}

std::string Prometheus::rules() const {
  httplib::Client client(host_);
  client.set_connection_timeout(timeout_);
  client.set_read_timeout(timeout_);
  auto answer = client.Get(prefix_ + "/api/v1/rules?type=alert");
  if (!answer)
    throw Error(ErrorCode::io, host_ + " does not answer: " + httplib::to_string(answer.error()),
                "is the address right, and the server up?");
  return answer->body;
}

}  // namespace backlot::signals::app
