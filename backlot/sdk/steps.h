// step<&F::compute> and step<"clean">([](F& f) {...}): the steps of a graph, with their decorators.
//
// A decorator is added by chaining, each at most once: step<&F::fit>.retry({.times = 3}).timeout(5min).
#pragma once
#include <array>
#include <chrono>
#include <cstdint>
#include <tuple>
#include <type_traits>
#include <utility>

#include "backlot/flow/decorators.h"
#include "backlot/sdk/artifact.h"
#include "backlot/sdk/inputs.h"
#include "backlot/sdk/program.h"
#include "backlot/value/name.h"

namespace backlot {

inline namespace literals {
constexpr std::uint64_t operator""_KiB(unsigned long long n) { return n << 10; }
constexpr std::uint64_t operator""_MiB(unsigned long long n) { return n << 20; }
constexpr std::uint64_t operator""_GiB(unsigned long long n) { return n << 30; }
}  // namespace literals

/// What .cache takes: a version replaces the code's hash in the key of the step's cache.
struct Cache {
  std::string_view version{};
};

namespace sdk {

/// How many of a step's arguments are items of foreachs.
template <class Arguments>
inline constexpr std::size_t item_count = 0;
template <class... A>
inline constexpr std::size_t item_count<std::tuple<A...>> = ((input_kind<A> == InputKind::item) + ... + 0);

/// A step's items are the innermost ones, outermost first, before any Inputs.
template <class Items, class Arguments>
consteval bool items_fit() {
  constexpr std::size_t around = std::tuple_size_v<Items>, taken = item_count<Arguments>;
  if constexpr (taken > around)
    return false;
  else
    return []<std::size_t... J>(std::index_sequence<J...>) {
      return (std::is_same_v<std::tuple_element_t<J, Arguments>, std::tuple_element_t<around - taken + J, Items>> &&
              ...);
    }
  (std::make_index_sequence<taken>{});
}

/// One argument of a step: item `item` of the call, or its branches.
template <class A, class F>
A argument(const Call& call, [[maybe_unused]] std::size_t item) {
  if constexpr (input_kind<A> == InputKind::inputs)
    return A(*call.branches);
  else if constexpr (input_kind<A> == InputKind::from)
    return A(*call.branches, call.branches->find(A::name()));
  else
    return read_item<A>(call.items[item], *call.loader);
}

/// Which decorators a step has been given.
namespace given {
inline constexpr unsigned retry = 1, timeout = 2, resources = 4, cache = 8, pure = 16, catch_into = 32,
                          environment = 64, priority = 128, pool = 256;
}

/// A step of a graph. K names it: a member function, or a text (then Fn is the type of its lambda). Catch is the
/// member pointer given to catch_into.
template <auto K, class Fn = void, unsigned Given = 0, class Catch = std::nullptr_t>
struct Step {
  static constexpr bool is_piece = true;
  static constexpr bool is_text = std::is_array_v<decltype(K.value)>;
  static constexpr bool is_lambda = !std::is_void_v<Fn>;
  using Member = std::remove_cv_t<decltype(K.value)>;

  StepOptions options{};
  Catch caught{};

  static constexpr std::string_view name() {
    if constexpr (is_text)
      return K.value;
    else
      return name_of<K.value>();
  }
  /// The step that a piece begins with.
  static constexpr std::string_view head() { return name(); }

  template <class L>
  constexpr auto operator()(L) const {
    static_assert(is_text && !is_lambda, "step: a lambda needs a name of its own: step<\"name\">([](Flow& f) {...})");
    static_assert(std::is_empty_v<L>, "step: a lambda step captures nothing; what it needs are the flow's fields");
    return Step<K, L>{};
  }

