// The flows that the tests of this room run: one for each form of the graph.
#pragma once
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "backlot/sdk/flow.h"

namespace backlot::test {

using namespace std::chrono_literals;

struct Movie {
  std::string genre;
  double gross = 0;
  BACKLOT_FIELDS(genre, gross)
};

inline double sum_of(const std::vector<Movie>& movies, const std::string& genre) {
  double sum = 0;
  for (auto& m : movies)
    if (m.genre == genre) sum += m.gross;
  return sum;
}

/// Gross of each genre, computed in parallel.
struct MovieStats {
  Parameter<double> scale{"What to multiply with", 1.0};
  Artifact<std::vector<Movie>> movies;
  Artifact<std::vector<std::string>> genres;
  Artifact<double> total;
  Artifact<std::map<std::string, double>> totals;
  BACKLOT_FIELDS(scale, movies, genres, total, totals)

  void start() {
    movies = {{"Drama", 1}, {"Comedy", 2}, {"Drama", 3}};
    genres = {"Drama", "Comedy"};
  }
  void compute(const std::string& genre) { total = *scale * sum_of(*movies, genre); }
  void collect(const Inputs<MovieStats, std::string>& branches) {
    for (auto& branch : branches) totals.edit()[branch.item] = *branch->total;
    merge_artifacts(*this, branches, except<&MovieStats::total>());
  }
  void end() {}

