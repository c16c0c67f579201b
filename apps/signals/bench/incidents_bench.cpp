// How often the planted cause is in the top ten, and how often "nothing explains this" is said when nothing does;
// beside it what a plain correlation and a robust deviation (as BARO, Pham 2024) would say.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <nlohmann/json.hpp>

#include "apps/signals/bench/baselines.h"
#include "apps/signals/bench/incidents.h"
#include "backlot/signals/investigate.h"

using namespace backlot::signals;
using incidents::Fetched;
using incidents::Incident;

namespace {

double cpu_seconds() {
  timespec t{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

}  // namespace

// incidents_bench [incidents [candidates [points after the onset [weeks of history [minutes [shift]]]]]]
int main(int argc, char** argv) {
  incidents::Options options;
  const int count = argc > 1 ? std::atoi(argv[1]) : 20;
  if (argc > 2) options.candidates = static_cast<std::uint32_t>(std::atoi(argv[2]));
  if (argc > 3) options.points_after = static_cast<std::uint32_t>(std::atoi(argv[3]));
  if (argc > 4) options.history_weeks = static_cast<unsigned>(std::atoi(argv[4]));
  if (argc > 5) options.minutes = static_cast<std::uint32_t>(std::atoi(argv[5]));
  if (argc > 6) options.shift = std::atof(argv[6]);
  options.services = std::max(20u, options.candidates / 50);
  const bool prints = std::getenv("SIGNALS_TELL") != nullptr;
  int hits = 0, said = 0, silent = 0, by_correlation = 0, above_0_9 = 0, by_deviation = 0;
  double seconds = 0;
  for (int k = 0; k < count; ++k) {
    for (bool has_cause : {true, false}) {
      options.seed = 1000 + static_cast<std::uint64_t>(k);
      options.has_cause = has_cause;
      Incident incident(options);
      Fetched source(incident);
      Target target;
      target.labels = incident.target_labels();
      incident.read_target(0, target.samples);
      target.weeks.resize(options.history_weeks);
      for (unsigned week = 1; week <= options.history_weeks; ++week) incident.read_target(week, target.weeks[week - 1]);
      Options asked;
      asked.events = incident.events();
      asked.alert_at = incident.onset() + std::min<Nanos>(5, options.points_after - 1) * minute;
      const double begin = cpu_seconds();
      Report report = investigate(target, source, asked);
      seconds += cpu_seconds() - begin;
      if (!has_cause) {
        silent += !report.is_explained;
      } else {
        bool found = false;
        for (std::size_t f = 0; f < std::min<std::size_t>(10, report.findings.size()); ++f)
          for (std::size_t member : report.findings[f].members)
            found = found || std::count(incident.planted().begin(), incident.planted().end(), member);
        hits += found;
        said += report.is_explained;
        by_correlation += correlation_hits(incident, source, target.samples, 0);
        above_0_9 += correlation_hits(incident, source, target.samples, 0.9);
        by_deviation += robust_hits(incident, source);
        if (prints && !found) std::printf("seed %d missed\n", 1000 + k);
      }
      if (prints) {
        std::printf("seed %d cause %d explained %d chance %.3f onset %+.0f clear %d planted %zu cascade %zu\n",
                    1000 + k, has_cause, report.is_explained, report.chance,
                    static_cast<double>(report.target.onset.at - incident.onset()) / 6e10, report.target.is_clear,
                    incident.planted().size(), incident.cascade().size());
        for (std::size_t f = 0; f < std::min<std::size_t>(6, report.findings.size()); ++f) {
          const Finding& finding = report.findings[f];
          std::printf("   %5.1f %s %s %+.0f", finding.score,
                      std::count(incident.planted().begin(), incident.planted().end(), finding.members[0])   ? "PLANTED"
                      : std::count(incident.cascade().begin(), incident.cascade().end(), finding.members[0]) ? "cascade"
                                                                                                             : "-",
                      finding.labels.text().c_str(), static_cast<double>(finding.onset.at - incident.onset()) / 6e10);
          for (const Part& part : finding.parts) std::printf(" %s %.1f", part.name.c_str(), part.points);
          std::printf("\n");
        }
        for (std::size_t o = 0; o < report.outcomes.size(); ++o)
          std::printf(" %s %zu", std::string(name_of(static_cast<Outcome>(o))).c_str(), report.outcomes[o]);
        std::printf("\n");
      }
    }
  }
  nlohmann::ordered_json json{{"incidents", count},
                              {"candidates", options.candidates},
                              {"points_after", options.points_after},
                              {"history_weeks", options.history_weeks},
                              {"minutes", options.minutes},
                              {"shift", options.shift},
                              {"top_10", static_cast<double>(hits) / count},
                              {"explained", static_cast<double>(said) / count},
                              {"nothing_said", static_cast<double>(silent) / count},
                              {"plain_correlation_top_10", static_cast<double>(by_correlation) / count},
                              {"correlation_above_0.9_top_10", static_cast<double>(above_0_9) / count},
                              {"robust_deviation_top_10", static_cast<double>(by_deviation) / count},
                              {"cpu_seconds_each", seconds / (2 * count)}};
  std::puts(json.dump(2).c_str());
}
