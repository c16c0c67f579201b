// Between references and bytes: where a value is put when it is saved, and how its bytes are found again.
#pragma once
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "backlot/value/blobs.h"

namespace backlot {

/// Finds the raw bytes of references. Keeps the few blobs used last open, so that many values of one pack, or many
/// items of one list, cost one look-up. Thread-safe where the BlobReader is.
class ValueLoader {
 public:
  /// `blobs` must outlive the loader.
  explicit ValueLoader(BlobReader& blobs) : blobs_(blobs) {}

  struct Raw {
    std::string_view bytes;  ///< valid as long as `owner` lives
    std::shared_ptr<const void> owner;
  };
  /// Throws Error not_found, corrupt, newer_format as BlobReader::open does.
  Raw raw(const Reference& reference);

 private:
  std::shared_ptr<const Mapping> open(const Digest& id);

  BlobReader& blobs_;
  std::mutex mutex_;
  std::vector<std::pair<Digest, std::shared_ptr<const Mapping>>> recent_;  ///< the most recent first
};

/// Puts the values of one attempt where they belong. Values of up to inline_value_limit bytes become inlined references
/// while their total stays below inline_manifest_limit; others of up to packed_value_limit gather in one pack, each
/// distinct value once; larger ones are written at once as blobs. A value that refers to blobs is never inlined: the
/// header of the blob it lies in tells garbage collection what it needs. Not thread-safe.
class ValueSaver {
 public:
  /// `blobs` must outlive the saver.
  explicit ValueSaver(BlobWriter& blobs) : blobs_(blobs) {}

  /// A reference to a packed value has its identity, but names no pack before finish() has patched it.
  Reference save(TypeTag type, std::string raw);
  /// The same for the concatenation of `pieces`, which is not copied when it is large. `refers_to`: blobs it needs.
  Reference save(TypeTag type, const std::vector<std::string_view>& pieces, const std::vector<Digest>& refers_to = {});
  /// Writes the pack and completes all references given out; call it once, with all of them that are kept.
  void finish(std::span<Reference* const> saved);

  /// For blobs that a value is made of.
  BlobWriter& blobs() { return blobs_; }

 private:
  Reference pack(TypeTag type, std::string_view raw, const std::vector<Digest>& refers_to);

  BlobWriter& blobs_;
  std::size_t inlined_ = 0;  ///< bytes
  std::string pack_;
  std::vector<Digest> pack_refers_to_;
  std::unordered_map<Digest, std::uint64_t, DigestHash> packed_at_;
};

}  // namespace backlot
