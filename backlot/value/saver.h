// Between references and bytes: where a value is put when it is saved, and how its bytes are found again.
#pragma once
#include <deque>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "backlot/value/blobs.h"

namespace backlot {

/// Finds the raw bytes of references. Keeps the blobs used last open, so that many values of one pack, or many items of
/// one list, cost one look-up. Not thread-safe.
class ValueLoader {
 public:
  explicit ValueLoader(BlobReader& blobs) : blobs_(blobs) {}

  struct Raw {
    std::string_view bytes;             ///< valid as long as `owner` lives
    std::shared_ptr<const void> owner;
  };
  /// Throws Error not_found, corrupt, newer_format as BlobReader::open does.
  Raw raw(const Reference& reference);

 private:
  std::shared_ptr<const Mapping> open(const Digest& id);
  BlobReader& blobs_;
  std::deque<std::pair<Digest, std::shared_ptr<const Mapping>>> recent_;
};

/// Puts the values of one attempt where they belong: the small ones inline, the middling ones together in one pack,
/// each large one into a blob of its own.
class ValueSaver {
 public:
  explicit ValueSaver(BlobWriter& blobs) : blobs_(blobs) {}

  /// A reference to a packed value names no pack before finish() has patched it.
  Reference save(TypeTag type, std::string raw);
  /// The same for the concatenation of `pieces`, which is not copied when it is large. `refers_to`: blobs it needs.
  Reference save(TypeTag type, const std::vector<std::string_view>& pieces, const std::vector<Digest>& refers_to = {});
  /// Writes the pack and completes all references given out; call it once, with all of them that are kept.
  void finish(std::span<Reference* const> saved);

  /// For blobs that a value is made of.
  BlobWriter& blobs() { return blobs_; }

 private:
  BlobWriter& blobs_;
  std::size_t inlined_ = 0;
  std::string pack_;
};

}  // namespace backlot
