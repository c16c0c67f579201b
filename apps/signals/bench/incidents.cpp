#include "apps/signals/bench/incidents.h"

#include <algorithm>
#include <array>
#include <boost/random/normal_distribution.hpp>
#include <boost/random/poisson_distribution.hpp>
#include <boost/random/uniform_int_distribution.hpp>
#include <boost/random/uniform_real_distribution.hpp>
#include <cmath>
#include <numbers>

namespace backlot::signals::incidents {
namespace {

// Boost's distributions give the same numbers everywhere; those of the standard library need not.
using Real = boost::random::uniform_real_distribution<double>;
using Normal = boost::random::normal_distribution<double>;
using Poisson = boost::random::poisson_distribution<int, double>;

int whole(std::mt19937_64& random, int least, int most) {
  return boost::random::uniform_int_distribution<int>(least, most)(random);
}
double real(std::mt19937_64& random, double least, double most) { return Real(least, most)(random); }
bool happens(std::mt19937_64& random, double probability) { return Real(0, 1)(random) < probability; }
double either_way(std::mt19937_64& random, double size) { return happens(random, 0.7) ? size : -size; }

constexpr std::array regions{"us-east-1a", "us-east-1b", "us-east-1c", "eu-west-1a"};
constexpr Nanos first_day = 1'773'100'800'000'000'000;  // 2026-03-10T00:00:00Z

struct Metric {
  const char* name;
  Plan::Shape shape;
  Kind kind;
  bool by_pod;
};
using Shape = Plan::Shape;
constexpr std::array metrics{
    Metric{"http_requests_total", Shape::load, Kind::counter, true},
    Metric{"http_in_flight", Shape::load, Kind::gauge, false},
    Metric{"cpu_seconds_total", Shape::load, Kind::counter, true},
    Metric{"network_receive_bytes_total", Shape::load, Kind::counter, false},
    Metric{"network_transmit_bytes_total", Shape::load, Kind::counter, false},
    Metric{"queue_depth", Shape::load, Kind::gauge, false},
    Metric{"db_connections", Shape::load, Kind::gauge, false},
    Metric{"http_latency_p50", Shape::latency, Kind::gauge, false},
    Metric{"http_latency_p99", Shape::latency, Kind::gauge, false},
    Metric{"db_latency_p99", Shape::latency, Kind::gauge, false},
    Metric{"gc_pause_seconds", Shape::latency, Kind::gauge, true},
    Metric{"memory_bytes", Shape::drift, Kind::gauge, true},
    Metric{"heap_bytes", Shape::drift, Kind::gauge, false},
    Metric{"errors_total", Shape::sparse, Kind::counter, false},
    Metric{"timeouts_total", Shape::sparse, Kind::counter, false},
    Metric{"threads", Shape::plain, Kind::gauge, true},
    Metric{"cache_hit_ratio", Shape::plain, Kind::gauge, false},
    Metric{"disk_io_seconds_total", Shape::plain, Kind::counter, false},
    Metric{"thread_pool_active", Shape::plain, Kind::gauge, false},
    Metric{"retries", Shape::plain, Kind::gauge, false},
    Metric{"tcp_retransmits", Shape::plain, Kind::gauge, false},
    Metric{"open_files", Shape::plain, Kind::gauge, false},
    Metric{"batch_rows", Shape::cron, Kind::gauge, false},
    Metric{"config_limit", Shape::flat, Kind::gauge, false},
    Metric{"build_info", Shape::flat, Kind::gauge, false},
};

std::string service_name(std::uint32_t service) {
  if (service == 0) return "frontend";
  std::string digits = std::to_string(service);
  return "svc-" + std::string(digits.size() < 3 ? 3 - digits.size() : 0, '0') + digits;
}

std::uint64_t mixed(std::uint64_t x) {  // splitmix64: neighbouring numbers give unrelated seeds
  x += 0x9e3779b97f4a7c15;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

}  // namespace

Incident::Incident(const Options& options) : options_(options) {
  Random random(mixed(options.seed));
  window_.begin = first_day + whole(random, 0, 47) * 30 * minute;
  window_.end = window_.begin + options.minutes * minute;
  onset_ = window_.end - options.points_after * minute;
  make_services(random);
  make_series(random);
  change_for_nothing(random);
  deploy(random);
  target_.shape = Shape::latency;
  target_.base = 0.2;
  target_.sigma = 0.008;
  target_.phi = 0.5;
  target_.cycle = 9;
  target_.shifts = {{onset_, window_.end, 0, std::max(8.0, options.shift)}};
  if (options.has_cause) plant(random);
  mirror(random);
  std::sort(events_.begin(), events_.end(), [](const Event& a, const Event& b) { return a.at < b.at; });
}

void Incident::make_services(Random& random) {
  callers_.resize(options_.services);
  for (std::uint32_t s = 0; s < options_.services; ++s) {
    regions_.push_back(static_cast<std::uint32_t>(whole(random, 0, regions.size() - 1)));
    // Whoever has a larger number is called by somebody of a smaller one, so that all ways lead up to the frontend.
    for (int n = s == 0 ? 0 : whole(random, 1, 2); n > 0; --n) {
      auto caller = static_cast<std::uint32_t>(whole(random, static_cast<int>(s / 4), static_cast<int>(s) - 1));
      if (std::find(callers_[s].begin(), callers_[s].end(), caller) == callers_[s].end()) callers_[s].push_back(caller);
    }
  }
}

void Incident::add_plan(Random& random, std::uint32_t service, std::uint32_t slot) {
  const Metric& metric = metrics[slot % metrics.size()];
  Plan plan;
  plan.shape = metric.shape;
  plan.kind = metric.kind;
  plan.service = service;
  plan.slot = slot;
  plan.base = std::exp(real(random, 0, 8));
  plan.sigma = plan.base * real(random, 0.01, 0.05);
  constexpr std::array phis{0.0, 0.3, 0.6, 0.9};
  plan.phi = phis[static_cast<std::size_t>(whole(random, 0, 3))];
  if (metric.shape == Shape::load) plan.cycle = real(random, 5, 15);
  if (metric.shape == Shape::latency) plan.cycle = real(random, 0, 6);
  if (metric.shape == Shape::sparse) plan.base = real(random, 0.05, 2);
  plan.phase = real(random, -0.1, 0.1);
  if (happens(random, 0.05)) plan.gaps = real(random, 0.02, 0.2);
  if (happens(random, 0.1))
    plan.step = 5 * minute;
  else if (happens(random, 0.05))
    plan.step = minute / 2;
  if (!metric.by_pod) {
    plans_.push_back(std::move(plan));
    return;
  }
  auto pod = [&](char generation) {
    return service_name(service) + "-" + std::to_string(mixed(options_.seed * 7919 + slot) % 90'000 + 10'000) +
           generation;
  };
  plan.pod = pod('a');
  if (happens(random, 0.3) &&
      plans_.size() + 1 < options_.candidates) {  // replaced by another pod some time of the day
    Nanos at = window_.begin + whole(random, 30, static_cast<int>(options_.minutes) - 30) * minute;
    Plan next = plan;
    next.pod = pod('b');
    plan.died = next.born = at;
    plans_.push_back(std::move(next));
  }
  plans_.push_back(std::move(plan));
}

void Incident::make_series(Random& random) {
  plans_.reserve(options_.candidates);
  for (std::uint32_t slot = 0; plans_.size() < options_.candidates; ++slot)
    for (std::uint32_t s = 0; s < options_.services && plans_.size() < options_.candidates; ++s)
      add_plan(random, s, slot);
  of_service_.resize(options_.services);
  for (std::size_t i = 0; i < plans_.size(); ++i) of_service_[plans_[i].service].push_back(i);
}

/// One series in eight changes its level some time of the day, and one in forty, but some forty at least, soon after
/// the target did, by more than anything that was planted: what people and machines do once an incident is there.
void Incident::change_for_nothing(Random& random) {
  const double soon_after = std::max(0.025, 40.0 / options_.candidates);
  for (Plan& plan : plans_) {
    if (plan.shape == Shape::flat) continue;
    if (happens(random, 0.12)) {
      for (int n = whole(random, 1, 2); n > 0; --n) {
        Nanos from = window_.begin + whole(random, 0, static_cast<int>(options_.minutes) - 1) * minute;
        Nanos until = happens(random, 0.5) ? from + whole(random, 20, 200) * minute : window_.end;
        plan.shifts.push_back({from, until, 0, either_way(random, real(random, 3, 20))});
      }
    }
    if (happens(random, soon_after)) {
      Nanos from = onset_ + whole(random, 4, 20) * minute;
      plan.shifts.push_back({from, window_.end, 0, either_way(random, real(random, 10, 40))});
    }
  }
}

/// Shifts `count` series of a service that can bear it, of steps so short that they show it.
void Incident::shift_some(Random& random, std::uint32_t service, Nanos at, int count, double least, double most,
                          std::vector<std::size_t>& shifted) {
  std::vector<std::size_t> able;
  for (std::size_t i : of_service_[service]) {
    const Plan& plan = plans_[i];
    bool lives = plan.born == 0 && plan.died == 0;
    if (lives && plan.shape != Shape::flat && plan.step <= minute && plan.gaps == 0 && plan.shifts.empty())
      able.push_back(i);
  }
  for (; count > 0 && !able.empty(); --count) {
    auto at_random = static_cast<std::size_t>(whole(random, 0, static_cast<int>(able.size()) - 1));
    std::size_t i = able[at_random];
    able.erase(able.begin() + static_cast<std::ptrdiff_t>(at_random));
    Nanos ramp = happens(random, 0.2) ? 3 * minute : 0;
    bool up = plans_[i].shape == Shape::sparse || plans_[i].shape == Shape::latency || happens(random, 0.7);
    double size = real(random, least, most);
    plans_[i].shifts.push_back({at, window_.end, ramp, up ? size : -size});
    shifted.push_back(i);
  }
}

/// Twenty a day, of which every second one shifts something.
void Incident::deploy(Random& random) {
  std::vector<std::size_t> shifted;
  for (int n = 0; n < 20; ++n) {
    auto service = static_cast<std::uint32_t>(whole(random, 1, static_cast<int>(options_.services) - 1));
    Nanos at = window_.begin + whole(random, 10, static_cast<int>(options_.minutes) - 10) * minute;
    events_.push_back({at, Labels({{"service", service_name(service)}, {"region", regions[regions_[service]]}}),
                       "deploy of " + service_name(service)});
    if (n % 2 == 0) shift_some(random, service, at, whole(random, 2, 5), 3, 10, shifted);
  }
}

void Incident::plant(Random& random) {
  auto root = static_cast<std::uint32_t>(
      whole(random, static_cast<int>(options_.services) / 4, static_cast<int>(options_.services) - 1));
  // How long after the cause each service notices: a minute or two for each call on the way.
  std::vector<Nanos> delay(options_.services, -1);
  delay[root] = 0;
  for (std::uint32_t s = root; s > 0; --s) {
    if (delay[s] < 0) continue;
    for (std::uint32_t caller : callers_[s]) {
      Nanos after = delay[s] + whole(random, 1, 2) * minute;
      if (delay[caller] < 0 || after < delay[caller]) delay[caller] = after;
    }
  }
  const Nanos begin = onset_ - delay[0];
  shift_some(random, root, begin, whole(random, 5, 12), options_.shift, 2 * options_.shift, planted_);
  for (std::uint32_t s = 1; s < root; ++s)
    if (delay[s] > 0)
      shift_some(random, s, begin + delay[s], whole(random, 1, 5), options_.shift / 2, 1.2 * options_.shift, cascade_);
}

/// What measures the slowness of the target elsewhere: probes, clients, burn rates. They have its cycle, follow its
/// change within minutes, correlate with it better than anything else, and explain nothing.
void Incident::mirror(Random& random) {
  const std::size_t count = std::max<std::size_t>(15, options_.candidates / 250);
  std::vector<std::size_t> able;
  for (std::size_t i = 0; i < plans_.size(); ++i) {
    const Plan& plan = plans_[i];
    const bool is_level = plan.shape == Shape::load || plan.shape == Shape::latency || plan.shape == Shape::plain;
    const bool is_whole = plan.born == 0 && plan.died == 0 && plan.step <= minute && plan.gaps == 0;
    if (is_level && is_whole && plan.kind == Kind::gauge && plan.shifts.empty()) able.push_back(i);
  }
  for (std::size_t n = 0; n < count && !able.empty(); ++n) {
    const auto at = static_cast<std::size_t>(whole(random, 0, static_cast<int>(able.size()) - 1));
    Plan& plan = plans_[able[at]];
    able.erase(able.begin() + static_cast<std::ptrdiff_t>(at));
    plan.shape = Shape::plain;
    plan.cycle = target_.cycle;
    plan.phase = target_.phase;
    const double size = target_.shifts[0].size * real(random, 1, 1.5);
    plan.shifts = {{onset_ + whole(random, 1, 3) * minute, window_.end, 0, size}};
  }
}

double Incident::cycle_at(Nanos t, double phase) const {
  double days = static_cast<double>(t - first_day) / static_cast<double>(day) + phase;
  double angle = 2 * std::numbers::pi * days;
  return 0.8 * std::sin(angle) + 0.25 * std::sin(2 * angle + 1) + 0.1 * std::sin(angle / 7);
}

double Incident::level_at(const Plan& plan, Nanos t) const {
  double level = 0;
  for (const Shift& shift : plan.shifts) {
    if (t < shift.from || t >= shift.until) continue;
    double part =
        shift.ramp ? std::min(1.0, static_cast<double>(t - shift.from + minute) / static_cast<double>(shift.ramp)) : 1;
    level += shift.size * part;
  }
  return level;
}

void Incident::write(const Plan& plan, std::uint64_t number, unsigned week, Samples& into) const {
  Random random(mixed(options_.seed) ^ mixed(number * 64 + week));
  into.kind = plan.kind;
  into.unit.clear();
  const Nanos start = window_.begin - static_cast<Nanos>(week) * 7 * day;
  into.assign({start, plan.step, static_cast<std::uint32_t>((window_.end - window_.begin) / plan.step)});
  Normal normal;
  const double per_week = 1 + 0.05 * normal(random);
  const double innovation = std::sqrt(1 - plan.phi * plan.phi);
  const Nanos sawtooth = (180 + static_cast<Nanos>(mixed(number) % 400)) * minute;
  const Nanos cron = static_cast<Nanos>(mixed(number) % 60) * minute;
  const double steps = static_cast<double>(plan.step) / static_cast<double>(second);
  double noise = normal(random), total = plan.base * real(random, 1e3, 1e5);
  for (std::uint32_t i = 0; i < into.grid.count; ++i) {
    const Nanos t = into.grid.at(i);
    noise = plan.phi * noise + innovation * normal(random);
    const bool lives =
        week > 0 ? plan.born == 0 : (plan.born == 0 || t >= plan.born) && (plan.died == 0 || t < plan.died);
    const bool is_lost = plan.gaps > 0 && happens(random, plan.gaps);
    double level = week == 0 ? level_at(plan, t) : 0;
    double value = plan.base;
    switch (plan.shape) {
      case Shape::flat: break;
      case Shape::sparse: {
        double rate = plan.base * (1 + 0.3 * per_week * cycle_at(t, plan.phase)) * steps / 60;
        double more = level * std::sqrt(rate) + (level > 0 ? 2 : 0);
        value = Poisson(std::max(1e-6, rate + more))(random);
        break;
      }
      case Shape::latency:
        if (happens(random, 0.01)) noise += real(random, 5, 20);
        [[fallthrough]];
      default:
        if (plan.shape == Shape::drift)
          level += 20.0 * static_cast<double>((t + cron) % sawtooth) / static_cast<double>(sawtooth);
        if (plan.shape == Shape::cron && (t - cron) % hour < 4 * minute) level += 12;
        value += plan.sigma * (plan.cycle * per_week * cycle_at(t, plan.phase) + noise + level);
    }
    if (plan.shape == Shape::latency && noise > 5) noise -= 5;  // spikes do not last
    if (plan.kind == Kind::counter) {
      if (happens(random, 1.0 / 2000)) total = 0;
      total += plan.shape == Shape::sparse ? value : std::max(0.0, value) * steps;
      value = total;
    }
    if (!lives) {
      if (plan.died && t >= plan.died && t < plan.died + plan.step) into.lose(i, Missing::stale);
      continue;
    }
    if (!is_lost) into.set(i, value);
  }
}

Labels Incident::labels(std::size_t i) const {
  const Plan& plan = plans_[i];
  const Metric& metric = metrics[plan.slot % metrics.size()];
  std::string replica = std::to_string(plan.slot / metrics.size());
  return Labels({{std::string(metric_label), metric.name},
                 {"service", service_name(plan.service)},
                 {"region", regions[regions_[plan.service]]},
                 {"shard", replica},
                 {"pod", plan.pod}});
}

void Incident::read(std::size_t i, unsigned week, Samples& into) const { write(plans_[i], i, week, into); }

Labels Incident::target_labels() const {
  return Labels({{std::string(metric_label), "page_latency_p99"},
                 {"service", service_name(0)},
                 {"region", regions[regions_[0]]}});
}

void Incident::read_target(unsigned week, Samples& into) const { write(target_, 1'000'000'007, week, into); }

std::vector<Call> Incident::calls() const {
  std::vector<Call> calls;
  for (std::uint32_t s = 0; s < options_.services; ++s)
    for (std::uint32_t caller : callers_[s]) calls.push_back({service_name(caller), service_name(s)});
  return calls;
}

}  // namespace backlot::signals::incidents
