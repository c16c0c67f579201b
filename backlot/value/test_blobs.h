// A store in memory, for tests.
#pragma once
#include <atomic>
#include <map>
#include <string>
#include <vector>

#include "backlot/base/error.h"
#include "backlot/value/blobs.h"

namespace backlot {

class MemoryBlobs : public BlobReader, public BlobWriter {
 public:
  struct Blob {
    TypeTag type;
    std::string raw;
    std::vector<Digest> refers_to;
  };
  std::map<Digest, Blob> blobs;
  std::atomic<int> opened = 0;

  std::shared_ptr<const Mapping> open(const Digest& id) override {
    auto found = blobs.find(id);
    if (found == blobs.end()) throw Error(ErrorCode::not_found, "blob " + id.hex() + " is missing");
    ++opened;
    return std::make_shared<View>(found->second.raw);
  }
  Digest put(TypeTag type, const std::vector<std::string_view>& pieces, const std::vector<Digest>& refers_to) override {
    std::string raw;
    for (std::string_view piece : pieces) raw += piece;
    Digest id = identity_of(type, raw);
    blobs.try_emplace(id, Blob{type, std::move(raw), refers_to});
    return id;
  }

 private:
  struct View : Mapping {
    explicit View(std::string_view bytes) { bytes_ = bytes; }
  };
};

}  // namespace backlot
