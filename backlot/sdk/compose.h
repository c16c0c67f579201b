// How steps become a graph: chain, foreach, split, choose, loop. Every piece is a value; what names stands in angle
// brackets, what composes in parentheses. A graph is balanced by construction: a foreach or split without its join, a
// loop without a bound and a choose without otherwise do not compile.
#pragma once
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include "backlot/sdk/inputs.h"
#include "backlot/sdk/program.h"
#include "backlot/sdk/steps.h"
#include "backlot/value/name.h"

namespace backlot {

namespace sdk {

template <class P>
concept Piece = requires {
  P::is_piece;
};

template <class P>
inline constexpr bool is_join = false;
template <class P>
requires requires { typename P::Arguments; }
inline constexpr bool is_join<P> = item_count<typename P::Arguments> != std::tuple_size_v<typename P::Arguments>;

/// Pieces one after another.
template <class... P>
struct Chain {
  static_assert((Piece<P> && ...),
                "unfinished: a foreach or split ends with .join(step<&Flow::name>), a loop with .at_most(n)");
  static_assert((!is_join<P> && ...), "join: a step that takes Inputs or From belongs into .join(...)");
  static constexpr bool is_piece = true;
  std::tuple<P...> pieces;

  /// The step it begins with, or "" when it begins with something else.
  static constexpr std::string_view head() {
    if constexpr (sizeof...(P) > 0)
      if constexpr (requires { std::tuple_element_t<0, std::tuple<P...>>::head(); })
        return std::tuple_element_t<0, std::tuple<P...>>::head();
    return "";
  }
  template <class F, class... Items>
  void add(Program& program) const {
    std::apply([&](const auto&... p) { (p.template add<F, Items...>(program), ...); }, pieces);
  }
};

template <class... P>
constexpr auto as_chain(Chain<P...> c) {
  return c;
}
template <class P>
constexpr auto as_chain(P p) {
  return Chain<P>{{p}};
}

// --- what foreach, choose and loop ask -----------------------------------------------------------------------------

/// True for an artifact or parameter of F, and for a const member function of it without arguments.
template <auto S, class F>
concept Readable = (std::is_member_function_pointer_v<decltype(S)> && std::is_invocable_v<decltype(S), const F&>) ||
                   (!std::is_member_function_pointer_v<decltype(S)> && requires(const F& f) { *(f.*S); });

template <auto S, class F>
decltype(auto) read(const F& flow) {
  if constexpr (std::is_member_function_pointer_v<decltype(S)>)
    return (flow.*S)();
  else
    return *(flow.*S);
}
template <auto S, class F>
using Read = std::remove_cvref_t<decltype(read<S, F>(std::declval<const F&>()))>;

template <auto S, class F>
struct ReadOrVoid : std::type_identity<void> {};
template <auto S, class F>
requires Readable<S, F>
struct ReadOrVoid<S, F> : std::type_identity<Read<S, F>> {
};

template <class List>
inline constexpr bool is_list = false;
template <class T, class A>
inline constexpr bool is_list<std::vector<T, A>> = true;

// --- foreach and split ---------------------------------------------------------------------------------------------

/// A foreach or split with its join.
template <class Body, class Join>
struct Joined {
  static constexpr bool is_piece = true;
  Body body;
  Join join;

  template <class F, class... Items>
  void add(Program& program) const {
    NodeId outer = program.inside();
    NodeId opened = body.template open<F, Join, Items...>(program);
    program.enter(outer);
    program.match(opened, join.template add<F, Items...>(program, NodeKind::join));
  }
};
template <class Self>
struct Joinable {
  /// The step that receives all branches.
  template <class Join>
  constexpr auto join(Join j) const {
    return Joined<Self, Join>{static_cast<const Self&>(*this), j};
  }
};

template <class A, class F, class Item>
inline constexpr bool takes_items = false;
template <class C, class F, class Item>
inline constexpr bool takes_items<Inputs<C, Item>, F, Item> = std::is_base_of_v<C, F>;
template <class Arguments, class F, class Item>
inline constexpr bool joins_items = false;
template <class... A, class F, class Item>
inline constexpr bool joins_items<std::tuple<A...>, F, Item> = (takes_items<A, F, Item> + ... + 0) == 1;

template <auto L, class Body>
struct Foreach : Joinable<Foreach<L, Body>> {
  Body body;
  constexpr explicit Foreach(Body b) : body(b) {}

