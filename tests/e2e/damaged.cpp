// A flow with a value in each place where values lie: in the catalog, in a pack, in a blob that is mapped, in one that
// is compressed. `check` fails where FAILS is set (and with `wait` is there to be killed), so that `last` is what a
// resume runs: it reads everything.
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <numeric>
#include <stdexcept>
#include <string_view>
#include <thread>

#include "backlot/sdk/flow.h"

using namespace backlot;

struct Damaged {
  Artifact<double> inlined;
  Artifact<std::string> packed_a, packed_b, prose;
  Artifact<Tensor<double>> mapped;
  Artifact<std::string> seen;
  BACKLOT_FIELDS(inlined, packed_a, packed_b, prose, mapped, seen)

  void start() {
    inlined = 9675.13;
    packed_a = std::string(900, 'a');
    packed_b = std::string(1100, 'b');
    std::string text;
    for (int i = 0; i < 4000; ++i) text += "line " + std::to_string(i) + " of a text\n";
    prose = text;
    std::vector<double> numbers(200'000);
    for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = 1.5 * static_cast<double>(i * i % 1009);
    mapped = Tensor<double>(numbers);
    for (int i = 0; i < 200; ++i) std::printf("printed line %d\n", i);
  }
  void check() {
    const char* fails = std::getenv("FAILS");
    if (!fails) return;
    if (std::string_view(fails) != "wait") throw std::runtime_error("as asked");
    std::ofstream(std::string(std::getenv("BACKLOT_HOME")) + "/in-check").put('x');  // to be killed
    std::this_thread::sleep_for(std::chrono::minutes(1));
  }
  void last() {
    auto sum_of = [](const std::string& text) { return std::accumulate(text.begin(), text.end(), 0L); };
    double sum = 0;
    for (double n : mapped->data()) sum += n;
    seen = std::to_string(*inlined) + " " + std::to_string(sum_of(*packed_a)) + " " +
           std::to_string(sum_of(*packed_b)) + " " + std::to_string(sum_of(*prose)) + " " + std::to_string(sum);
  }
  template <class F>
  static constexpr auto graph() {
    return chain(step<&F::start>, step<&F::check>, step<&F::last>);
  }
};

int main(int argc, char** argv) { return backlot::main<Damaged>(argc, argv); }
