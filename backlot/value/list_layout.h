// How a list lies in its raw bytes, so that one item is read without the others (docs/formats/values.md):
//
//   u64 count | u8 flags | u8 w | (count + 1) offsets of w bytes | header | items
//
// All little-endian; offsets count from the end of the offsets; w is 1, 2, 4 or 8, the smallest that fits. Flag 1: the
// items are rows of a struct, and the header is the CBOR list of its field names; else the header is empty.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace backlot {

/// Collects the items of a list, each as CBOR.
class ListBuilder {
 public:
  /// `header`: CBOR of the field names, for rows.
  explicit ListBuilder(std::string header = {})
      : rows_(!header.empty()), items_(std::move(header)), ends_{items_.size()} {}
  /// Where the next item is to be appended; call end_item() behind it.
  std::string& item() { return items_; }
  void end_item() { ends_.push_back(items_.size()); }
  void reserve(std::size_t items) { ends_.reserve(items + 1); }
  std::string finish() &&;

 private:
  bool rows_;
  std::string items_;                // the header, then the items
  std::vector<std::uint64_t> ends_;  // of the header and of each item
};

/// Reads one. Throws Error corrupt when the bytes are no list.
class ListView {
 public:
  explicit ListView(std::string_view raw);
  std::uint64_t size() const { return count_; }
  bool rows() const { return rows_; }
  std::string_view header() const { return items_.substr(0, offset(0)); }
  std::string_view item(std::uint64_t i) const;

 private:
  std::uint64_t offset(std::uint64_t i) const;
  std::uint64_t count_ = 0;
  bool rows_ = false;
  unsigned width_ = 1;
  std::string_view offsets_, items_;
};

}  // namespace backlot
