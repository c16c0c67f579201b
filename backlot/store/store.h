// The store: content-addressed blobs, bytes named by the identity of the value they hold (docs/formats/blob.md).
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "backlot/base/clock.h"
#include "backlot/value/blobs.h"

namespace backlot {

struct BlobInfo {
  Digest id;
  TypeTag type = TypeTag::null;
  std::uint64_t raw_size = 0;
  std::uint64_t stored_size = 0;
  Micros refreshed = 0;  ///< when it was written or last hit by deduplication
  std::vector<Digest> refers_to;
};

/// Any number of processes may read and write one store at once. Not thread-safe: one object a thread.
class BlobStore : public BlobReader, public BlobWriter {
 public:
  /// Makes the names of these blobs durable; the committer calls it before it commits a manifest that needs them.
  /// Throws Error not_found when one does not exist.
  virtual void sync_names(const std::vector<Digest>& ids) = 0;

  /// From the header alone. A blob in the trash is taken back.
  virtual std::optional<BlobInfo> info(const Digest& id) = 0;
  virtual void each(const std::function<void(const Digest&)>& visit) = 0;
  /// Visits the raw bytes in order, piece by piece, each when it has been checked, with bounded memory. Throws Error
  /// not_found, corrupt (naming the chunk), newer_format.
  virtual void each_chunk(const Digest& id, const std::function<void(std::string_view raw)>& visit) = 0;
  /// Reads every byte: throws Error corrupt, naming the chunk, when the blob is not what its name says.
  virtual void verify(const Digest& id) = 0;
  /// Gives another store in a folder of this machine the blob's file, unless it has one of that size; the names there
  /// are durable when sync_names() of that store says so. True when it had none. Throws Error not_found.
  virtual bool give(const Digest& id, const std::string& other_folder) = 0;
  /// Moves a damaged blob out of the way, to the folder `damaged`: then it counts as missing, and whoever makes the
  /// value again writes it anew. False when it is not there.
  virtual bool set_aside(const Digest& id) = 0;
  /// Moves a blob to the trash folder, if it was last refreshed before `older_than`; false when it is younger.
  virtual bool discard(const Digest& id, Micros older_than) = 0;
  /// Puts a discarded blob back; false when it is not in the trash.
  virtual bool restore(const Digest& id) = 0;
  /// Deletes what has been in the trash, or set aside, since before `older_than`, and stale temporary files; returns
  /// bytes freed.
  virtual std::uint64_t empty_trash(Micros older_than) = 0;
};

}  // namespace backlot
