#include "backlot/client/connection.h"

namespace backlot::client {

ConnectionPtr open_home(const Home& home) {
  make_home(home);
  return std::make_shared<Connection>(Connection{home, system_files(), system_clock(),
                                                 open_sqlite_catalog(home.catalog()),
                                                 open_local_store(system_files(), system_clock(), home.store())});
}

}  // namespace backlot::client
