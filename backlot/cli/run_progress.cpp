#include "backlot/cli/run_progress.h"

#include <chrono>
#include <cstdio>
#include <nlohmann/json.hpp>

namespace backlot::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr int bar_cells = 10;
constexpr auto redraw_every = std::chrono::milliseconds(80);

struct StepCount {
  std::uint64_t total = 0, running = 0, done = 0, failed = 0;
};

/// Counts tasks by step, whatever it is shown as.
class Counts : public verbs::RunWatcher {
 public:
  void on_run(std::string_view flow, std::int64_t run_id, std::int64_t origin, const Graph& graph) override {
    title_ = std::string(flow) + "/" + std::to_string(run_id);
    origin_ = origin;
    graph_ = &graph;
    steps_.assign(graph.nodes.size(), {});
    began_ = std::chrono::steady_clock::now();
  }

  void on_fan(NodeId fan, std::uint64_t count) override {
    for (std::size_t i = 0; i < graph_->nodes.size(); ++i) {
      if (graph_->nodes[i].inside == fan && graph_->nodes[i].kind == NodeKind::step && enters(fan, i)) {
        steps_[i].total += graph_->nodes[static_cast<std::size_t>(fan)].kind == NodeKind::foreach ? count : 1;
      }
    }
  }

  void on_task(const TaskEvent& event) override {
    StepCount& step = steps_[static_cast<std::size_t>(event.node)];
    switch (event.kind) {
      case TaskEvent::Kind::started:
        ++step.running;
        step.total = std::max(step.total, step.running + step.done + step.failed);
        break;
      case TaskEvent::Kind::cloned:
      case TaskEvent::Kind::cached:
        ++step.done;
        step.total = std::max(step.total, step.running + step.done + step.failed);
        break;
      case TaskEvent::Kind::done: --step.running, ++step.done; break;
      case TaskEvent::Kind::failed: --step.running, ++step.failed; break;
      case TaskEvent::Kind::retrying:
      case TaskEvent::Kind::caught: --step.running; break;
    }
  }

 protected:
  // A step that a fan leads to directly: its number of tasks is known when the fan opens.
  bool enters(NodeId fan, std::size_t node) const {
    for (const Edge& e : graph_->edges) {
      if (e.from == fan && e.to == static_cast<NodeId>(node)) return true;
    }
    return false;
  }

  std::string title_;
  std::int64_t origin_ = 0;
  const Graph* graph_ = nullptr;
  std::vector<StepCount> steps_;
  std::chrono::steady_clock::time_point began_;
};

std::string bar(const StepCount& step) {
  std::string text = "▕";
  std::uint64_t full = step.total ? step.done * bar_cells / step.total : 0;
  for (std::uint64_t i = 0; i < bar_cells; ++i) text += i < full ? "█" : "░";
  return text + "▏";
}

/// For people.
class TextProgress : public Counts {
 public:
  explicit TextProgress(ProgressStyle style) : style_(style) {}
  ~TextProgress() override { clear(); }

  void on_run(std::string_view flow, std::int64_t run_id, std::int64_t origin, const Graph& graph) override {
    Counts::on_run(flow, run_id, origin, graph);
    if (style_.quiet || style_.terminal) return;
    std::fprintf(stderr, "%s%s\n", title_.c_str(), origin ? (" resumes " + std::to_string(origin)).c_str() : "");
  }

  void on_task(const TaskEvent& event) override {
    Counts::on_task(event);
    if (event.failure && event.failure->kind != FailureKind::cancelled) tell_failure(event);
    if (event.kind == TaskEvent::Kind::done) finish_step(event);
    redraw(false);
  }

  void on_output(std::string_view step, const IndexPath& path, std::int64_t, Stream stream,
                 std::string_view bytes) override {
    if (style_.quiet) return;
    clear();
    std::FILE* out = stream == Stream::out ? stdout : stderr;
    std::string who = std::string(step) + (path.parts.empty() ? "" : path.text());
    while (!bytes.empty()) {
      std::size_t end = bytes.find('\n');
      std::string_view line = bytes.substr(0, end);
      if (style_.terminal) std::fprintf(out, "%s%s │%s ", dim(), who.c_str(), plain());
      std::fprintf(out, "%.*s\n", static_cast<int>(line.size()), line.data());
      bytes.remove_prefix(end == std::string_view::npos ? bytes.size() : end + 1);
    }
    std::fflush(out);
    redraw(false);
  }

  void on_notice(std::string_view text) override {
    clear();
    std::fprintf(stderr, "%.*s\n", static_cast<int>(text.size()), text.data());
  }