  template <class F, class Join, class... Items>
  NodeId open(Program& program) const {
    using List = typename ReadOrVoid<L, F>::type;
    static_assert(Body::head() != "", "foreach: its body begins with a step");
    static_assert(is_list<List>,
                  "foreach: runs over a list: a std::vector in an artifact or parameter, or returned by a const member "
                  "function");
    if constexpr (is_list<List>) {
      using Item = typename List::value_type;
      static_assert(joins_items<typename Join::Arguments, F, Item>,
                    "join: of a foreach takes const Inputs<Flow, Item>&, with the type of the list's items");
      NodeId id = program.add(name_of<L>(), NodeKind::foreach, {.list = &list<F>});
      program.enter(id);
      body.template add<F, Items..., Item>(program);
      return id;
    } else {
      return no_node;
    }
  }

 private:
  template <class F>
  static SavedList list(const void* flow, [[maybe_unused]] ValueSaver& saver) {
    const auto& all = read<L>(*static_cast<const F*>(flow));
    if constexpr (std::is_member_function_pointer_v<decltype(L)>)
      return {all.size(), value_ops<std::remove_cvref_t<decltype(all)>>().save(&all, saver)};
    else
      return {all.size(), {}};
  }
};

template <class... B>
struct Split : Joinable<Split<B...>> {
  std::tuple<B...> branches;
  constexpr explicit Split(B... b) : branches(b...) {}

  template <class A>
  static consteval bool is_branch() {
    if constexpr (input_kind<A> == InputKind::from)
      return ((B::head() == A::name()) || ...);
    else if constexpr (input_kind<A> == InputKind::inputs)
      return std::is_void_v<typename A::item_type>;
    else
      return true;
  }
  template <class... A>
  static consteval bool are_branches(std::type_identity<std::tuple<A...>>) {
    return (is_branch<A>() && ...);
  }
  template <class F, class Join, class... Items>
  NodeId open(Program& program) const {
    static_assert(((B::head() != "") && ...), "split: each branch begins with a step");
    static_assert(is_join<Join>, "join: of a split takes From<&Flow::step> or const Inputs<Flow>&");
    static_assert(
        are_branches(std::type_identity<typename Join::Arguments>{}),
        "join: From<&Flow::step> names the first step of a branch of this split; Inputs<Flow> takes them all");
    NodeId id = program.add("split", NodeKind::split, {});
    auto outer = program.begin_branches();
    auto add_branch = [&](const auto& b) {
      program.branch(id, b.head());
      program.enter(id);
      b.template add<F, Items...>(program);
      program.end_branch();
    };
    std::apply([&](const auto&... b) { (add_branch(b), ...); }, branches);
    program.end_branches(std::move(outer));
    return id;
  }
};

// --- choose --------------------------------------------------------------------------------------------------------

template <auto V, class Body>
struct When {
  static constexpr bool is_last = false;
  static constexpr bool is_text = std::is_array_v<decltype(V.value)>;
  Body body;

  static bool matches(const auto& value) {
    if constexpr (is_text)
      return value == std::string_view(V.value);
    else
      return value == V.value;
  }
  template <class T>
  static consteval bool fits() {
    if constexpr (is_text)
      return std::is_convertible_v<T, std::string_view>;
    else
      return std::is_same_v<T, std::remove_cv_t<decltype(V.value)>>;
  }
  static std::string_view label() {
    if constexpr (is_text)
      return V.value;
    else
      return name_of<V.value>();
  }
};

template <class Body>
struct Otherwise {
  static constexpr bool is_last = true;
  Body body;

  static bool matches(const auto&) { return true; }
  template <class T>
  static consteval bool fits() {
    return true;
  }
  static std::string_view label() { return "otherwise"; }
};

template <auto S, class... Case>
struct Choose {
  static constexpr bool is_piece = true;
  std::tuple<Case...> cases;

