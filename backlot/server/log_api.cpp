// The log of a task, by windows, and searched.
#include <nlohmann/json.hpp>

#include "backlot/server/api.h"
#include "backlot/server/download.h"
#include "backlot/server/log_window.h"
#include "backlot/verbs/log_lines.h"

namespace backlot::server {
namespace {

using client::Client;
using client::Task;

constexpr std::size_t most_matches = 100;
constexpr std::uint64_t search_budget = 64 << 20;
constexpr std::size_t most_window = 1 << 20;

LogSelection selection_of(const Request& request) {
  LogSelection selection;
  if (request.find("attempt"))
    selection.attempt = static_cast<std::int32_t>(request.number("attempt", 0, 0, INT32_MAX));
  std::string stream = request.text("stream");
  if (stream == "out") selection.stream = LogStream::out;
  if (stream == "err") selection.stream = LogStream::err;
  if (!stream.empty() && !selection.stream)
    throw Error(ErrorCode::usage, "there is no stream \"" + stream + "\"", "out or err");
  return selection;
}

Json json_of_lines(const std::vector<LogLine>& lines) {
  Json list = Json::array();
  for (const LogLine& line : lines) {
    list.push_back({{"position", line.position},
                    {"time", rfc3339(line.time)},
                    {"stream", line.stream == LogStream::out ? "out" : "err"},
                    {"attempt", line.attempt},
                    {"text", line.text}});
    if (line.cut) list.back()["cut"] = true;
    if (line.open) list.back()["open"] = true;
    if (line.gap) list.back()["left_out"] = {{"bytes", line.gap->bytes}, {"lines", line.gap->lines}};
  }
  return list;
}

std::uint64_t position(const Request& request, const char* name) {
  return static_cast<std::uint64_t>(request.number(name, 0, 0, INT64_MAX));
}

LogWindow window_of(const Request& request, const Task& task) {
  LogSelection selection = selection_of(request);
  auto bytes = static_cast<std::size_t>(request.number("bytes", 64 << 10, 1, most_window));
  if (request.text("before") == "end") return window_before(task, selection, std::nullopt, bytes);
  if (request.find("before")) return window_before(task, selection, position(request, "before"), bytes);
  if (!request.find("at")) return window_from(task, selection, position(request, "from"), bytes);
  // A line may begin inside of a record: read from where that record begins, or the one before.
  std::uint64_t begin = window_before(task, selection, position(request, "at"), 1).begin;
  return window_from(task, selection, begin, bytes);
}

Response window(const Request& request, Client& client) {
  const Task task = task_of(request, client);
  LogWindow w = window_of(request, task);
  bool live = task.row().state == TaskState::ready || task.row().state == TaskState::running;
  Json json{{"begin", w.begin},   {"end", w.end}, {"at_begin", w.at_begin},
            {"at_end", w.at_end}, {"live", live}, {"lines", json_of_lines(w.lines)}};
  if (w.damaged) json["damaged"] = w.damaged;
  return answer(json);
}

Response find_in_log(const Request& request, Client& client) {
  std::string text = request.text("q");
  if (text.empty()) throw Error(ErrorCode::usage, "q must say what to search for");
  LogMatches found = search_log(task_of(request, client), selection_of(request), position(request, "from"), text,
                                most_matches, search_budget);
  Json json{{"matches", json_of_lines(found.lines)}};
  if (found.next) json["next"] = *found.next;
  return answer(json);
}

/// What `backlot logs` prints, byte for byte, read where it lies. What is damaged or gone meanwhile ends the transfer.
Response text(const Request& request, Client& client) {
  const Task task = task_of(request, client);
  const LogSelection selection = selection_of(request);
  Response response;
  response.produce = [&client, selection, spec = Pathspec::parse(task.pathspec())](const Emit& emit) {
    verbs::LogLines lines([&](const verbs::WholeLine& line) {
      emit(line.text);
      emit("\n");
    });
    const verbs::LogOptions options{selection.stream, selection.attempt};
    const std::uint64_t damaged = verbs::read_logs(client, spec, options, [&](const verbs::LogPiece& piece) {
      lines.add(piece);
      return true;
    });
    lines.finish();
    if (damaged)
      throw Error(ErrorCode::corrupt, std::to_string(damaged) + " bytes of the log are damaged or gone",
                  "`backlot logs " + spec.text() + "` prints the rest");
  };
  std::string name = task.step() + "-" + std::to_string(task.number()) + ".log";
  return response.with("Content-Type", "text/plain; charset=utf-8")
      .with("Content-Disposition", attachment_header(name));
}

}  // namespace

std::vector<Route> log_routes() {
  const std::string log = "/api/v1/runs/{flow}/{run}/tasks/{task}/log";
  return {{"GET", log, Role::reader, window, Work::long_},
          {"GET", log + "/search", Role::reader, find_in_log, Work::long_},
          {"GET", log + "/text", Role::reader, text, Work::stream}};
}

}  // namespace backlot::server