  void on_end(const verbs::RunReport& report) override {
    clear();
    const RunResult& result = report.result;
    bool good = result.state == RunState::done && !result.error;
    if (good && style_.quiet) return;
    std::fprintf(stderr, "%s   %s%.2f s%s\n", line(true).c_str(), dim(), report.seconds, plain());
    if (result.cloned)
      std::fprintf(stderr, "%lld of %lld tasks were kept from %lld\n", static_cast<long long>(result.cloned),
                   static_cast<long long>(result.tasks), static_cast<long long>(report.origin_run));
    for (const std::string& failure : result.failed)
      std::fprintf(stderr, "%s✗ %s%s\n", red(), failure.c_str(), plain());
    if (result.error) std::fprintf(stderr, "%s%s%s\n", red(), result.error->what(), plain());
    if (!good)
      std::fprintf(stderr, "%s; go on with `resume`: what has finished is kept\n",
                   std::string(name_of(result.state)).c_str());
  }

 private:
  std::string line(bool last) const {
    std::string text = title_;
    std::size_t shown = 0;
    for (std::size_t i = 0; i < steps_.size(); ++i) {
      const StepCount& step = steps_[i];
      if (step.total == 0) continue;
      if (!last && step.done == step.total && ++shown > 3 && step.total == 1) continue;
      text += "   " + graph_->nodes[i].name + " ";
      if (step.total > 1)
        text += bar(step) + " " + std::to_string(step.done) + "/" + std::to_string(step.total);
      else
        text += step.failed ? "✗" : step.done ? "✓" : "…";
      if (step.failed && step.total > 1) text += " " + std::to_string(step.failed) + " ✗";
    }
    return text;
  }

  const char* dim() const { return style_.colour ? "\033[2m" : ""; }
  const char* red() const { return style_.colour ? "\033[31m" : ""; }
  const char* plain() const { return style_.colour ? "\033[0m" : ""; }

  void tell_failure(const TaskEvent& event) {
    clear();
    const Failure& f = *event.failure;
    std::string what = describe(f);
    std::string then;
    if (event.kind == TaskEvent::Kind::retrying) then = "; trying again";
    if (event.kind == TaskEvent::Kind::retrying && event.delay.count() > 0) {
      char in[32];
      std::snprintf(in, sizeof in, " in %.1f s", static_cast<double>(event.delay.count()) / 1000);
      then += in;
    }
    if (event.kind == TaskEvent::Kind::caught) then = "; caught";
    std::fprintf(stderr, "%s✗ %.*s/%s attempt %d: %s%s%s\n", red(), static_cast<int>(event.step.size()),
                 event.step.data(), event.path.text().c_str(), event.attempt, what.substr(0, what.find('\n')).c_str(),
                 then.c_str(), plain());
  }

  // In a pipe a step is told once, when all of it that is known of has ended.
  void finish_step(const TaskEvent& event) {
    const StepCount& step = steps_[static_cast<std::size_t>(event.node)];
    if (style_.terminal || style_.quiet || step.done != step.total) return;
    std::fprintf(stderr, "  %.*s ✓ %llu\n", static_cast<int>(event.step.size()), event.step.data(),
                 static_cast<unsigned long long>(step.done));
  }

  void clear() {
    if (!drawn_) return;
    std::fputs("\r\033[K", stderr);
    drawn_ = false;
  }

  void redraw(bool now) {
    if (!style_.terminal || style_.quiet) return;
    auto time = std::chrono::steady_clock::now();
    if (!now && drawn_ && time - last_draw_ < redraw_every) return;
    last_draw_ = time;
    std::string text = line(false);
    std::size_t cells = 0, cut = 0;
    for (; cut < text.size() && cells < static_cast<std::size_t>(style_.width - 1); ++cut) {
      cells += (text[cut] & 0xc0) != 0x80;
    }
    while (cut < text.size() && (text[cut] & 0xc0) == 0x80) ++cut;
    std::string all = "\r" + text.substr(0, cut) + "\033[K";
    std::fwrite(all.data(), 1, all.size(), stderr);
    drawn_ = true;
  }

  ProgressStyle style_;
  bool drawn_ = false;
  std::chrono::steady_clock::time_point last_draw_;
};

/// For programs.
class JsonProgress : public Counts {
 public:
  void on_run(std::string_view flow, std::int64_t run_id, std::int64_t origin, const Graph& graph) override {
    Counts::on_run(flow, run_id, origin, graph);
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
  void on_fan(NodeId node, std::uint64_t count) override {
    print({{"event", "fan"}, {"node", graph_->nodes[static_cast<std::size_t>(node)].name}, {"count", count}});
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
};

}  // namespace

std::unique_ptr<verbs::RunWatcher> make_progress(const ProgressStyle& style) {
  if (style.json) return std::make_unique<JsonProgress>();
  return std::make_unique<TextProgress>(style);
}

}  // namespace backlot::cli
