#include "apps/signals/verbs/civil_time.h"

#include <cstdlib>
#include <ctime>
#include <filesystem>

#include "backlot/base/error.h"
#include "backlot/signals/raw_series.h"

namespace backlot::signals::app {

namespace {

/// Makes the zone that of the C library, in a program that has only one.
void choose_zone(const std::string& zone) {
  const bool is_name = zone.find("..") == zone.npos && !zone.starts_with('/');
  if (!is_name || !std::filesystem::is_regular_file("/usr/share/zoneinfo/" + zone))
    throw Error(ErrorCode::usage, "--tz: there is no time zone '" + zone + "' on this system",
                "write it as Europe/Berlin; Debian has them in the package tzdata");
  setenv("TZ", zone.c_str(), 1);
  tzset();
}

}  // namespace

std::vector<Nanos> civil_weeks_back(const std::string& zone, Nanos begin, unsigned weeks) {
  if (zone.empty()) return weeks_back(weeks);
  choose_zone(zone);
  const auto seconds = static_cast<std::time_t>(begin / second);
  std::vector<Nanos> back;
  for (unsigned week = 1; week <= weeks; ++week) {
    std::tm civil{};
    localtime_r(&seconds, &civil);
    civil.tm_mday -= static_cast<int>(7 * week);
    civil.tm_isdst = -1;  // whatever it was then
    back.push_back(static_cast<Nanos>(seconds - std::mktime(&civil)) * second);
  }
  return back;
}

}  // namespace backlot::signals::app
