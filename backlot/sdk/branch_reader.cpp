#include "backlot/sdk/branch_reader.h"

#include <algorithm>

namespace backlot::sdk {

namespace {

const Reference* find(const std::vector<NamedReference>& scope, std::string_view name) {
  auto by_name = [](const NamedReference& r, std::string_view n) { return r.name < n; };
  auto at = std::lower_bound(scope.begin(), scope.end(), name, by_name);
  return at != scope.end() && at->name == name ? &at->value : nullptr;
}

}  // namespace

BranchReader::BranchReader(const TaskFrame& frame, const Graph& graph, ValueLoader& loader)
    : frame_(frame), loader_(loader) {
  NodeId opened = graph.node(frame.node).match;
  if (graph.node(opened).kind == NodeKind::split)
    for (NodeId head : graph.after(opened)) heads_.push_back(graph.node(head).name);
  if (!frame.branch_file.empty()) file_ = system_files().open(frame.branch_file, OpenMode::read)->map();
}

std::string_view BranchReader::bytes() const { return file_ ? file_->bytes() : std::string_view(frame_.branches); }

BranchRecord BranchReader::record(std::size_t branch) const {
  if (branch >= size())
    throw Error(ErrorCode::invalid,
                "branch " + std::to_string(branch) + " of " + std::to_string(size()) + " was asked for");
  try {
    return branch_at(bytes(), frame_.branch_count, branch);
  } catch (const Error& e) { throw EngineFailure(e); }
}

std::size_t BranchReader::find(std::string_view head) const {
  auto name = std::find(heads_.begin(), heads_.end(), head);
  if (name == heads_.end()) throw Error(ErrorCode::invalid, "no branch begins with step '" + std::string(head) + "'");
  auto wanted = static_cast<std::uint64_t>(name - heads_.begin());
  for (std::size_t i = 0; i < size(); ++i)
    if (record(i).index == wanted) return i;
  throw EngineFailure(
      {ErrorCode::corrupt, "the branch of '" + std::string(head) + "' is missing from the branch table"});
}

std::vector<std::optional<Reference>> BranchReader::look_up(std::size_t branch,
                                                            const std::vector<std::string_view>& names) const {
  BranchRecord r = record(branch);
  std::vector<std::optional<Reference>> found;
  for (std::string_view name : names) {
    const Reference* value = sdk::find(r.scope, name);
    if (!value && !r.replaces) value = sdk::find(frame_.split_scope, name);
    found.push_back(value ? std::optional(*value) : std::nullopt);
  }
  return found;
}

void BranchReader::bind(std::size_t branch, const std::vector<Field>& fields) const {
  std::vector<std::string_view> names;
  for (const Field& f : fields) names.push_back(f.name);
  auto found = look_up(branch, names);
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (found[i] || !fields[i].is_parameter())
      fields[i].slot->bind(fields[i].name, std::move(found[i]), loader_, &notes_);
    else
      notes_.add(fields[i].name);  // at its default: nobody can tell whether it is read
  }
}

std::vector<std::optional<Reference>> BranchReader::read(std::size_t branch,
                                                         const std::vector<std::string_view>& names) const {
  for (std::string_view name : names) notes_.add(name);
  return look_up(branch, names);
}

std::uint64_t BranchReader::item_index(std::size_t branch) const { return record(branch).index; }

std::string BranchReader::describe(std::size_t branch) const {
  std::uint64_t index = record(branch).index;
  if (index < heads_.size()) return "'" + heads_[index] + "'";
  std::string text = std::to_string(index);
  try {
    return text + " ('" + item_label(item_of(list(), index, loader_)) + "')";
  } catch (const Error&) {
    return text;  // the label only helps; an unreadable list has its own error where it is read
  }
}

}  // namespace backlot::sdk
