// A report in words: what the table on a terminal and the page say alike.
#pragma once
#include <string>
#include <vector>

#include "backlot/signals/report.h"

namespace backlot::signals::app {

/// "page_latency rose from 0.21 to 0.26 (5.1 deviations) at 08:30 (08:29–08:31)"
std::string target_words(const signals::Report& report);
/// "10,000 candidates = 400 flat + 8,074 unchanged + …"; the numbers add up.
std::string accounting_words(const signals::Report& report);
/// Whether anything explains it, and how often as much is found at other moments.
std::string verdict_words(const signals::Report& report);
/// "8 min (±1) before"
std::string onset_words(const signals::Finding& finding, const signals::Onset& target);
/// "up 3.2×", "down 40 %", "from 0 to 12", "noise up 4.1×", "born", "died"
std::string shift_words(const signals::Finding& finding);
/// "8 of 8 have service=svc-130, against 0.5 % of all"; empty when they share nothing that is rare.
std::string shared_words(const signals::Group& group);
/// The query to paste: a rate for what was analysed as one.
std::string query_of(const signals::Finding& finding);

}  // namespace backlot::signals::app
