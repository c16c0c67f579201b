#include "backlot/server/graph_layout.h"

#include <chrono>
#include <cmath>
#include <list>
#include <mutex>
#include <nlohmann/json.hpp>
#include <sstream>

#include "backlot/base/digest.h"
#include "backlot/base/helper_process.h"

namespace backlot::server {
namespace {

using Json = nlohmann::ordered_json;

constexpr double pixels_per_inch = 72;
// A box of the page, whatever stands in it: names are cut there, so that no font decides where things are.
constexpr double box_width = 168, box_height = 44, small_width = 76, small_height = 32;

std::string drawing_of(const Graph& graph) {
  std::ostringstream dot;
  dot << "digraph g { rankdir=LR; nodesep=0.3; ranksep=0.55; node [shape=box, fixedsize=true, label=\"\"];\n";
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    bool box = is_task(graph.nodes[i].kind);
    dot << "n" << i << " [width=" << (box ? box_width : small_width) / pixels_per_inch
        << ", height=" << (box ? box_height : small_height) / pixels_per_inch << "];\n";
  }
  for (std::size_t i = 0; i < graph.edges.size(); ++i) {
    const Edge& edge = graph.edges[i];
    dot << "n" << edge.from << " -> n" << edge.to;
    // The place of a label is kept free by one as wide as ten digits; what stands there is the page's business.
    if (!edge.label.empty()) dot << " [label=\"0000000000\", fontsize=10]";
    dot << ";\n";
  }
  dot << "}\n";
  return dot.str();
}

/// Reads `dot -Tplain` (Graphviz, "Output formats"): inches, y upwards.
Json read_plain(const std::string& text, const Graph& graph) {
  std::istringstream lines(text);
  std::string line, word;
  double scale = 1, width = 0, height = 0;
  auto px = [&](double inches) { return static_cast<int>(std::lround(inches * scale * pixels_per_inch)); };
  Json nodes = Json::array(), edges = Json::array();
  auto index = [&]() {
    std::size_t i = graph.nodes.size();
    if (word.size() > 1) i = static_cast<std::size_t>(std::stoul(word.substr(1)));
    if (i >= graph.nodes.size()) throw Error(ErrorCode::io, "dot answered with a node that was not asked for");
    return i;
  };
  std::size_t next_edge = 0;
  while (std::getline(lines, line)) {
    std::istringstream words(line);
    words >> word;
    if (word == "graph") {
      words >> scale >> width >> height;
    } else if (word == "node") {
      double x = 0, y = 0, w = 0, h = 0;
      words >> word >> x >> y >> w >> h;
      nodes.push_back({{"id", index()}, {"x", px(x)}, {"y", px(height - y)}, {"width", px(w)}, {"height", px(h)}});
    } else if (word == "edge") {
      std::size_t points = 0;
      words >> word;
      std::size_t from = index();
      words >> word;
      std::size_t to = index();
      words >> points;
      Json edge{{"from", from}, {"to", to}, {"points", Json::array()}};
      for (std::size_t i = 0; i < points && words; ++i) {
        double x = 0, y = 0;
        words >> x >> y;
        edge["points"].push_back({px(x), px(height - y)});
      }
      if (double x = 0, y = 0; words >> word && word == "0000000000" && words >> x >> y)
        edge["label"] = {{"x", px(x)}, {"y", px(height - y)}};
      edges.push_back(std::move(edge));
      ++next_edge;
    }
  }
  if (nodes.size() != graph.nodes.size() || next_edge != graph.edges.size())
    throw Error(ErrorCode::io, "dot did not answer with the whole graph");
  return {{"width", px(width)}, {"height", px(height)}, {"nodes", std::move(nodes)}, {"edges", std::move(edges)}};
}

/// Graphviz names the edges in its own order; two between the same nodes keep theirs.
void put_labels(Json& edges, const Graph& graph) {
  std::vector<bool> taken(graph.edges.size());
  for (Json& edge : edges) {
    for (std::size_t i = 0; i < graph.edges.size(); ++i) {
      const Edge& e = graph.edges[i];
      if (taken[i] || e.from != edge["from"] || e.to != edge["to"]) continue;
      taken[i] = true;
      if (edge.contains("label")) edge["label"]["text"] = e.label;
      break;
    }
  }
}

std::string computed(const Graph& graph) {
  HelperResult drawn;
  try {
    drawn = run_helper({"dot", "-Tplain"}, drawing_of(graph), std::chrono::seconds(30));
  } catch (const Error& e) {
    if (e.code() != ErrorCode::not_found) throw e.in("laying out the graph");
    throw Error(ErrorCode::unsupported, "the graph is laid out by Graphviz, whose program `dot` is not installed",
                "install the package graphviz");
  }
  if (drawn.signal || drawn.exit_code) throw Error(ErrorCode::io, "dot failed: " + drawn.err);
  Json layout = read_plain(drawn.out, graph);
  put_labels(layout["edges"], graph);
  return layout.dump();
}

}  // namespace

std::string layout_of(const Graph& graph, std::string_view encoded) {
  constexpr std::size_t most_kept = 64;
  static std::mutex mutex;
  static std::list<std::pair<Digest, std::string>> kept;  // the last used first
  const Digest key = sha256(encoded);
  {
    std::lock_guard lock(mutex);
    for (auto at = kept.begin(); at != kept.end(); ++at) {
      if (at->first != key) continue;
      kept.splice(kept.begin(), kept, at);
      return at->second;
    }
  }
  std::string layout = computed(graph);
  std::lock_guard lock(mutex);
  kept.emplace_front(key, layout);
  if (kept.size() > most_kept) kept.pop_back();
  return layout;
}

}  // namespace backlot::server