  template <class F>
  static constexpr auto graph() {
    return chain(step<&F::start>,
                 foreach<&F::genres>(step<&F::compute>.retry({.times = 3, .delay = 2s})).join(step<&F::collect>),
                 step<&F::end>);
  }
};

/// Reuse: one step replaced. The inherited graph is a template on the flow and picks it up.
struct Doubled : MovieStats {
  void compute(const std::string& genre) { total = 2 * sum_of(*movies, genre); }
};

/// Reuse: new artifacts, one of them set before the base's join, and a step appended.
struct Audited : MovieStats {
  Artifact<std::string> source;
  Artifact<int> audited;
  BACKLOT_FIELDS(MovieStats::fields, source, audited)
  void start() {
    MovieStats::start();
    source = "census";
  }
  void audit() { audited = static_cast<int>(movies->size()); }
  template <class F>
  static constexpr auto graph() {
    return chain(MovieStats::graph<F>(), step<&F::audit>);
  }
};

/// split: the join names the branches it reads.
struct Pricing {
  using Me = Pricing;
  Parameter<double> spot{"Price of the share today", 100.0, between(0.0, 1e6)};
  Artifact<double> price, strike, gap;
  BACKLOT_FIELDS(spot, price, strike, gap)
  void start() { strike = 90; }
  void fast() { price = *spot - *strike; }
  void exact() { price = *spot - *strike + 0.5; }
  void agree(From<&Me::exact> exact_branch, From<&Me::fast> fast_branch) {
    gap = *exact_branch->price - *fast_branch->price;
    merge_artifacts(*this, fast_branch, exact_branch, except<&Me::price>());
  }
  void end() {}
  template <class F>
  static constexpr auto graph() {
    return chain(step<&F::start>, split(step<&F::fast>, step<&F::exact>).join(step<&F::agree>), step<&F::end>);
  }
};

/// choose: all cases go on to the node behind it; otherwise() goes straight there.
enum class Size { small, large };
struct Routing {
  Parameter<std::string> mode{"How to train", "quick", one_of("quick", "full")};
  Parameter<int> rows{"Rows to read", 10};
  Artifact<std::string> did;
  BACKLOT_FIELDS(mode, rows, did)
  Size size() const { return *rows > 100 ? Size::large : Size::small; }
  void start() { did = "start"; }
  void sample() { did.edit() += " sample"; }
  void tune() { did.edit() += " tune"; }
  void train() { did.edit() += " train"; }
  void end() {}
  template <class F>
  static constexpr auto graph() {
    return chain(step<&F::start>,
                 choose<&F::size>(when<Size::small>(), when<Size::large>(step<&F::sample>), otherwise()),
                 choose<&F::mode>(when<"full">(step<&F::tune>, step<&F::train>),
                                  otherwise(step<"skip">([](F& f) { f.did.edit() += " skip"; }))),
                 step<&F::end>);
  }
};

/// loop: the body runs, then `again` decides. A loop in a loop.
struct Training {
  Artifact<std::vector<int>> losses;
  Artifact<int> rounds;
  BACKLOT_FIELDS(losses, rounds)
  bool again() const { return losses->size() % 3 != 0; }
  bool more() const { return true; }
  void start() noexcept { rounds = 0; }
  void train() { losses.edit().push_back(static_cast<int>(losses.has() ? losses->size() : 0)); }
  void sum_up() { ++rounds.edit(); }
  void end() {}
  template <class F>
  static constexpr auto graph() {
    return chain(step<&F::start>,
                 loop<&F::more>(loop<&F::again>(step<&F::train>).at_most(10), step<&F::sum_up>).at_most(2),
                 step<&F::end>);
  }
};

/// foreach in foreach: a step takes the items it wants, outermost first: (), (city), or (country, city).
struct Weather {
  Artifact<std::vector<std::string>> countries;
  Artifact<std::vector<int>> cities;
  Artifact<std::string> report;
  BACKLOT_FIELDS(countries, cities, report)
  void start() { countries = {"NL", "IT", "nowhere"}; }
  void list(const std::string& country) {
    if (country == "NL") cities = {1, 2};
    if (country == "IT") cities = {7};
    if (country == "nowhere") cities = {};
  }
  void fetch(const std::string& country, const int& city) { report = country + std::to_string(city); }
  void of_country(const std::string& country, const Inputs<Weather, int>& in) {
    report = country + ":";
    for (auto& b : in) report.edit() += " " + std::to_string(b.item) + *b->report;
  }
  void of_world(const Inputs<Weather, std::string>& in) {
    report = "";
    for (auto& b : in) report.edit() += "[" + *b->report + "]";
  }
  template <class F>
  static constexpr auto graph() {
    return chain(step<&F::start>,
                 foreach<&F::countries>(step<&F::list>, foreach<&F::cities>(step<&F::fetch>).join(step<&F::of_country>))
                     .join(step<&F::of_world>));
  }
};

/// All decorators, in any order; steps and joins, members and lambdas alike.
struct Careful {
  Artifact<int> failures;
  Artifact<std::vector<int>> parts;
  Artifact<std::string> error;
  BACKLOT_FIELDS(failures, parts, error)
  void start() { parts = {1, 2, 3}; }
  void risky(const int& part) {
    if (part == 2) throw std::runtime_error("disk full");
  }
  void end() {}
  template <class F>
  static constexpr auto graph() {
    return chain(step<&F::start>.cache({.version = "2"}).pure().pool("gpu").priority(7),
                 foreach<&F::parts>(
                     step<&F::risky>
                         .retry(Retry{.times = 2, .delay = 1s, .backoff = 2, .jitter = 0.5}.on({FailureKind::exception}))
                         .timeout(5min)
                         .resources({.cpu = 4, .memory = 8_GiB})
                         .catch_into(&F::error)
                         .environment({{"OMP_NUM_THREADS", "1"}, {"MODE", "safe"}}),
                     step<"note">([](F& f, const int& part) {
                       if (f.error.has()) f.error.edit() += " in part " + std::to_string(part);
                     }))
                     .join(step<"count">([](F& f, const Inputs<F, int>& in) {
                             f.failures = 0;
                             for (auto& b : in) f.failures.edit() += b->error.has();
                             merge_artifacts(f, in, except<&F::failures>());
                           }).timeout(1min)),
                 step<&F::end>.cache());
  }
};

}  // namespace backlot::test
