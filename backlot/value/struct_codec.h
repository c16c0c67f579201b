// The codec of all structs with BACKLOT_FIELDS, once: what differs between them is a table.
#pragma once
#include <cstddef>
#include <string_view>
#include <vector>

#include "backlot/value/cbor.h"
#include "backlot/value/decoder.h"

namespace backlot {

struct StructField {
  std::string_view name;
  std::size_t offset;  ///< in the struct
  bool optional;       ///< may be missing when read: it then keeps its default
  void (*encode)(CborWriter& out, const void* field);
  void (*decode)(Decoder& in, void* field);
};

class StructLayout {
 public:
  /// Throws Error invalid when two fields have one name or there are more than 256.
  StructLayout(std::string_view type, std::vector<StructField> fields);

  const Names& names() const { return names_; }
  /// As a map from names to values.
  void encode(CborWriter& out, const void* object) const;
  /// As a list of the values.
  void encode_row(CborWriter& out, const void* object) const;
  /// From a map or a row, its fields in any order. A missing field that is not optional is Error wrong_type; one that
  /// the struct does not have is read over, or refused when the source is JSON.
  void decode(Decoder& in, void* object) const;

 private:
  std::size_t find(std::string_view name, std::size_t guess) const;
  void encode_values(CborWriter& out, const void* object, bool with_names) const;

  std::string_view type_;
  std::vector<StructField> fields_;
  Names names_;
};

}  // namespace backlot
