// How often the planted cause is in the top ten, and how often "nothing explains this" is said when nothing does;
// beside it what a plain correlation and a robust deviation (as BARO, Pham 2024) would say.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <nlohmann/json.hpp>

#include "backlot/signals/investigate.h"
#include "backlot/signals/lag_screen.h"
#include "bench/signals/incidents.h"

using namespace backlot::signals;
using incidents::Incident;

namespace {

double cpu_seconds() {
  timespec t{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

/// All series in memory, as a source that was fetched: making them is not what is measured.
class Fetched : public SeriesSource {
 public:
  explicit Fetched(const Incident& incident) : incident_(incident), weeks_(incident.history_weeks()) {
    samples_.resize(incident.size() * (weeks_ + 1));
    for (std::size_t i = 0; i < incident.size(); ++i)
      for (unsigned week = 0; week <= weeks_; ++week) incident.read(i, week, samples_[i * (weeks_ + 1) + week]);
  }
  std::size_t size() const override { return incident_.size(); }
  Labels labels(std::size_t i) const override { return incident_.labels(i); }
  unsigned history_weeks() const override { return weeks_; }
  void read(std::size_t i, unsigned week, Samples& into) const override { into = samples_[i * (weeks_ + 1) + week]; }
  const Samples& at(std::size_t i) const { return samples_[i * (weeks_ + 1)]; }

 private:
  const Incident& incident_;
  unsigned weeks_;
  std::vector<Samples> samples_;
};

bool is_hit(const Incident& incident, std::vector<std::pair<double, std::size_t>> scored) {
  std::stable_sort(scored.begin(), scored.end(), [](auto& a, auto& b) { return a.first > b.first; });
  for (std::size_t k = 0; k < std::min<std::size_t>(10, scored.size()); ++k)
    if (std::count(incident.planted().begin(), incident.planted().end(), scored[k].second)) return true;
  return false;
}

Samples rates(const Samples& samples) {
  Samples made = samples;
  differentiate(made);
  if (made.grid.step < minute) coarsen(made, minute);
  return made;
}

/// |r| over the whole window.
bool correlation_hits(const Incident& incident, const Fetched& source, const Samples& target) {
  std::vector<std::pair<double, std::size_t>> scored;
  for (std::size_t i = 0; i < source.size(); ++i) {
    Samples s = rates(source.at(i));
    if (s.grid.count != target.grid.count) continue;
    double r = std::abs(exact_correlation(s.values, target.values, 0));
    scored.emplace_back(std::isnan(r) ? 0 : r, i);
  }
  return is_hit(incident, scored);
}

/// The largest deviation after the onset in robust units of the time before: the score of BARO.
bool robust_hits(const Incident& incident, const Fetched& source) {
  std::vector<std::pair<double, std::size_t>> scored;
  for (std::size_t i = 0; i < source.size(); ++i) {
    Samples s = rates(source.at(i));
    std::vector<double> before;
    double most = 0;
    for (std::uint32_t k = 0; k < s.grid.count; ++k)
      if (s.has(k) && s.grid.at(k) < incident.onset()) before.push_back(s.values[k]);
    if (before.size() < 10) continue;
    std::sort(before.begin(), before.end());
    const double middle = before[before.size() / 2];
    double spread = before[before.size() * 3 / 4] - before[before.size() / 4];
    if (spread == 0) spread = 1;
    for (std::uint32_t k = 0; k < s.grid.count; ++k)
      if (s.has(k) && s.grid.at(k) >= incident.onset()) most = std::max(most, std::abs(s.values[k] - middle) / spread);
    scored.emplace_back(most, i);
  }
  return is_hit(incident, scored);
}

}  // namespace

int main(int argc, char** argv) {
  incidents::Options options;
  const int count = argc > 1 ? std::atoi(argv[1]) : 20;
  if (argc > 2) options.candidates = static_cast<std::uint32_t>(std::atoi(argv[2]));
  if (argc > 3) options.points_after = static_cast<std::uint32_t>(std::atoi(argv[3]));
  if (argc > 4) options.history_weeks = static_cast<unsigned>(std::atoi(argv[4]));
  options.services = std::max(20u, options.candidates / 50);
  const bool tells = std::getenv("SIGNALS_TELL") != nullptr;
  int hits = 0, said = 0, silent = 0, by_correlation = 0, by_deviation = 0;
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
        by_correlation += correlation_hits(incident, source, target.samples);
        by_deviation += robust_hits(incident, source);
        if (tells && !found) std::printf("seed %d missed\n", 1000 + k);
      }
      if (tells) {
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
                              {"top_10", static_cast<double>(hits) / count},
                              {"explained", static_cast<double>(said) / count},
                              {"nothing_said", static_cast<double>(silent) / count},
                              {"plain_correlation_top_10", static_cast<double>(by_correlation) / count},
                              {"robust_deviation_top_10", static_cast<double>(by_deviation) / count},
                              {"cpu_seconds_each", seconds / (2 * count)}};
  std::puts(json.dump(2).c_str());
}
