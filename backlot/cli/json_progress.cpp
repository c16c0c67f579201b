#include <cstdio>
#include <nlohmann/json.hpp>

#include "backlot/cli/run_progress.h"

namespace backlot::cli {
namespace {

using Json = nlohmann::ordered_json;

/// For programs.
class JsonProgress : public verbs::RunWatcher {
 public:
  void on_run(std::string_view flow, std::int64_t run_id, std::int64_t origin, const Graph& graph) override {
    title_ = std::string(flow) + "/" + std::to_string(run_id);
    graph_ = &graph;
    Json event{{"event", "run"}, {"run", title_}};
    if (origin) event["origin"] = origin;
    print(event);
  }
  void on_task(const TaskEvent& event) override {
    static constexpr const char* names[] = {"started", "done", "failed", "retrying", "caught", "cloned", "cached"};
    Json json{{"event", names[static_cast<std::size_t>(event.kind)]},
              {"step", event.step},
              {"path", event.path.text()},
              {"task", event.number},
              {"attempt", event.attempt}};
    if (event.failure) {
      json["failure"] = {{"kind", name_of(event.failure->kind)},
                         {"type", event.failure->type},
                         {"message", event.failure->message},
                         {"place", event.failure->place}};
    }
    print(json);
  }
  void on_fan_out(NodeId node, std::uint64_t count) override {
    print({{"event", "fan"}, {"node", graph_->node(node).name}, {"count", count}});
  }
  void on_output(std::string_view step, const IndexPath& path, std::int64_t number, Stream stream,
                 std::string_view bytes) override {
    print({{"event", "output"},
           {"step", step},
           {"path", path.text()},
           {"task", number},
           {"stream", stream == Stream::out ? "out" : "err"},
           {"text", bytes}});
  }
  void on_progress(std::string_view step, std::int64_t number, double share, std::string_view note) override {
    print({{"event", "progress"}, {"step", step}, {"task", number}, {"share", share}, {"note", note}});
  }
  void on_notice(std::string_view text) override { print({{"event", "notice"}, {"text", text}}); }
  void on_end(const verbs::RunReport& report) override {
    const RunResult& result = report.result;
    Json json{{"event", "end"},           {"run", title_},           {"state", name_of(result.state)},
              {"tasks", result.tasks},    {"cloned", result.cloned}, {"seconds", report.seconds},
              {"failures", result.failed}};
    if (result.error) json["error"] = result.error->what();
    print(json);
  }

 private:
  static void print(const Json& event) {
    std::string line = event.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
    std::fwrite(line.data(), 1, line.size(), stdout);
    std::fflush(stdout);
  }

  std::string title_;
  const Graph* graph_ = nullptr;
};

}  // namespace

std::unique_ptr<verbs::RunWatcher> make_json_progress() { return std::make_unique<JsonProgress>(); }

}  // namespace backlot::cli
