// Blobs that live only as long as this object: to encode values without a store.
#pragma once
#include <map>
#include <memory>
#include <string_view>
#include <vector>

#include "backlot/value/blobs.h"
#include "backlot/value/codec.h"

namespace backlot::sdk {

class ScratchBlobs : public BlobReader, public BlobWriter {
 public:
  std::shared_ptr<const Mapping> open(const Digest& id) override;
  Digest put(TypeTag type, const std::vector<std::string_view>& pieces, const std::vector<Digest>& refers_to) override;

 private:
  std::map<Digest, std::shared_ptr<const Mapping>> blobs_;
};

/// A value as a reference that holds all of its bytes.
Reference inlined_value(const ValueOps& ops, const void* value);

}  // namespace backlot::sdk
