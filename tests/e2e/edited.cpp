// One flow as its file was and as it was edited since: EDIT names the version. `check` fails where FAILS is set.
#include <cstdlib>
#include <stdexcept>
#include <string_view>

#include "backlot/sdk/flow.h"

using namespace backlot;

struct Steps {
  Parameter<std::string> mode{"Which way", "b"};
  Parameter<bool> more{"Whether to pass once more", true};
  Artifact<std::vector<int>> list, other;
  Artifact<std::string> took, trace;
  Artifact<int> sum, each;
  BACKLOT_FIELDS(mode, more, list, other, took, trace, sum, each)

  void start() {
    list = {1, 2, 3};
    other = {10, 20};
    took = "nothing";
    trace = "start";
  }
  void a() { took = "a"; }
  void b() { took = "b"; }
  void z() { took = "z"; }
  void body() { trace.edit() += " body"; }
  void work(const int& item) { each = item; }
  void first() { trace.edit() += " first"; }
  void second() { trace.edit() += " second"; }
  void extra() { trace.edit() += " extra"; }
  void check() {
    if (std::getenv("FAILS")) throw std::runtime_error("as asked");
  }
  void end() {}
};

// start -> choose mode (b | otherwise a) -> loop more (body) -> foreach list (work) join -> first -> second -> check ->
// end
#define VERSION(name, ...)          \
  namespace name {                  \
  struct Edited : Steps {           \
    BACKLOT_FIELDS(Steps::fields)   \
    template <class F>              \
    static constexpr auto graph() { \
      return chain(__VA_ARGS__);    \
    }                               \
  };                                \
  }

#define START step<&F::start>
#define MODE choose<&F::mode>(when<"b">(step<&F::b>), otherwise(step<&F::a>))
#define MORE loop<&F::more>(step<&F::body>).at_most(3)
#define JOINED                                                   \
  join(step<"join">([](F& f, const Inputs<F, int>& in) {         \
    f.took = *in[0]->took;                                       \
    f.trace = *in[0]->trace;                                     \
    f.sum = 0;                                                   \
    for (const auto& branch : in) f.sum.edit() += *branch->each; \
  }))
#define LIST \
  foreach    \
  <&F::list>(step<&F::work>).JOINED
#define LAST step<&F::check>, step<&F::end>

VERSION(as_it_was, START, MODE, MORE, LIST, step<&F::first>, step<&F::second>, LAST)
VERSION(case_before, START, choose<&F::mode>(when<"z">(step<&F::z>), when<"b">(step<&F::b>), otherwise(step<&F::a>)),
        MORE, LIST, step<&F::first>, step<&F::second>, LAST)
VERSION(other_list, START, MODE, MORE, foreach<&F::other>(step<&F::work>).JOINED, step<&F::first>, step<&F::second>,
        LAST)
VERSION(swapped, START, MODE, MORE, LIST, step<&F::second>, step<&F::first>, LAST)
VERSION(lower_bound, START, MODE, loop<&F::more>(step<&F::body>).at_most(2), LIST, step<&F::first>, step<&F::second>,
        LAST)
VERSION(choose_inserted, START, MODE, MORE, LIST, step<&F::first>,
        choose<&F::more>(when<true>(step<&F::extra>), otherwise()), step<&F::second>, LAST)
VERSION(step_inserted, START, MODE, MORE, LIST, step<&F::first>, step<&F::extra>, step<&F::second>, LAST)
VERSION(other_start, step<"begin">([](F&) {}), START, MODE, MORE, LIST, step<&F::first>, step<&F::second>, LAST)

int main(int argc, char** argv) {
  const char* edit = std::getenv("EDIT");
  std::string_view version = edit ? edit : "as_it_was";
#define RUN(name) \
  if (version == #name) return backlot::main<name::Edited>(argc, argv)
  RUN(as_it_was);
  RUN(case_before);
  RUN(other_list);
  RUN(swapped);
  RUN(lower_bound);
  RUN(choose_inserted);
  RUN(step_inserted);
  RUN(other_start);
  return 3;
}
