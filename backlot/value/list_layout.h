// The raw bytes of a list: a header, the ends of its items, the items. Item i is read without the others
// (docs/formats/values.md).
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "backlot/value/cbor.h"

namespace backlot {

/// Marks, inside of a value, a list of structs: [names, rows]. In whole lists the header has the names.
inline constexpr std::uint64_t rows_tag = 29295;
/// Mark, as CBOR has it, bytes that are an integer beyond 64 bits: n, or -1 - n.
inline constexpr std::uint64_t natural_tag = 2, negative_tag = 3;

using Names = std::vector<std::string_view>;

/// Gathers where items end while they are appended to `items`.
class ListIndex {
 public:
  void end_item(std::size_t items_size) { ends_.push_back(items_size); }
  /// What goes before the items. `names`: of the fields when the items are rows, else null.
  std::string head(const Names* names) const;

 private:
  bool all_equal() const;
  std::vector<std::uint64_t> ends_;
};

/// A list's raw bytes, taken apart but not decoded. The bytes must outlive it.
class ListView {
 public:
  /// Throws Error corrupt. Looks at the head only, not at all ends.
  explicit ListView(std::string_view raw);
  std::uint64_t size() const { return size_; }
  /// Of the fields when the items are rows, which are lists of their values; else null.
  const Names* names() const { return rows_ ? &names_ : nullptr; }
  /// The bytes of one item. Throws Error corrupt when the ends make no sense, and not_found when there is no such item.
  std::string_view item(std::uint64_t index) const;
  /// The bytes of all items, one behind the other.
  std::string_view items() const { return items_; }
  /// Throws Error corrupt when the ends do not fit together or should not have been written.
  void check_ends() const;

 private:
  std::uint64_t end(std::uint64_t index) const;

  std::uint64_t size_ = 0;
  unsigned width_ = 0;  ///< bytes of an end; 0: all items are equally long and there are no ends
  bool rows_ = false;
  Names names_;
  std::string_view ends_, items_;
};

/// A list of texts. Throws Error corrupt when one stands twice.
Names read_names(CborReader& in);
void write_names(CborWriter& out, const Names& names);

}  // namespace backlot
