#include "backlot/value/value_tree.h"

#include <gtest/gtest.h>

#include "backlot/base/test_errors.h"
#include "backlot/value/from_json.h"
#include "backlot/value/to_json.h"

namespace backlot {
namespace {

std::string leaf_of(const TreeNode& node) {
  RawValue leaf = node.leaf();
  return to_json(leaf.type, leaf.raw);
}

/// Every branch opened, as JSON.
std::string whole(const TreeNode& node) {
  if (!node.is_branch()) return leaf_of(node);
  std::string text(1, node.is_list() ? '[' : '{');
  node.each(0, [&](const std::string& key, const TreeNode& member) {
    if (text.size() > 1) text += ',';
    text += (node.is_map() ? "\"" + key + "\":" : "") + whole(member);
    return true;
  });
  return text + (node.is_list() ? ']' : '}');
}

TEST(ValueTree, opened_everywhere_is_the_value) {
  for (const char* text : {"null", "17", "9007199254740993", R"("x")", "[]", "{}", R"({"a":[1,{"b":[]}],"c":null})",
                           R"([{"a":1,"b":[{"c":1},{"c":2}]},{"a":2,"b":[]}])", R"([[1,2],[{"x":1.5},3]])"}) {
    RawValue value = from_json(text);
    EXPECT_EQ(whole(TreeNode(value.type, value.raw)), to_json(value.type, value.raw)) << text;
  }
}

TEST(ValueTree, members_are_read_from_any_on) {
  RawValue value = from_json(R"({"a":1,"b":[10,11,12,13],"c":[{"x":1,"y":2},{"x":3,"y":4}]})");
  TreeNode root(value.type, value.raw);
  EXPECT_TRUE(root.is_map());
  EXPECT_EQ(root.size(), 3u);
  std::string key, seen;
  root.member(1, &key).each(2, [&](const std::string& name, const TreeNode& member) {
    seen += name + "=" + leaf_of(member) + " ";
    return true;
  });
  EXPECT_EQ(key, "b");
  EXPECT_EQ(seen, "2=12 3=13 ");
  EXPECT_EQ(leaf_of(root.member(2).member(1).member(1, &key)), "4");
  EXPECT_EQ(key, "y");
  EXPECT_EQ(code_from([&] { root.member(3); }), ErrorCode::not_found);
  EXPECT_EQ(code_from([&] { root.member(0).member(0); }), ErrorCode::not_found);
}

TEST(ValueTree, is_searched_piece_by_piece) {
  RawValue value = from_json(R"({"Needle":1,"b":["a NEEDLE","hay",{"c":"needles"}],"d":7})");
  TreeNode root(value.type, value.raw);
  TreeMatches all = search_tree(root, "needle", 0, 100, 10);
  ASSERT_EQ(all.found.size(), 3u);
  EXPECT_EQ(all.found[0].keys, (std::vector<std::string>{"Needle"}));
  EXPECT_EQ(all.found[2].at, (std::vector<std::uint64_t>{1, 2, 0}));
  EXPECT_EQ(all.found[2].keys, (std::vector<std::string>{"b", "2", "c"}));
  EXPECT_FALSE(all.more);
  std::size_t found = 0;
  std::uint64_t from = 0;
  for (bool more = true; more;) {
    TreeMatches some = search_tree(root, "needle", from, 2, 10);
    found += some.found.size();
    from = some.looked_at;
    more = some.more;
  }
  EXPECT_EQ(found, 3u);
  EXPECT_EQ(search_tree(root, "7", 0, 100, 10).found.size(), 1u);
  EXPECT_TRUE(search_tree(root, "needle", 0, 100, 2).more);
}

TEST(ValueTree, damaged_values_are_refused) {
  EXPECT_EQ(code_from([] {
              TreeNode(TypeTag::map,
                       "\xa2\x61"
                       "a")
                  .each(0, [](auto&, auto&) { return true; });
            }),
            ErrorCode::corrupt);
}

}  // namespace
}  // namespace backlot
