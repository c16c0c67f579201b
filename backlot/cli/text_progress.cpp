#include <unistd.h>

#include <chrono>
#include <cstdio>

#include "backlot/base/summary_line.h"
#include "backlot/cli/output_lines.h"
#include "backlot/cli/run_progress.h"
#include "backlot/cli/status_line.h"
#include "backlot/cli/terminal.h"

namespace backlot::cli {
namespace {

constexpr auto redraw_every = std::chrono::milliseconds(80);

class TextProgress : public RunCounts {
 public:
  explicit TextProgress(ProgressStyle style) : style_(style) {}
  ~TextProgress() override { clear(); }

  void on_run(std::string_view flow, std::int64_t run_id, std::int64_t origin, const Graph& graph) override {
    RunCounts::on_run(flow, run_id, origin, graph);
    began_ = std::chrono::steady_clock::now();
    printed_.assign(graph.nodes.size(), 0);
    if (style_.quiet || style_.redraws) return;
    std::fprintf(stderr, "%s%s\n", title().c_str(), origin ? (" resumes " + std::to_string(origin)).c_str() : "");
  }

  void on_task(const TaskEvent& event) override {
    if (event.kind != TaskEvent::Kind::started) end_output(event);
    RunCounts::on_task(event);
    if (event.failure && event.failure->kind != FailureKind::cancelled) print_failure(event);
    print_steps(event);
    redraw();
  }

  void on_output(std::string_view step, const IndexPath& path, std::int64_t number, Stream stream,
                 std::string_view bytes) override {
    if (style_.quiet) return;
    lines_.add(number, stream, bytes, [&](Stream to, std::string_view line) { print_line(step, path, to, line); });
    std::fflush(stdout);
    redraw();
  }

  void on_progress(std::string_view step, std::int64_t number, double share, std::string_view note) override {
    RunCounts::on_progress(step, number, share, note);
    redraw();
  }

  void on_tick() override { redraw(); }

  void on_notice(std::string_view text) override {
    if (style_.quiet) return;
    clear();
    std::fprintf(stderr, "%.*s\n", static_cast<int>(text.size()), text.data());
  }

  void on_end(const verbs::RunReport& report) override {
    clear();
    const RunResult& result = report.result;
    bool good = result.state == RunState::done && !result.error;
    if (good && style_.quiet) return;
    char took[32];
    std::snprintf(took, sizeof took, "%.2f s", report.seconds);
    std::fprintf(stderr, "%s\n", status_line(title(), graph(), steps(), took, 0).c_str());
    if (result.cloned)
      std::fprintf(stderr, "%lld of %lld tasks were kept from %lld\n", static_cast<long long>(result.cloned),
                   static_cast<long long>(result.tasks), static_cast<long long>(report.origin_run));
    for (const std::string& failure : result.failed)
      std::fprintf(stderr, "%s✗ %s%s\n", red(), printable(failure).c_str(), plain());
    const auto more = result.failures - static_cast<std::int64_t>(result.failed.size());
    if (more > 0) std::fprintf(stderr, "… and %lld more: `show` lists them\n", static_cast<long long>(more));
    if (result.error) std::fprintf(stderr, "%s%s%s\n", red(), result.error->what(), plain());
    if (!good)
      std::fprintf(stderr, "%s; go on with `resume`: what has finished is kept\n",
                   std::string(name_of(result.state)).c_str());
  }

 private:
  const char* dim() const { return style_.colour ? "\033[2m" : ""; }
  const char* red() const { return style_.colour ? "\033[31m" : ""; }
  const char* plain() const { return style_.colour ? "\033[0m" : ""; }

  void print_line(std::string_view step, const IndexPath& path, Stream to, std::string_view line) {
    bool on_terminal = to == Stream::out ? style_.out_is_terminal : style_.redraws;
    std::FILE* file = to == Stream::out ? stdout : stderr;
    if (on_terminal) clear();
    std::string who = std::string(step) + (path.parts.empty() ? "" : path.text());
    std::string all = on_terminal ? dim() + who + " │ " + plain() : "";
    all.append(line) += '\n';
    std::fwrite(all.data(), 1, all.size(), file);
  }

