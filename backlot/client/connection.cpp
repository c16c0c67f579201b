#include "backlot/client/connection.h"

#include "backlot/home/open.h"

namespace backlot::client {

ConnectionPtr open_home(const Home& home) {
  make_home(home);
  return std::make_shared<Connection>(
      Connection{home, system_files(), system_clock(), open_catalog(home), open_store(home)});
}

}  // namespace backlot::client
