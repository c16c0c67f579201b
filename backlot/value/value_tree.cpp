#include "backlot/value/value_tree.h"

#include <algorithm>
#include <cctype>

#include "backlot/base/ascii.h"
#include "backlot/base/error.h"
#include "backlot/value/item.h"
#include "backlot/value/to_json.h"

namespace backlot {
namespace {

std::string key_of(CborReader& in) {
  if (in.next_type() == CborType::text) return std::string(in.text());
  RawValue key = whole_value(in.skip(), nullptr);
  return to_json(key.type, key.raw);
}

bool is_list_tag(CborReader in) { return in.next_type() == CborType::tag && in.tag() == rows_tag; }

}  // namespace

TreeNode::TreeNode(TypeTag type, std::string_view raw) : item_(raw), type_(type), is_whole_(true) {
  if (type == TypeTag::list) {
    list_.emplace(raw);
    kind_ = Kind::whole_list;
    size_ = list_->size();
    if (list_->names()) names_ = *list_->names();
  } else if (type == TypeTag::map) {
    open(CborReader(raw));
  }
}

TreeNode::TreeNode(std::string_view item, const FieldNames* row) : item_(item) {
  CborReader in(item);
  if (row) {
    in.list_of(row->size());
    kind_ = Kind::row;
    size_ = row->size();
    names_ = *row;
    item_ = item.substr(in.offset());
  } else {
    open(in);
  }
}

void TreeNode::open(CborReader in) {
  const CborType type = in.next_type();
  if (type == CborType::map) {
    kind_ = Kind::map;
    size_ = in.map();
  } else if (type == CborType::list) {
    kind_ = Kind::list;
    size_ = in.list();
  } else if (is_list_tag(in)) {
    in.tag();
    in.list_of(2);
    names_ = read_names(in);
    kind_ = Kind::list;
    size_ = in.list();
  } else {
    return;
  }
  item_ = item_.substr(in.offset());
}

void TreeNode::each(std::uint64_t from, const Visit& visit) const {
  const FieldNames* rows = is_list() && !names_.empty() ? &names_ : nullptr;
  if (kind_ == Kind::whole_list) {
    for (std::uint64_t i = from; i < size_; ++i)
      if (!visit(std::to_string(i), TreeNode(list_->item(i), rows))) return;
    return;
  }
  // The bytes of the items stand one behind the other: those before are read over.
  std::string_view rest = item_;
  auto next = [&] {
    CborReader in(rest);
    std::string_view item = in.skip();
    rest.remove_prefix(in.offset());
    return item;
  };
  for (std::uint64_t i = 0; i < size_; ++i) {
    std::string key;
    if (kind_ == Kind::map) {
      CborReader in(rest);
      i < from ? void(in.skip()) : void(key = key_of(in));
      rest.remove_prefix(in.offset());
    } else if (i >= from) {
      key = kind_ == Kind::row ? std::string(names_[i]) : std::to_string(i);
    }
    std::string_view item = next();
    if (i >= from && !visit(key, TreeNode(item, rows))) return;
  }
}

TreeNode TreeNode::member(std::uint64_t index, std::string* key) const {
  std::optional<TreeNode> found;
  if (index < size_) {
    each(index, [&](const std::string& name, const TreeNode& node) {
      if (key) *key = name;
      found = node;
      return false;
    });
  }
  if (!found) throw Error(ErrorCode::not_found, "there is no member " + std::to_string(index) + " in it");
  return *std::move(found);
}

RawValue TreeNode::leaf() const {
  if (is_whole_) return {type_, std::string(item_)};
  return whole_value(item_, nullptr);
}

namespace {

class Search {
 public:
  Search(std::string_view text, std::uint64_t from, std::uint64_t nodes, std::size_t matches)
      : text_(lower_case(text)), from_(from), until_(from + nodes), most_(matches) {}

  TreeMatches in(const TreeNode& root) {
    root.is_branch() ? void(descend(root)) : void(look_at("", root));
    return std::move(matches_);
  }

 private:
  bool has(std::string_view text) const { return lower_case(text).find(text_) != std::string::npos; }

  bool look_at(const std::string& key, const TreeNode& node) {
    if (matches_.looked_at == until_ || matches_.found.size() == most_) {
      matches_.more = true;
      return false;
    }
    if (matches_.looked_at++ < from_) return true;
    if (has(key) || (!node.is_branch() && has(shown(node)))) matches_.found.push_back(here_);
    return true;
  }
  static std::string shown(const TreeNode& node) {
    RawValue leaf = node.leaf();
    return leaf.type == TypeTag::text ? std::move(leaf.raw) : to_json(leaf.type, leaf.raw);
  }

  bool descend(const TreeNode& node) {
    std::uint64_t index = 0;
    bool goes_on = true;
    node.each(0, [&](const std::string& key, const TreeNode& member) {
      here_.at.push_back(index++);
      here_.keys.push_back(key);
      goes_on = look_at(node.is_map() ? key : std::string(), member) && (!member.is_branch() || descend(member));
      here_.at.pop_back();
      here_.keys.pop_back();
      return goes_on;
    });
    return goes_on;
  }

  const std::string text_;
  const std::uint64_t from_, until_;
  const std::size_t most_;
  TreeMatch here_;
  TreeMatches matches_;
};

}  // namespace

TreeMatches search_tree(const TreeNode& root, std::string_view text, std::uint64_t from, std::uint64_t nodes,
                        std::size_t matches) {
  return Search(text, from, nodes, matches).in(root);
}

}  // namespace backlot