  template <class F, class... Items>
  void add(Program& program) const {
    static_assert(Readable<S, F>, "choose: asks an artifact, a parameter or a const member function of the flow");
    using Asked = typename ReadOrVoid<S, F>::type;
    static_assert((Case::template fits<Asked>() && ...),
                  "choose: when<value> must have the type of what it is compared with");
    static_assert(std::tuple_element_t<sizeof...(Case) - 1, std::tuple<Case...>>::is_last,
                  "choose: the last case is otherwise(...); otherwise() goes straight on");
    if constexpr (Readable<S, F>) {
      NodeId id = program.add(name_of<S>(), NodeKind::choose, {.route = &route<F>});
      auto outer = program.begin_branches();
      auto add_case = [&](const auto& c) {
        program.branch(id, c.label());
        c.body.template add<F, Items...>(program);
        program.end_branch();
      };
      std::apply([&](const auto&... c) { (add_case(c), ...); }, cases);
      program.end_branches(std::move(outer));
    }
  }

 private:
  template <class F>
  static std::uint64_t route(const void* flow) {
    std::uint64_t taken = 0;
    const auto& value = read<S>(*static_cast<const F*>(flow));
    (void)((Case::matches(value) || (++taken, false)) || ...);
    return taken;
  }
};

// --- loop ----------------------------------------------------------------------------------------------------------

template <auto S, class Body>
struct Loop {
  static constexpr bool is_piece = true;
  Body body;
  int most;

  static constexpr std::string_view head() { return Body::head(); }
  template <class F, class... Items>
  void add(Program& program) const {
    using Asked = typename ReadOrVoid<S, F>::type;
    static_assert(std::is_same_v<Asked, bool>, "loop: repeats while a bool artifact or member function says so");
    if constexpr (std::is_same_v<Asked, bool>) {
      NodeId first = program.size();
      body.template add<F, Items...>(program);
      auto again = [](const void* flow) { return static_cast<std::uint64_t>(read<S>(*static_cast<const F*>(flow))); };
      program.back_edge(program.add(name_of<S>(), NodeKind::loop, {.route = again}, most), first);
    }
  }
};
template <auto S, class Body>
struct UnboundedLoop {
  Body body;
  /// The largest number of passes; when it is reached, the flow goes on.
  constexpr auto at_most(int passes) const { return Loop<S, Body>{body, passes}; }
};

}  // namespace sdk

/// One after another: chain(step<&F::start>, …, step<&F::end>).
template <class... P>
constexpr sdk::Chain<P...> chain(P... pieces) {
  return {{pieces...}};
}

/// The pieces once for each item of a list: foreach<&F::genres>(step<&F::compute>).join(step<&F::collect>). The list is
/// an artifact, a parameter or a const member function.
template <auto List, class... P>
constexpr auto foreach (P... pieces) {
  return sdk::Foreach<List, sdk::Chain<P...>>{chain(pieces...)};
}

/// Branches that run side by side: split(step<&F::fast>, chain(step<&F::slow>, …)).join(step<&F::agree>).
template <class... B>
constexpr auto split(B... branches) {
  return sdk::Split<decltype(sdk::as_chain(branches))...>{sdk::as_chain(branches)...};
}

/// One of several ways on: choose<&F::mode>(when<"full">(step<&F::train>), otherwise()).
template <auto Asked, class... Case>
constexpr auto choose(Case... cases) {
  return sdk::Choose<Asked, Case...>{{cases...}};
}
template <Key Value, class... P>
constexpr auto when(P... pieces) {
  return sdk::When<Value, sdk::Chain<P...>>{chain(pieces...)};
}
template <class... P>
constexpr auto otherwise(P... pieces) {
  return sdk::Otherwise<sdk::Chain<P...>>{chain(pieces...)};
}

/// The pieces run, then again while a bool says so: loop<&F::again>(step<&F::train>).at_most(10).
template <auto Again, class... P>
constexpr auto loop(P... pieces) {
  return sdk::UnboundedLoop<Again, sdk::Chain<P...>>{chain(pieces...)};
}

namespace sdk {

/// The program of a flow.
template <class F>
Program program() {
  int before = Slot::made();
  auto example = std::make_shared<F>();
  int slots_made = Slot::made() - before;
  Program p(
      std::move(example), slots_made,
      [](const void* flow) -> FlowValue { return std::make_shared<F>(*static_cast<const F*>(flow)); },
      [](const void* flow) { return slots(*static_cast<const F*>(flow)); });
  F::template graph<F>().template add<F>(p);
  p.finish();
  return p;
}

}  // namespace sdk

}  // namespace backlot
