#include "backlot/verbs/graph_drawing.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "backlot/client/test_home.h"

namespace backlot::verbs {
namespace {

TEST(GraphDrawing, text_shows_what_is_inside_what) {
  EXPECT_EQ(draw(client::fan_out_graph(), "Flow", GraphFormat::text),
            "Flow\n"
            "  start -> foreach items\n"
            "  foreach items -> compute\n"
            "    compute -> collect\n"
            "  collect (join) -> end\n"
            "  end\n");
}

TEST(GraphDrawing, names_cannot_break_out_of_their_quotes) {
  Graph graph;
  graph.nodes = {{.name = "a\"b\\c<d>|e#"}};
  EXPECT_NE(draw(graph, "F\"", GraphFormat::dot).find("label=\"a\\\"b\\\\c<d>|e#\""), std::string::npos);
  EXPECT_NE(draw(graph, "F", GraphFormat::mermaid).find("(\"a#34;b\\c#60;d#62;#124;e#35;\")"), std::string::npos);
}

TEST(GraphDrawing, mermaid_has_every_node_and_edge) {
  EXPECT_EQ(draw(client::fan_out_graph(), "Flow", GraphFormat::mermaid),
            "flowchart LR\n"
            "  n0(\"start\")\n"
            "  n1[[\"foreach items\"]]\n"
            "  n2(\"compute\")\n"
            "  n3[\"collect\"]\n"
            "  n4(\"end\")\n"
            "  n0 --> n1\n"
            "  n1 --> n2\n"
            "  n2 --> n3\n"
            "  n3 --> n4\n");
}

TEST(GraphDrawing, svg_is_drawn_by_graphviz_or_refused_by_name) {
  const std::string path = std::getenv("PATH");
  if (std::system("command -v dot >/dev/null") == 0) {
    EXPECT_NE(draw(client::fan_out_graph(), "Flow", GraphFormat::svg).find("</svg>"), std::string::npos);
  }
  setenv("PATH", "/nonexistent", 1);
  try {
    draw(client::fan_out_graph(), "Flow", GraphFormat::svg);
    ADD_FAILURE();
  } catch (const Error& e) { EXPECT_EQ(e.code(), ErrorCode::unsupported); }
  setenv("PATH", path.c_str(), 1);
}

TEST(GraphDrawing, an_unknown_format_is_refused_with_the_nearest) {
  EXPECT_EQ(graph_format("svg"), GraphFormat::svg);
  try {
    graph_format("mermiad");
    ADD_FAILURE();
  } catch (const Error& e) { EXPECT_EQ(e.hint(), "did you mean mermaid?"); }
}

}  // namespace
}  // namespace backlot::verbs
