// Everything that is answered, in the order in which it is decided: is the caller one of ours, may they, who answers,
// and in which form it goes out.
#pragma once
#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "backlot/base/home.h"
#include "backlot/client/client.h"
#include "backlot/server/guard.h"
#include "backlot/server/live.h"
#include "backlot/server/metrics.h"
#include "backlot/server/pages.h"
#include "backlot/server/router.h"

namespace backlot::server {

class App {
 public:
  /// `workers`: how many threads call answer() at once.
  App(const Home& home, GuardOptions guard, Pages pages, int workers);

  /// Does not throw. `worker` is less than `workers`, and no two threads have the same.
  Response answer(Request request, int worker);
  /// Live::end.
  void end_streams() { live_.end(); }

 private:
  std::vector<Route> own_routes();
  Response routed(Request& request, int worker);
  Response status(const Request& request) const;
  Response open_session(const Request& request) const;
  Response events(const Request& request);

  const Home home_;
  const Guard guard_;
  const Pages pages_;
  Metrics metrics_;
  Live live_;
  const Router router_;
  std::vector<std::optional<client::Client>> clients_;  ///< one a worker, opened when first needed
};

}  // namespace backlot::server
