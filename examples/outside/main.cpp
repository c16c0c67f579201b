#include "backlot/sdk/flow.h"

struct Squares {
  backlot::Parameter<std::vector<int>> numbers{"What to square", std::vector{1, 2, 3}};
  backlot::Artifact<int> square, sum;
  BACKLOT_FIELDS(numbers, square, sum)

  void start() {}
  void compute(const int& number) { square = number * number; }
  void add(const backlot::Inputs<Squares, int>& branches) {
    for (const auto& branch : branches) sum.edit() += *branch->square;
  }

  template <class F>
  static constexpr auto graph() {
    using namespace backlot;
    return chain(step<&F::start>, foreach<&F::numbers>(step<&F::compute>).join(step<&F::add>));
  }
};

int main(int argc, char** argv) { return backlot::main<Squares>(argc, argv); }
