// A flow whose tasks misbehave on demand, to see what the engine makes of it and how `resume` goes on:
//   chaos run Chaos --items ok --items segfault --items sleep:0.2
// An item is what one task does; behind a colon stands a number that some of them take.
#pragma once
#include <chrono>
#include <cstdio>
#include <map>
#include <string>
#include <vector>

#include "backlot/sdk/flow.h"
#include "flows/behaviours.h"

/// Every failure ends the run.
struct Chaos {
  backlot::Parameter<std::vector<std::string>> items{"What each task does", std::vector<std::string>{"ok"}};
  backlot::Artifact<std::string> did, failure;
  backlot::Artifact<std::map<std::string, int>> ended;
  BACKLOT_FIELDS(items, did, failure, ended)

  void start() {}
  void work(const std::string& item) {
    chaos::behave(item);
    did = item;
  }
  void collect(const backlot::Inputs<Chaos, std::string>& branches) {
    for (const auto& branch : branches)
      ++ended.edit()[branch->failure.has() ? *branch->failure : "did " + *branch->did];
  }
  void end() {
    for (const auto& [how, tasks] : *ended) std::printf("%d x %s\n", tasks, how.c_str());
  }

  template <class F>
  static constexpr auto graph_with(auto work) {
    using namespace backlot;
    return chain(step<&F::start>, foreach<&F::items>(work).join(step<&F::collect>), step<&F::end>);
  }
  template <class F>
  static constexpr auto graph() {
    return graph_with<F>(backlot::step<&F::work>);
  }
};

/// The same, and each task has three attempts.
struct Retried : Chaos {
  template <class F>
  static constexpr auto graph() {
    return graph_with<F>(backlot::step<&F::work>.retry({.times = 2, .delay = std::chrono::milliseconds(50)}));
  }
};

/// The same, and each task has a second.
struct Timed : Chaos {
  template <class F>
  static constexpr auto graph() {
    return graph_with<F>(backlot::step<&F::work>.timeout(std::chrono::seconds(1)));
  }
};

/// Two attempts of a second each; then the failure becomes a text and the run goes on.
struct Caught : Chaos {
  template <class F>
  static constexpr auto graph() {
    return graph_with<F>(
        backlot::step<&F::work>.retry({.times = 1}).timeout(std::chrono::seconds(1)).catch_into(&F::failure));
  }
};
