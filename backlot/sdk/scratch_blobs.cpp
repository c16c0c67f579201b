#include "backlot/sdk/scratch_blobs.h"

namespace backlot::sdk {

namespace {

class OwnedBytes : public Mapping {
 public:
  explicit OwnedBytes(std::string bytes) : owned_(std::move(bytes)) { bytes_ = owned_; }

 private:
  std::string owned_;
};

}  // namespace

std::shared_ptr<const Mapping> ScratchBlobs::open(const Digest& id) {
  auto found = blobs_.find(id);
  if (found == blobs_.end()) throw Error(ErrorCode::not_found, "no blob " + id.hex());
  return found->second;
}

Digest ScratchBlobs::put(TypeTag type, const std::vector<std::string_view>& pieces, const std::vector<Digest>&) {
  std::string raw;
  for (std::string_view piece : pieces) raw += piece;
  Digest id = identity_of(type, raw);
  blobs_.emplace(id, std::make_shared<OwnedBytes>(std::move(raw)));
  return id;
}

Reference inlined_value(const ValueOps& ops, const void* value) {
  ScratchBlobs blobs;
  ValueSaver saver(blobs);
  Reference saved = ops.save(value, saver);
  saver.finish(std::vector<Reference*>{&saved});
  ValueLoader loader(blobs);
  return Reference::inlined(saved.type, std::string(loader.raw(saved).bytes));
}

}  // namespace backlot::sdk
