#include "backlot/sdk/merge.h"

#include <algorithm>

#include "backlot/sdk/running_task.h"
#include "backlot/sdk/scratch_blobs.h"

namespace backlot::sdk {

namespace {

/// True when the two hold equal values. Only values that are in memory alone are encoded to find out.
bool same_value(const Slot& a, const Slot& b, const ValueOps& ops) {
  if (a.shares_with(b)) return true;
  auto identity = [&](const Slot& s) {
    return (s.reference() ? *s.reference() : inlined_value(ops, s.peek(ops))).identity();
  };
  return !(a.reference() && b.reference()) && identity(a) == identity(b);
}

/// All fields of the flow value that runs when `own` are some of them, else `own`.
std::vector<Field> fields_to_merge(std::vector<Field> own) {
  const RunningTask* task = RunningTask::get();
  if (!task || own.empty()) return own;
  auto runs = [&](const Field& f) { return f.slot == own[0].slot; };
  return std::any_of(task->fields().begin(), task->fields().end(), runs) ? task->fields() : own;
}

}  // namespace

Merger::Merger(std::vector<Field> own, const Except& skip) {
  for (const Field& f : fields_to_merge(std::move(own))) {
    bool skipped = std::count(skip.names.begin(), skip.names.end(), f.name) > 0;
    if (f.is_parameter() || f.slot->dirty() || skipped) continue;
    targets_.push_back({f, {}});
    names_.push_back(f.name);
  }
}

void Merger::add(const std::vector<Field>& branch) {
  std::string label = std::to_string(added_++);
  for (MergedField& target : targets_)
    for (const Field& f : branch)
      if (f.name == target.field.name) take(target, *f.slot, [&] { return label; });
}

void Merger::add(const BranchReader& table, std::size_t branch) {
  ++added_;
  auto found = table.read(branch, names_);
  for (std::size_t i = 0; i < targets_.size(); ++i) {
    const Reference* held = targets_[i].field.slot->reference();
    if (!found[i] || (held && held->same_value(*found[i]))) continue;
    Slot from;
    from.bind(names_[i], std::move(found[i]), table.loader());
    take(targets_[i], from, [&] { return table.describe(branch); });
  }
}

void Merger::take(MergedField& target, const Slot& from, const std::function<std::string()>& branch) {
  if (!from.has()) return;
  Slot& into = *target.field.slot;
  if (!into.holds()) {
    into.adopt(from);
    target.taken_from = branch();
  } else if (!same_value(into, from, *target.field.ops)) {
    std::string name(target.field.name);
    std::string first = target.taken_from.empty() ? "an earlier merge" : target.taken_from;
    throw Error(ErrorCode::conflict, "branches " + first + " and " + branch() + " differ in artifact '" + name + "'",
                "leave it out with except<&Flow::" + name + ">(), or set it before merge_artifacts");
  }
}

}  // namespace backlot::sdk
