#include "backlot/flow/noted_reads.h"

#include <algorithm>

namespace backlot {
namespace {

constexpr std::string_view in_branches = "[branches].";

const Reference* find(const std::vector<NamedReference>& scope, std::string_view name) {
  auto before = [](const NamedReference& r, std::string_view n) { return r.name < n; };
  auto at = std::lower_bound(scope.begin(), scope.end(), name, before);
  return at != scope.end() && at->name == name ? &at->value : nullptr;
}

std::optional<Digest> identity_in(const std::vector<NamedReference>& scope, std::string_view name) {
  const Reference* found = find(scope, name);
  return found ? std::optional(found->identity()) : std::nullopt;
}

Digest fan_out_identity(const TaskFrame& frame) {
  return sha256(std::to_string(frame.branch_count) + " " + frame.joined_list.identity().hex());
}

/// Folds what the branches see of one artifact: a byte that says whether there is any, and its identity.
class Fold {
 public:
  Fold(std::string_view artifact, const TaskFrame& frame)
      : artifact_(artifact), below_(identity_in(frame.split_scope, artifact)) {}
  void add(const BranchRecord& branch) {
    std::optional<Digest> id = identity_in(branch.scope, artifact_);
    if (!id && !branch.replaces) id = below_;
    hash_.add(std::string_view(id ? "\1" : "\0", 1));
    if (id) hash_.add(id->view());
  }
  Digest finish() { return hash_.finish(); }

 private:
  std::string_view artifact_;
  std::optional<Digest> below_;  ///< what branches see that have nothing of their own
  Sha256 hash_;
};

}  // namespace

std::string branch_read_name(std::string_view artifact) { return std::string(in_branches) + std::string(artifact); }

std::vector<Manifest::Read> noted_reads(const TaskFrame& frame, std::string_view table,
                                        const std::vector<std::string>& names) {
  std::vector<Manifest::Read> reads;
  std::vector<std::pair<std::size_t, Fold>> folds;  // by place in `reads`
  for (const std::string& name : names) {
    Manifest::Read& read = reads.emplace_back(Manifest::Read{name, std::nullopt});
    if (name == path_read) {
      read.id = sha256(frame.path.key());
    } else if (name == branches_read) {
      read.id = fan_out_identity(frame);
    } else if (name.starts_with(in_branches)) {
      folds.emplace_back(reads.size() - 1, Fold(std::string_view(name).substr(in_branches.size()), frame));
    } else {
      read.id = identity_in(frame.scope, name);
    }
  }
  for (std::uint64_t i = 0; !folds.empty() && i < frame.branch_count; ++i) {
    BranchRecord branch = branch_at(table, frame.branch_count, i);
    for (auto& [place, fold] : folds) fold.add(branch);
  }
  for (auto& [place, fold] : folds) reads[place].id = fold.finish();
  return reads;
}

}  // namespace backlot
