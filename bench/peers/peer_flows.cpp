// Our side of the peer bench; metaflow_flows/ has the same flows by the same names for Metaflow.
#include <cstdint>
#include <numeric>

#include "backlot/sdk/flow.h"

using namespace backlot;

/// Three steps in a row that add up to `sum`.
struct Linear {
  Artifact<std::int64_t> sum;
  BACKLOT_FIELDS(sum)
  void start() { sum = 1; }
  void middle() { sum = *sum + 2; }
  void end() { sum = *sum + 3; }
  template <class F>
  static constexpr auto graph() {
    return chain(step<&F::start>, step<&F::middle>, step<&F::end>);
  }
};

/// 50 trivial tasks, and a join that sums what they left.
struct Wide {
  Artifact<std::vector<int>> items;
  Artifact<int> value;
  Artifact<std::int64_t> sum;
  BACKLOT_FIELDS(items, value, sum)
  void start() {
    items.edit().resize(50);
    std::iota(items.edit().begin(), items.edit().end(), 0);
  }
  void work(const int& item) { value = item; }
  void join(const Inputs<Wide, int>& in) {
    std::int64_t all = 0;
    for (const auto& branch : in) all += *branch->value;
    sum = all;
  }
  void end() {}
  template <class F>
  static constexpr auto graph() {
    return chain(step<&F::start>, foreach<&F::items>(step<&F::work>).join(step<&F::join>), step<&F::end>);
  }
};

/// 200 MB of random doubles as one artifact, saved in one step and read whole in the next. `lost` is 0 when what came
/// back is what was saved.
struct Doubles {
  Artifact<Tensor<double>> noise;
  Artifact<double> saved, sum, lost;
  BACKLOT_FIELDS(noise, saved, sum, lost)
  static double total(std::span<const double> all) { return std::accumulate(all.begin(), all.end(), 0.0); }
  void start() {
    std::vector<double> all(25'000'000);
    std::uint64_t state = 7;
    for (double& x : all) {  // splitmix64: incompressible, and soon done
      std::uint64_t z = state += 0x9e3779b97f4a7c15;
      z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
      z = (z ^ z >> 27) * 0x94d049bb133111eb;
      x = static_cast<double>((z ^ z >> 31) >> 11) * 0x1p-53;
    }
    saved = total(all);
    noise = Tensor<double>(std::move(all));
  }
  void end() {
    sum = total(noise->data());
    lost = *sum - *saved;
  }
  template <class F>
  static constexpr auto graph() {
    return chain(step<&F::start>, step<&F::end>);
  }
};

int main(int argc, char** argv) { return backlot::main<Linear, Wide, Doubles>(argc, argv); }
