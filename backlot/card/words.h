// Numbers and times as pages and reports write them for people.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>

namespace backlot::card {

/// "0.26", "1200", "1.2e+09": three digits, and whole numbers up to a million.
std::string number_words(double value);
/// "10,000"
std::string count_words(std::size_t count);
/// "1 candidate", "10,000 candidates"
std::string plural_words(std::size_t count, const char* noun);
/// "0.25 %", "2.5 %", "25 %" of a share in [0, 1]
std::string percent_words(double share);
/// "08:31", or "08:31:07" with seconds, of the day, in UTC, of nanoseconds since 1970.
std::string clock_words(std::int64_t time_ns, bool with_seconds = false);

}  // namespace backlot::card
