// The whole way of a task, from its frame to its manifest, with a serial runner instead of an engine: it follows the
// manifests' transitions and builds scopes and branch tables as the engine does.
#pragma once
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <set>

#include "backlot/flow/decisions.h"
#include "backlot/flow/graph_walk.h"
#include "backlot/sdk/scratch_blobs.h"
#include "backlot/sdk/test_flows.h"
#include "backlot/value/to_json.h"

namespace backlot::test {

using Scope = std::map<std::string, Reference>;

class Reports : public TaskReporter {
 public:
  void label(std::string_view text) override { lines.push_back("label " + std::string(text)); }
  void progress(double done, double total, std::string_view note) override {
    lines.push_back("progress " + std::to_string(done / total) + " " + std::string(note));
  }
  void metadata(std::string_view key, std::string_view value) override {
    lines.push_back(std::string(key) + "=" + std::string(value));
  }
  std::vector<std::string> lines;
};

/// Counts what is read.
class CountingBlobs : public sdk::ScratchBlobs {
 public:
  std::shared_ptr<const Mapping> open(const Digest& id) override {
    opened.insert(id);
    return ScratchBlobs::open(id);
  }
  std::set<Digest> opened;
};

inline std::vector<NamedReference> list_of(const Scope& scope) {
  std::vector<NamedReference> all;
  for (auto& [name, value] : scope) all.push_back({name, value});
  return all;
}

/// Every frame and manifest goes through its bytes, as it does between processes.
class SerialRunner {
 public:
  explicit SerialRunner(const FlowCode& flow) : flow_(flow), walk_(flow.graph()) {}

  /// Runs the flow; the result is what the last step left in its scope.
  Scope run(const Scope& parameters = {}) {
    parameters_ = parameters;
    Where at{walk_.begin(), parameters, {}};
    walk(at);
    return at.scope;
  }
  /// One task, without going on.
  Manifest run_task(const TaskFrame& frame) {
    TaskContext context{blobs, blobs, reports, temp_dir};
    Manifest manifest = flow_.run(decode_frame(encode(frame)), context);
    return decode_manifest(encode(manifest));
  }
  TaskFrame frame_of(std::string_view step, const Scope& scope, IndexPath path = {}) const {
    TaskFrame frame;
    frame.run = {.flow = flow_.name(), .run = 176, .origin_run = 175};
    frame.node = flow_.graph().find(step);
    frame.path = std::move(path);
    frame.seed = 99;
    frame.scope = list_of(scope);
    return frame;
  }
  template <class T>
  T value(const Scope& scope, const std::string& name) {
    ValueLoader loader(blobs);
    return std::move(*static_cast<T*>(value_ops<T>().load(scope.at(name), loader).get()));
  }
  std::string json(const Reference& value) {
    ValueLoader loader(blobs);
    return to_json(value, loader);
  }
  template <class T>
  Reference save(const T& value) {
    return sdk::inlined_value(value_ops<T>(), &value);
  }

  CountingBlobs blobs;
  Reports reports;
  std::string temp_dir = "never made";
  std::vector<std::string> done;    ///< "compute[1]"
  std::vector<Manifest> manifests;  ///< of `done`
  bool replace_scopes = false;      ///< branch records that hold all their branch sees
  std::string branch_file;          ///< when set, branch tables go there

 private:
  struct Where {
    Waypoint point;
    Scope scope;
    std::vector<ForeachItem> items;
  };
  const Node& node(NodeId id) const { return flow_.graph().node(id); }

  /// Runs until the branch ends at a join or the flow ends.
  void walk(Where& at) {
    while (at.point.kind == Waypoint::Kind::step || at.point.kind == Waypoint::Kind::fan_out) {
      if (at.point.kind == Waypoint::Kind::step) {
        TaskFrame frame = frame_of(node(at.point.node).name, at.scope, at.point.path);
        frame.items = at.items;
        finish(at, execute(frame));
      } else {
        fan_out(at);
      }
    }
  }

  Manifest execute(TaskFrame frame) {
    frame.number = static_cast<std::int64_t>(done.size());
    Manifest manifest = run_task(frame);
    if (manifest.failure) {
      if (node(frame.node).with.catch_into.empty())
        throw std::runtime_error(manifest.failure->type + ": " + manifest.failure->message);
      frame.caught = manifest.failure;
      frame.attempt = 1;
      manifest = run_task(frame);
    }
    done.push_back(node(frame.node).name + frame.path.text());
    manifests.push_back(manifest);
    return manifest;
  }

  void finish(Where& at, const Manifest& manifest) {
    for (auto& a : manifest.artifacts) at.scope[a.name] = a.value;
    Decisions decided(flow_.graph(), manifest.next);
    at.point = walk_.after(at.point.node, at.point.path, std::ref(decided));
    EXPECT_TRUE(decided.all_used());
    fan_out_ = manifest.next.fan_out;
  }

  void fan_out(Where& at) {
    NodeId opened = at.point.node;
    bool each = node(opened).kind == NodeKind::foreach;
    EXPECT_EQ(fan_out_.has_value(), each);
    Transition::FanOut list = fan_out_.value_or(Transition::FanOut{walk_.targets(opened).size(), {}});
    std::string table;
    std::vector<std::size_t> offsets;
    auto none = [](NodeId, std::uint64_t) -> std::uint32_t { throw std::logic_error("a branch begins with a step"); };
    for (std::uint64_t i = 0; i < list.count; ++i) {
      Where branch{walk_.into(opened, at.point.path, i, none), at.scope, at.items};
      if (each) branch.items.push_back({opened, i, list.list});
      walk(branch);
      EXPECT_EQ(branch.point.kind, Waypoint::Kind::join);
      offsets.push_back(table.size());
      append(table, {i, 0, replace_scopes, list_of(replace_scopes ? branch.scope : added(branch.scope, at.scope))});
    }
    for (std::uint64_t offset : offsets)
      for (int byte = 0; byte < 8; ++byte) table += static_cast<char>(offset >> (8 * byte));
    TaskFrame frame = frame_of(node(node(opened).match).name, parameters_, at.point.path);
    frame.items = at.items;
    frame.branch_count = list.count;
    frame.split_scope = list_of(at.scope);
    frame.joined_list = list.list;
    put_table(frame, std::move(table));
    at.point.node = frame.node;
    at.scope = parameters_;
    finish(at, execute(frame));
  }

  void put_table(TaskFrame& frame, std::string table) const {
    if (branch_file.empty()) {
      frame.branches = std::move(table);
    } else {
      std::ofstream(branch_file, std::ios::binary) << table;
      frame.branch_file = branch_file;
    }
  }

  static Scope added(const Scope& scope, const Scope& before) {
    Scope more;
    for (auto& [name, value] : scope)
      if (!before.contains(name) || !(before.at(name) == value)) more[name] = value;
    return more;
  }

  const FlowCode& flow_;
  GraphWalk walk_;
  Scope parameters_;
  std::optional<Transition::FanOut> fan_out_;
};

using Texts = std::vector<std::string>;
using Totals = std::map<std::string, double>;

/// Names of the artifacts, own ones first: "a b | merged".
inline std::string names_in(const Manifest& m) {
  std::string names;
  for (std::size_t i = 0; i < m.artifacts.size(); ++i) {
    if (i == m.own) names += "| ";
    names += m.artifacts[i].name + " ";
  }
  return names;
}

}  // namespace backlot::test
