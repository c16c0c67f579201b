// What the codecs need of a store: bytes by name, in and out. The store room implements both.
#pragma once
#include <memory>
#include <string_view>
#include <vector>

#include "backlot/base/digest.h"
#include "backlot/base/files.h"
#include "backlot/value/reference.h"

namespace backlot {

class BlobReader {
 public:
  virtual ~BlobReader() = default;
  /// The raw bytes of a blob, mapped when it is stored raw. Header and chunk table are checked here.
  /// Throws Error not_found (a missing blob), corrupt, newer_format.
  virtual std::shared_ptr<const Mapping> open(const Digest& id) = 0;
};

/// Which chunks (of identity_chunk bytes) of a value are those of a blob that is stored: they need not be hashed again.
struct SameChunks {
  Digest as;
  std::vector<bool> same;  ///< by chunk
};

class BlobWriter {
 public:
  virtual ~BlobWriter() = default;
  /// Stores the concatenation of `pieces` as one blob and returns its name; the bytes are durable, its directory is
  /// not yet (BlobStore::sync_names). `refers_to` are blobs that this one needs: gc follows them.
  virtual Digest put(TypeTag type, const std::vector<std::string_view>& pieces,
                     const std::vector<Digest>& refers_to = {}) = 0;
  /// The same, for a value that is a stored one with some changes. The caller vouches for the chunks; one that is not
  /// the same after all makes a blob that its readers find corrupt.
  virtual Digest put_changed(TypeTag type, const std::vector<std::string_view>& pieces, const SameChunks&) {
    return put(type, pieces);
  }
};

}  // namespace backlot