  // A last line without an end is printed when its task has ended.
  void end_output(const TaskEvent& event) {
    lines_.end(event.number, [&](Stream to, std::string_view line) { print_line(event.step, event.path, to, line); });
    std::fflush(stdout);
  }

  void print_failure(const TaskEvent& event) {
    clear();
    std::string what = describe(*event.failure);
    std::string then;
    if (event.kind == TaskEvent::Kind::retrying) then = "; trying again";
    if (event.kind == TaskEvent::Kind::retrying && event.delay.count() > 0) {
      char in[32];
      std::snprintf(in, sizeof in, " in %.1f s", static_cast<double>(event.delay.count()) / 1000);
      then += in;
    }
    if (event.kind == TaskEvent::Kind::caught) then = "; caught";
    std::fprintf(stderr, "%s✗ %.*s/%s attempt %d: %s%s%s\n", red(), static_cast<int>(event.step.size()),
                 event.step.data(), event.path.text().c_str(), event.attempt, printable(summary_line(what)).c_str(),
                 then.c_str(), plain());
  }

  // In a pipe a step is printed when no more of its tasks can come: outside of all foreachs and splits when it is done,
  // inside when the outermost of them is joined.
  void print_steps(const TaskEvent& event) {
    if (style_.redraws || style_.quiet || node(event.node).inside != no_node) return;
    if (node(event.node).kind == NodeKind::join) print_inside(node(event.node).match);
    if (count(event.node).running == 0) print_step(event.node);
  }

  void print_inside(NodeId fan_out) {
    for (NodeId id{0}; id < NodeId(graph().nodes.size()); ++id) {
      if (node(id).inside != fan_out) continue;
      if (node(id).kind == NodeKind::split || node(id).kind == NodeKind::foreach)
        print_inside(id);
      else
        print_step(id);
    }
  }

  void print_step(NodeId id) {
    std::uint64_t done = count(id).done;
    if (std::exchange(printed_[id.index()], done) == done) return;
    std::fprintf(stderr, "  %s ✓ %llu\n", node(id).name.c_str(), static_cast<unsigned long long>(done));
  }

  void clear() {
    if (!drawn_.empty()) std::fputs("\r\033[K", stderr);
    drawn_.clear();
  }

  // The new line is written over the old one and only then is what sticks out erased: nothing flickers.
  void redraw() {
    if (!style_.redraws || style_.quiet) return;
    auto now = std::chrono::steady_clock::now();
    if (!drawn_.empty() && now - last_draw_ < redraw_every) return;
    last_draw_ = now;
    count_down();
    auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now - began_).count();
    std::string time = seconds == 0   ? ""
                       : seconds < 60 ? std::to_string(seconds) + " s"
                                      : duration_text(seconds * 1'000'000);
    // The last column stays free: a cursor behind it would be in the next line.
    std::string line = status_line(title(), graph(), steps(), time, terminal_columns(STDERR_FILENO) - 1);
    if (line == drawn_) return;
    drawn_ = std::move(line);
    std::string all = "\r" + drawn_ + "\033[K";
    std::fwrite(all.data(), 1, all.size(), stderr);
  }

  ProgressStyle style_;
  std::chrono::steady_clock::time_point began_, last_draw_;
  OutputLines lines_;
  std::vector<std::uint64_t> printed_;  ///< by node: how many are done, as it was last printed
  std::string drawn_;                   ///< the status line as it is on the terminal; empty: there is none
};

}  // namespace

std::unique_ptr<verbs::RunWatcher> make_text_progress(const ProgressStyle& style) {
  return std::make_unique<TextProgress>(style);
}

}  // namespace backlot::cli
