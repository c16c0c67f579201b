// What a value is outside of Backlot: the bytes of the file that somebody would keep it in.
#pragma once
#include <functional>
#include <string_view>

#include "backlot/store/store.h"
#include "backlot/value/saver.h"

namespace backlot::client {

/// Text, bytes, a file and a pickle are kept as they are, a tensor as a NumPy file. All else has its JSON only.
bool has_content(TypeTag type);

/// Visits that, piece by piece with bounded memory; what comes from a blob of its own when it has been checked. Returns
/// true for a file that may be executed. Precondition: has_content. Throws Error not_found, corrupt, newer_format.
bool each_piece(const Reference& value, BlobStore& store, const std::function<void(std::string_view)>& visit);

}  // namespace backlot::client
