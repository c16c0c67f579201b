// One item of a list, without the others.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "backlot/value/list_layout.h"
#include "backlot/value/raw_value.h"
#include "backlot/value/reference.h"
#include "backlot/value/saver.h"

namespace backlot {

/// How many items a list, or a tensor's first dimension, has. Throws Error wrong_type when it is neither.
std::uint64_t item_count(const Reference& list, ValueLoader& loader);

/// Item `index` of a list, or of a tensor's first dimension, as an inlined value: the same bytes, and so the same
/// identity, as if it had been saved alone. Throws Error wrong_type, corrupt, and not_found when there is no such item.
Reference item_of(const Reference& list, std::uint64_t index, ValueLoader& loader);

/// The same, if the item is no larger than inline_value_limit and the list no larger than 16 MiB; else nothing is read.
std::optional<Reference> small_item_of(const Reference& list, std::uint64_t index, ValueLoader& loader);

/// An item as it lies in a list, as a value of its own. `row`: its fields when it is a row, else null.
RawValue whole_value(std::string_view item, const FieldNames* row);

/// A short name of an inlined item, for people: a text as it is, else compact JSON. At most 64 bytes of UTF-8, on one
/// line.
std::string item_label(const Reference& item);

}  // namespace backlot
