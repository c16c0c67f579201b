#include "backlot/verbs/graph_drawing.h"

#include <algorithm>
#include <chrono>

#include "backlot/base/helper_process.h"
#include "backlot/base/nearest.h"

namespace backlot::verbs {
namespace {

/// What stands in a node: a step's name; of a routing node, what it does and the member it asks.
std::string caption(const Node& node) {
  if (is_task(node.kind)) return node.name;
  std::string kind(name_of(node.kind));
  return node.name.empty() ? kind : kind + " " + node.name;
}

// --- text -----------------------------------------------------------------------------------------------------------

/// How many splits and foreachs are around a node.
int depth_of(const Graph& graph, NodeId node) {
  int depth = 0;
  for (NodeId at = graph.node(node).inside; at != no_node; at = graph.node(at).inside) ++depth;
  return depth;
}

std::string draw_text(const Graph& graph, std::string_view name) {
  std::string text = std::string(name) + "\n";
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    const Node& node = graph.nodes[i];
    text += std::string(2 + 2 * static_cast<std::size_t>(depth_of(graph, NodeId(i))), ' ') + caption(node);
    if (node.kind == NodeKind::join) text += " (join)";
    std::string targets;
    for (const Edge& e : graph.edges) {
      if (e.from != NodeId(i)) continue;
      targets += targets.empty() ? " -> " : ", ";
      if (!e.label.empty()) targets += e.label + ": ";
      targets += caption(graph.node(e.to));
    }
    text += targets + "\n";
  }
  return text;
}

// --- dot ------------------------------------------------------------------------------------------------------------

std::string dot_quoted(std::string_view text) {
  std::string result = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    result += c == '\n' ? ' ' : c;
  }
  return result + "\"";
}

std::string_view dot_shape(NodeKind kind) {
  switch (kind) {
    case NodeKind::step: return "box, style=rounded";
    case NodeKind::join: return "box, style=\"rounded,bold\"";
    case NodeKind::split: return "triangle";
    case NodeKind::foreach: return "box3d";
    case NodeKind::choose: return "diamond";
    case NodeKind::loop: return "ellipse";
  }
  return "box";
}

std::string draw_dot(const Graph& graph, std::string_view name) {
  std::string text = "digraph " + dot_quoted(name) + " {\n  rankdir=LR;\n  node [fontname=\"sans-serif\"];\n";
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    const Node& node = graph.nodes[i];
    text += "  n" + std::to_string(i) + " [label=" + dot_quoted(caption(node)) +
            ", shape=" + std::string(dot_shape(node.kind)) + "];\n";
  }
  for (const Edge& e : graph.edges) {
    text += "  n" + std::to_string(e.from.value()) + " -> n" + std::to_string(e.to.value());
    if (!e.label.empty()) text += " [label=" + dot_quoted(e.label) + "]";
    text += ";\n";
  }
  return text + "}\n";
}

// --- mermaid --------------------------------------------------------------------------------------------------------

/// Mermaid writes characters that mean something to it as entities.
std::string mermaid_quoted(std::string_view text) {
  std::string result = "\"";
  for (char c : text) {
    if (c == '"' || c == '#' || c == '<' || c == '>' || c == '|') {
      result += "#" + std::to_string(static_cast<int>(c)) + ";";
    } else {
      result += c == '\n' ? ' ' : c;
    }
  }
  return result + "\"";
}

std::string mermaid_node(const Node& node) {
  std::string label = mermaid_quoted(caption(node));
  switch (node.kind) {
    case NodeKind::step: return "(" + label + ")";
    case NodeKind::join: return "[" + label + "]";
    case NodeKind::choose: return "{" + label + "}";
    case NodeKind::foreach: return "[[" + label + "]]";
    case NodeKind::split:
    case NodeKind::loop: return "([" + label + "])";
  }
  return "[" + label + "]";
}

std::string draw_mermaid(const Graph& graph) {
  std::string text = "flowchart LR\n";
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    text += "  n" + std::to_string(i) + mermaid_node(graph.nodes[i]) + "\n";
  }
  for (const Edge& e : graph.edges) {
    std::string label = e.label.empty() ? "" : "|" + mermaid_quoted(e.label) + "|";
    text += "  n" + std::to_string(e.from.value()) + " -->" + label + " n" + std::to_string(e.to.value()) + "\n";
  }
  return text;
}

// --- svg ------------------------------------------------------------------------------------------------------------

std::string draw_svg(const Graph& graph, std::string_view name) {
  HelperResult drawn;
  try {
    drawn = run_helper({"dot", "-Tsvg"}, draw_dot(graph, name), std::chrono::seconds(30));
  } catch (const Error& e) {
    if (e.code() != ErrorCode::not_found) throw e.in("drawing the graph");
    throw Error(ErrorCode::unsupported, "drawing svg needs Graphviz, and its program `dot` is not installed",
                "install the package graphviz, or use --format mermaid");
  }
  if (drawn.signal || drawn.exit_code) throw Error(ErrorCode::io, "dot failed: " + drawn.err);
  return std::move(drawn.out);
}

}  // namespace

GraphFormat graph_format(std::string_view word) {
  if (word == "text") return GraphFormat::text;
  if (word == "dot") return GraphFormat::dot;
  if (word == "mermaid") return GraphFormat::mermaid;
  if (word == "svg") return GraphFormat::svg;
  throw Error(ErrorCode::usage, "no graph format \"" + std::string(word) + "\"",
              suggestion(word, {"text", "dot", "mermaid", "svg"}));
}

std::string draw(const Graph& graph, std::string_view name, GraphFormat format) {
  switch (format) {
    case GraphFormat::text: return draw_text(graph, name);
    case GraphFormat::dot: return draw_dot(graph, name);
    case GraphFormat::mermaid: return draw_mermaid(graph);
    case GraphFormat::svg: return draw_svg(graph, name);
  }
  return {};
}

}  // namespace backlot::verbs