  /// Tries again after failures of the kinds that Retry::on names, or of any.
  constexpr auto retry(Retry r) const {
    static_assert(!(Given & given::retry), "retry is given twice for this step");
    return with<given::retry>(&StepOptions::retry, r);
  }
  /// Ends a task that runs longer.
  constexpr auto timeout(Duration t) const {
    static_assert(!(Given & given::timeout), "timeout is given twice for this step");
    return with<given::timeout>(&StepOptions::timeout, t);
  }
  /// What a task needs while it runs: it waits until that is free.
  constexpr auto resources(Resources r) const {
    static_assert(!(Given & given::resources), "resources is given twice for this step");
    return with<given::resources>(&StepOptions::resources, r);
  }
  /// Takes the result of an earlier task of this step that read the same values.
  constexpr auto cache(Cache c = {}) const {
    static_assert(!(Given & given::cache), "cache is given twice for this step");
    auto next = with<given::cache>(&StepOptions::cache, true);
    next.options.cache_version = c.version;
    return next;
  }
  /// Has no effect but its artifacts: many items may run in one process.
  constexpr auto pure() const {
    static_assert(!(Given & given::pure), "pure is given twice for this step");
    return with<given::pure>(&StepOptions::pure, true);
  }
  /// Larger goes first among the tasks that are ready.
  constexpr auto priority(int p) const {
    static_assert(!(Given & given::priority), "priority is given twice for this step");
    return with<given::priority>(&StepOptions::priority, p);
  }
  /// Runs at most as many tasks at once as the pool has places.
  constexpr auto pool(std::string_view name) const {
    static_assert(!(Given & given::pool), "pool is given twice for this step");
    return with<given::pool>(&StepOptions::pool, name);
  }
  /// Environment variables of the task's process: .environment({{"OMP_NUM_THREADS", "1"}}).
  template <std::size_t N>
  constexpr auto environment(const EnvironmentVariable (&variables)[N]) const {
    static_assert(!(Given & given::environment), "environment is given twice for this step");
    static_assert(N <= StepOptions::most_variables, "environment: takes at most 8 variables");
    auto next = with<given::environment>(&StepOptions::variable_count, N);
    for (std::size_t i = 0; i < N; ++i) next.options.variables[i] = variables[i];
    return next;
  }
  /// When the last attempt has failed, its failure goes into a text artifact and the run goes on.
  template <class A>
  constexpr auto catch_into(A artifact) const {
    static_assert(!(Given & given::catch_into), "catch_into is given twice for this step");
    static_assert(is_text_artifact<A>, "catch_into: names an Artifact<std::string> of the flow");
    return Step<K, Fn, Given | given::catch_into, A>{options, artifact};
  }

  /// The arguments after the flow.
  static auto arguments() {
    if constexpr (is_lambda)
      return std::type_identity<typename Signature<decltype(&Fn::operator())>::AfterFirst>{};
    else
      return std::type_identity<typename Signature<Member>::Arguments>{};
  }
  using Arguments = typename decltype(arguments())::type;

  /// Adds the step to the program of flow F, with the items of the foreachs around it.
  template <class F, class... Items>
  NodeId add(Program& program, NodeKind kind = NodeKind::step) const {
    if constexpr (is_text)
      static_assert(is_lambda, "step: step<\"name\"> is followed by its lambda: step<\"name\">([](Flow& f) {...})");
    else
      static_assert(Signature<Member>::is_step, "step: name a void member function of the flow");
    static_assert(items_fit<std::tuple<Items...>, Arguments>(),
                  "step: its arguments must be the items of the foreach around it (the innermost ones, outermost "
                  "first)");
    NodeId id = program.add(name(), kind, {.run = &run<F, sizeof...(Items)>});
    program.decorate(id, options);
    if constexpr (Given & given::catch_into) program.catch_into(id, &(program.example<F>().*caught));
    return id;
  }

 private:
  template <unsigned Bit>
  constexpr auto with(auto StepOptions::*option, auto value) const {
    auto next = options;
    next.*option = value;
    return Step<K, Fn, Given | Bit, Catch>{next, caught};
  }

  template <class F, std::size_t around>
  static void run(void* flow, const Call& call) {
    F& f = *static_cast<F*>(flow);
    constexpr std::size_t skip = around - item_count<Arguments>;
    [&]<std::size_t... J>(std::index_sequence<J...>) {
      if constexpr (is_lambda)
        Fn{}(f, argument<std::tuple_element_t<J, Arguments>, F>(call, skip + J)...);
      else
        (f.*K.value)(argument<std::tuple_element_t<J, Arguments>, F>(call, skip + J)...);
    }
    (std::make_index_sequence<std::tuple_size_v<Arguments>>{});
  }
};

}  // namespace sdk

/// A step of the graph: a member function of the flow, or a name followed by a lambda that captures nothing.
template <Key K>
inline constexpr sdk::Step<K> step{};

}  // namespace backlot
