#include "backlot/verbs/pins.h"

#include "backlot/client/connection.h"
#include "backlot/verbs/references.h"

namespace backlot::verbs {
namespace {

std::vector<Digest> kept_until_now(Catalog& catalog, std::string_view domain, std::string_view name) {
  std::vector<Digest> blobs;
  for (const Pin& pin : catalog.pins())
    if (pin.domain == domain && pin.name == name) blobs.push_back(pin.blob);
  return blobs;
}

/// What lies in the trash is taken back.
void require_all(BlobStore& store, const std::vector<Digest>& blobs) {
  BlobSet needed(store);
  for (const Digest& blob : blobs) {
    for (const Digest& id : needed.add(blob)) {
      if (!store.info(id))
        throw Error(ErrorCode::not_found, "blob " + id.hex() + " is not in the store",
                    "save the value again, then keep it");
    }
  }
}

}  // namespace

BlobWriter& writer(const client::Client& client) { return opened(client)->store(); }

void keep(const client::Client& client, std::string_view domain, std::string_view name,
          const std::vector<Reference>& values) {
  client::Connection& home = *opened(client);
  Manifest holder;
  for (const Reference& value : values) holder.artifacts.push_back({"", value});
  const std::vector<Digest> blobs = blobs_of(holder);
  const std::vector<Digest> before = kept_until_now(home.catalog(), domain, name);
  require_all(home.store(), blobs);
  home.store().sync_names(blobs);
  home.catalog().set_pins(domain, name, blobs, client.now());
  // A gc that had read the pins before may discard one until it reads them again, at its end. Either it sees this one
  // then, or what it discarded is in the trash by now.
  try {
    require_all(home.store(), blobs);
  } catch (const Error&) {
    home.catalog().set_pins(domain, name, before, client.now());
    throw;
  }
}

}  // namespace backlot::verbs
