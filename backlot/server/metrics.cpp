#include "backlot/server/metrics.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <sstream>

namespace backlot::server {
namespace {

/// Resident memory and processor time of this process, from /proc/self/statm (proc(5)).
void put_process(std::ostream& out) {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  auto seconds = [](const timeval& t) { return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6; };
  out << "# HELP process_cpu_seconds_total Processor time of the server.\n# TYPE process_cpu_seconds_total counter\n"
      << "process_cpu_seconds_total " << seconds(used.ru_utime) + seconds(used.ru_stime) << "\n";
  long pages = 0, resident = 0;
  std::ifstream("/proc/self/statm") >> pages >> resident;
  out << "# HELP process_resident_memory_bytes Resident memory of the server.\n"
      << "# TYPE process_resident_memory_bytes gauge\n"
      << "process_resident_memory_bytes " << resident * sysconf(_SC_PAGESIZE) << "\n";
}

}  // namespace

void Metrics::count(int status, std::chrono::nanoseconds took) {
  by_class_[static_cast<std::size_t>(std::clamp(status / 100, 1, 5) - 1)]++;
  double seconds = std::chrono::duration<double>(took).count();
  auto bound = std::lower_bound(bounds.begin(), bounds.end(), seconds);
  by_time_[static_cast<std::size_t>(bound - bounds.begin())]++;
  nanoseconds_ += static_cast<std::uint64_t>(took.count());
}

std::string Metrics::text(const LiveCounts& live) const {
  std::ostringstream out;
  out << "# HELP backlot_http_requests_total Requests answered, by class of status.\n"
      << "# TYPE backlot_http_requests_total counter\n";
  for (std::size_t i = 1; i < by_class_.size(); ++i)
    out << "backlot_http_requests_total{status=\"" << i + 1 << "xx\"} " << by_class_[i] << "\n";
  out << "# HELP backlot_http_request_seconds Time from a request to its answer.\n"
      << "# TYPE backlot_http_request_seconds histogram\n";
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < by_time_.size(); ++i) {
    sum += by_time_[i];
    out << "backlot_http_request_seconds_bucket{le=\"";
    i < bounds.size() ? out << bounds[i] : out << "+Inf";
    out << "\"} " << sum << "\n";
  }
  out << "backlot_http_request_seconds_sum " << static_cast<double>(nanoseconds_) / 1e9 << "\n"
      << "backlot_http_request_seconds_count " << sum << "\n"
      << "# HELP backlot_event_streams Event streams that are open.\n# TYPE backlot_event_streams gauge\n"
      << "backlot_event_streams " << live.streams << "\n"
      << "# HELP backlot_events_sent_total Messages sent on event streams.\n# TYPE backlot_events_sent_total counter\n"
      << "backlot_events_sent_total " << live.messages << "\n"
      << "# HELP backlot_catalog_changes_total Times the catalog was seen to change.\n"
      << "# TYPE backlot_catalog_changes_total counter\n"
      << "backlot_catalog_changes_total " << live.changes << "\n";
  put_process(out);
  return out.str();
}

}  // namespace backlot::server
