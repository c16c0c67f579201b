// What a join receives: all branches of a foreach or split, or single ones by name. In a task a branch is opened when
// it is asked for, and its artifacts are loaded when they are read; in a unit test the branches are plain flow values.
#pragma once
#include <cstddef>
#include <initializer_list>
#include <iterator>
#include <memory>
#include <optional>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "backlot/sdk/artifact.h"
#include "backlot/sdk/branch_reader.h"
#include "backlot/value/name.h"

namespace backlot {

namespace sdk {

/// The parts of a member function's type, of the flow's steps.
template <class>
struct Signature {
  static constexpr bool is_step = false;
  using Arguments = std::tuple<>;
};
template <class R, class C, class... A>
struct Signature<R (C::*)(A...)> {
  static constexpr bool is_step = std::is_void_v<R>;
  using Flow = C;
  using Arguments = std::tuple<std::remove_cvref_t<A>...>;
};
template <class R, class C, class First, class... A>
struct Signature<R (C::*)(First, A...)> {
  static constexpr bool is_step = std::is_void_v<R>;
  using Flow = C;
  using Arguments = std::tuple<std::remove_cvref_t<First>, std::remove_cvref_t<A>...>;
  using AfterFirst = std::tuple<std::remove_cvref_t<A>...>;  ///< of a lambda: what comes after the flow
};
template <class R, class C, class... A>
struct Signature<R (C::*)(A...) const> : Signature<R (C::*)(A...)> {};
template <class R, class C, class... A>
struct Signature<R (C::*)(A...) noexcept> : Signature<R (C::*)(A...)> {};
template <class R, class C, class... A>
struct Signature<R (C::*)(A...) const noexcept> : Signature<R (C::*)(A...)> {};

/// Where a branch came from; empty for a plain flow value.
struct BranchSource {
  const BranchReader* table = nullptr;
  std::size_t index = 0;
};

/// The value of an item; throws as throw_engine_failure does.
template <class T>
T read_item(const ForeachItem& item, ValueLoader& loader) {
  auto lock = lock_loading();
  try {
    return codec::load_value<T>(item_of(item, loader), loader);
  } catch (const Error& e) { throw_engine_failure(e); }
}

/// A flow value that reads from branch `index`. `example` saves making the parameters' descriptions again.
template <class F>
F open_flow(const F& example, const BranchReader& table, std::size_t index) {
  F flow = example;
  table.bind(index, slots(flow));
  return flow;
}

}  // namespace sdk

/// A finished branch: its flow value and, of a foreach, the item it ran for.
template <class F, class Item = void>
struct Branch {
  Item item;
  F flow;
  sdk::BranchSource source{};
  const F* operator->() const { return &flow; }
};
template <class F>
struct Branch<F, void> {
  F flow;
  sdk::BranchSource source{};
  const F* operator->() const { return &flow; }
};

/// All branches of a foreach (with the type of its items) or of a split, in their order.
template <class F, class Item = void>
class Inputs {
 public:
  using item_type = Item;
  using value_type = Branch<F, Item>;

  /// For a unit test: joined.collect({{"Drama", drama}, {"Comedy", comedy}}).
  Inputs(std::initializer_list<value_type> branches = {})
      : rows_(std::make_shared<std::vector<value_type>>(branches)) {}
  explicit Inputs(std::vector<value_type> branches)
      : rows_(std::make_shared<std::vector<value_type>>(std::move(branches))) {}
  /// For the engine; the table must outlive this.
  explicit Inputs(const sdk::BranchReader& table) : table_(&table), example_(std::make_shared<F>()) {}

  std::size_t size() const { return table_ ? table_->size() : rows_->size(); }
  bool empty() const { return size() == 0; }
  /// Opens a branch. What is read through it lives as long as the returned value.
  value_type operator[](std::size_t index) const {
    if (!table_) return (*rows_)[index];
    sdk::BranchSource source{table_, index};
    if constexpr (std::is_void_v<Item>)
      return {sdk::open_flow(*example_, *table_, index), source};
    else
      return {sdk::read_item<Item>({no_node, table_->item_index(index), table_->list()}, table_->loader()),
              sdk::open_flow(*example_, *table_, index), source};
  }

  /// Holds one branch at a time: `for (auto& branch : branches)` needs the memory of one.
  class Iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = Branch<F, Item>;
    using difference_type = std::ptrdiff_t;
    using pointer = const value_type*;
    using reference = const value_type&;

    Iterator() = default;
    Iterator(const Inputs& inputs, std::size_t index) : inputs_(&inputs), index_(index) { open(); }
    reference operator*() const { return *branch_; }
    pointer operator->() const { return &*branch_; }
    Iterator& operator++() {
      ++index_;
      open();
      return *this;
    }
    void operator++(int) { ++*this; }
    bool operator==(const Iterator& other) const { return index_ == other.index_; }

   private:
    void open() {
      branch_.reset();
      if (index_ < inputs_->size()) branch_.emplace((*inputs_)[index_]);
    }
    const Inputs* inputs_ = nullptr;
    std::size_t index_ = 0;
    std::optional<value_type> branch_;
  };
  Iterator begin() const { return {*this, 0}; }
  Iterator end() const { return {*this, size()}; }

  /// The engine's table; null for plain flow values.
  const sdk::BranchReader* table() const { return table_; }

 private:
  const sdk::BranchReader* table_ = nullptr;
  std::shared_ptr<const F> example_;
  std::shared_ptr<const std::vector<value_type>> rows_;
};

/// The branch of a split that begins with step M. In a unit test any flow value will do.
template <auto M>
class From {
 public:
  using Flow = typename sdk::Signature<decltype(M)>::Flow;
  From(const Flow& flow) : flow_(flow) {}
  From(const sdk::BranchReader& table, std::size_t index)
      : flow_(sdk::open_flow(Flow(), table, index)), source_{&table, index} {}
  const Flow* operator->() const { return &flow_; }
  const Flow& flow() const { return flow_; }
  const sdk::BranchSource& source() const { return source_; }
  static consteval std::string_view name() { return name_of<M>(); }

 private:
  Flow flow_;
  sdk::BranchSource source_;
};

namespace sdk {

enum class InputKind { item, inputs, from };
template <class A>
inline constexpr InputKind input_kind = InputKind::item;
template <class F, class I>
inline constexpr InputKind input_kind<Inputs<F, I>> = InputKind::inputs;
template <auto M>
inline constexpr InputKind input_kind<From<M>> = InputKind::from;

}  // namespace sdk

}  // namespace backlot
