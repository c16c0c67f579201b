// merge_artifacts(*this, branches, except<&Flow::x>()): what all branches agree on goes on behind a join.
#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "backlot/sdk/artifact.h"
#include "backlot/sdk/inputs.h"
#include "backlot/value/name.h"

namespace backlot {

/// Artifacts that merge_artifacts leaves alone.
struct Except {
  std::vector<std::string_view> names;
};
template <auto... M>
Except except() {
  return {{name_of<M>()...}};
}

namespace sdk {

/// Takes branch after branch over into a join's flow value. Artifacts are compared by reference where both sides have
/// one, so that nothing is loaded.
class Merger {
 public:
  /// `own` are the fields of the join's flow value. In a task all fields of the flow that runs are merged, which may be
  /// derived from the one whose join this is.
  Merger(std::vector<Field> own, const Except& skip);
  /// Throws Error conflict when the branch differs from an earlier one; it names the artifact and both branches.
  void add(const std::vector<Field>& branch);
  void add(const BranchReader& table, std::size_t branch);

 private:
  struct MergedField {
    Field field;
    std::string taken_from;  ///< the branch
  };
  static void take(MergedField& target, const Slot& from, const std::function<std::string()>& branch);

  std::vector<MergedField> targets_;
  std::vector<std::string_view> names_;  ///< of the targets
  std::size_t added_ = 0;
};

template <class F, class X>
void merge_from(Merger& merger, const X& from) {
  auto merge_one = [&](const auto& flow, const BranchSource& source) {
    if (source.table)
      merger.add(*source.table, source.index);
    else
      merger.add(slots<F>(flow));
  };
  if constexpr (std::is_base_of_v<F, X>) {
    merger.add(slots<F>(from));
  } else if constexpr (requires { from.source(); }) {  // a From
    merge_one(from.flow(), from.source());
  } else if constexpr (requires { from.source; }) {  // a Branch
    merge_one(from.flow, from.source);
  } else if constexpr (requires { from.table(); }) {  // Inputs
    if (from.table())
      for (std::size_t i = 0; i < from.size(); ++i) merger.add(*from.table(), i);
    else
      for (auto& branch : from) merger.add(slots<F>(branch.flow));
  } else if constexpr (!std::is_same_v<X, Except>) {  // any range of branches
    for (auto& branch : from) merge_from<F>(merger, branch);
  }
}

}  // namespace sdk

/// Takes over what all branches agree on; what the join has set itself stays. Branches are Inputs, From, single
/// branches or flow values; except<&Flow::x, ...>() names artifacts to leave alone. Branches that differ in another one
/// are an Error conflict; one that has it unset agrees with all.
template <class F>
void merge_artifacts(F& into, const auto&... from) {
  Except skip;
  auto find_skipped = [&](const auto& x) {
    if constexpr (std::is_same_v<decltype(x), const Except&>)
      skip.names.insert(skip.names.end(), x.names.begin(), x.names.end());
  };
  (find_skipped(from), ...);
  sdk::Merger merger(sdk::slots(into), skip);
  (sdk::merge_from<F>(merger, from), ...);
}

}  // namespace backlot
