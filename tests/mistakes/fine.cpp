// fine
#include "base.h"

struct Flowed : Base {
  struct Fit {
    double slope = 1;
    std::vector<Fit> others;
    BACKLOT_FIELDS(slope, others)
  };
  Artifact<Tensor<double>> weights;
  Artifact<std::optional<Fit>> best;
  Artifact<std::pair<int, Fit>> numbered;
  BACKLOT_FIELDS(Base::fields, weights, best, numbered)
  template <class F>
  static constexpr auto graph() {
    return chain(step<&F::start>, foreach<&F::names>(step<&F::each>).join(step<&F::gather>),
                 split(step<&F::left>, step<&F::right>).join(step<&F::both>),
                 choose<&F::size>(when<Size::large>(step<"big">([](F&) {})), otherwise()),
                 loop<&F::again>(step<"last">([](F&) {})).at_most(3), step<"end">([](F&) {}));
  }
};
auto code = flow_code<Flowed>();
