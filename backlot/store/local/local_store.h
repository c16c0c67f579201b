// The store in a folder of this machine (docs/formats/blob.md).
#pragma once
#include <cstdint>
#include <memory>
#include <string>

#include "backlot/base/files.h"
#include "backlot/store/local/checked_blobs.h"
#include "backlot/store/store.h"

namespace backlot {

/// When the bytes of a large blob, which are mapped and not copied, are checked against its name. Small and compressed
/// ones are checked each time.
enum class Verify : std::uint8_t {
  first,   ///< at their first use since the machine was started, by whichever process
  always,  ///< each time a blob is opened
  never,   ///< only by verify() and each_chunk()
};

struct BlobChecks {
  Verify when = Verify::first;
  std::shared_ptr<CheckedBlobs> checked;  ///< with `first`: those that need no check
};

/// A store in a folder of this machine, made when absent. BACKLOT_VERIFY says when blobs are checked; what was checked
/// is known to all processes of the machine. Throws Error newer_format when a newer backlot made it, usage when the
/// variable is something else.
std::unique_ptr<BlobStore> open_local_store(Files& files, Clock& clock, const std::string& folder);
std::unique_ptr<BlobStore> open_local_store(Files& files, Clock& clock, const std::string& folder, BlobChecks checks);

}  // namespace backlot
