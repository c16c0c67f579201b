// What domains keep.
#include "backlot/catalog/sqlite/sqlite_catalog.h"

namespace backlot {

void SqliteCatalog::set_pins(std::string_view domain, std::string_view name, const std::vector<Digest>& blobs,
                             Micros now) {
  if (domain.empty() || name.empty()) throw Error(ErrorCode::invalid, "a pin needs a domain and a name");
  transact([&] {
    database_.execute("DELETE FROM pin WHERE domain=?1 AND name=?2", domain, name);
    for (const Digest& blob : blobs)
      database_.execute("INSERT OR IGNORE INTO pin VALUES(?1, ?2, ?3, ?4)", domain, name, Blob{blob.view()}, now);
  });
}

std::vector<Pin> SqliteCatalog::pins() {
  std::vector<Pin> found;
  Cursor row = database_.query("SELECT domain, name, blob, since FROM pin ORDER BY domain, name, blob");
  while (row.next()) {
    Pin pin;
    pin.domain = row.text();
    pin.name = row.text();
    auto blob = Digest::from_bytes(row.view());
    pin.since = row.integer();
    if (!blob)
      throw Error(ErrorCode::corrupt, "the pin " + pin.domain + "/" + pin.name + " names no blob",
                  "run `backlot fsck`");
    pin.blob = *blob;
    found.push_back(std::move(pin));
  }
  return found;
}

}  // namespace backlot
