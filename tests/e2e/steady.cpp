// A flow for the kill test: nested foreach, loop, values of every size, and an outcome that does not depend on luck.
#include <numeric>
#include <thread>

#include "backlot/sdk/flow.h"

using namespace backlot;

struct Steady {
  Parameter<int> width{"Items of the foreach", 12};
  Parameter<int> pause_ms{"How long each task takes", 2};
  Artifact<std::vector<int>> items;
  Artifact<std::vector<std::string>> parts;
  Artifact<std::vector<double>> noise;
  Artifact<double> sum;
  Artifact<int> pass;
  BACKLOT_FIELDS(width, pause_ms, items, parts, noise, sum, pass)

  bool again() const { return *pass < 2; }
  void pause() const { std::this_thread::sleep_for(std::chrono::milliseconds(*pause_ms)); }

  void start() {
    items.edit().resize(static_cast<std::size_t>(*width));
    std::iota(items.edit().begin(), items.edit().end(), 0);
    pass = 0;
  }
  void spread(const int& item) {
    parts = std::vector<std::string>{"a" + std::to_string(item), "b", "c"};
    std::printf("spreading %d\n", item);
  }
  void work(const int& item, const std::string& part) {
    pause();
    auto& numbers = noise.edit();
    numbers.resize(static_cast<std::size_t>(10 + 3000 * (item % 4)));
    double x = static_cast<double>(current().seed() % 1000) + static_cast<double>(part.size());
    for (double& n : numbers) n = x = x * 1.000001 + item;
    sum = std::accumulate(numbers.begin(), numbers.end(), 0.0);
  }
  void inner(const Inputs<Steady, std::string>& in) {
    sum = 0;
    for (const auto& branch : in) sum.edit() += *branch->sum;
  }
  void outer(const Inputs<Steady, int>& in) {
    sum = 0;
    for (const auto& branch : in) sum.edit() += *branch->sum;
    pass = 0;
  }
  void refine() {
    pause();
    pass.edit()++;
    sum.edit() *= 1.5;
  }
  void end() { std::printf("sum %.6f\n", *sum); }

  template <class F>
  static constexpr auto graph() {
    return chain(step<&F::start>,
                 foreach<&F::items>(step<&F::spread>, foreach<&F::parts>(step<&F::work>).join(step<&F::inner>))
                     .join(step<&F::outer>),
                 loop<&F::again>(step<&F::refine>).at_most(5), step<&F::end>);
  }
};

int main(int argc, char** argv) { return backlot::main<Steady>(argc, argv); }
