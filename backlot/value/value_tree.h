// A value as a tree that is read branch by branch, however large it is: nothing is decoded but what is asked for.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "backlot/value/list_layout.h"
#include "backlot/value/raw_value.h"

namespace backlot {

/// A list, a map, or what has no members. The bytes it was made from must outlive it.
class TreeNode {
 public:
  /// Throws Error corrupt.
  TreeNode(TypeTag type, std::string_view raw);

  bool is_list() const { return kind_ == Kind::whole_list || kind_ == Kind::list; }
  bool is_map() const { return kind_ == Kind::map || kind_ == Kind::row; }
  bool is_branch() const { return is_list() || is_map(); }
  /// How many members it has.
  std::uint64_t size() const { return size_; }

  /// `key`: of a map the member's name, of a list its index. Return false to stop.
  using Visit = std::function<bool(const std::string& key, const TreeNode& member)>;
  /// Members from number `from` on, in their order. Throws Error corrupt.
  void each(std::uint64_t from, const Visit& visit) const;
  /// Throws Error corrupt, and not_found when there is no such member.
  TreeNode member(std::uint64_t index, std::string* key = nullptr) const;
  /// What has no members, as a value.
  RawValue leaf() const;

 private:
  enum class Kind : std::uint8_t { leaf, whole_list, list, map, row };
  TreeNode(std::string_view item, const FieldNames* row);
  void open(CborReader in);

  Kind kind_ = Kind::leaf;
  std::uint64_t size_ = 0;
  std::string_view item_;  ///< of a leaf its bytes; of a list, a map or a row the items in it
  TypeTag type_ = TypeTag::null;
  bool is_whole_ = false;  ///< `type_` says how the leaf's bytes are to be read
  std::optional<ListView> list_;
  FieldNames names_;  ///< of a row; of a list whose items are rows
};

/// One of the leaves and keys of a tree that hold a text.
struct TreeMatch {
  std::vector<std::uint64_t> at;  ///< the numbers of the members that lead to it
  std::vector<std::string> keys;  ///< their keys
};
struct TreeMatches {
  std::vector<TreeMatch> found;
  std::uint64_t looked_at = 0;  ///< nodes
  bool more = false;            ///< stopped before the end
};
/// Looks, whatever the case of ASCII letters, for `text` in keys and in what leaves show as JSON: at nodes from number
/// `from` on, at most `nodes` of them, until `matches` are found.
TreeMatches search_tree(const TreeNode& root, std::string_view text, std::uint64_t from, std::uint64_t nodes,
                        std::size_t matches);

}  // namespace backlot
