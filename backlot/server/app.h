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
#include "backlot/server/access.h"
#include "backlot/server/guard.h"
#include "backlot/server/live.h"
#include "backlot/server/metrics.h"
#include "backlot/server/pages.h"
#include "backlot/server/proxy.h"
#include "backlot/server/router.h"

namespace backlot::server {

struct AppOptions {
  Home home;
  GuardOptions guard;
  AccessOptions access;
  Pages pages;
  TrustedProxies proxies;
  std::string base;  ///< path below which a proxy shows this server, "/backlot"; empty: none
  int workers = 1;   ///< how many threads call answer() at once
};

class App {
 public:
  explicit App(AppOptions options);

  /// Does not throw. `worker` is less than `workers`, and no two threads have the same.
  Response answer(Request request, int worker);
  /// Live::end.
  void end_streams() { live_.end(); }
  OneTimeSecrets& one_time_secrets() { return access_.one_time_secrets(); }

 private:
  std::vector<Route> own_routes();
  Response routed(Request& request, int worker);
  Response status(const Request& request) const;
  Response events(const Request& request);
  std::optional<Response> page(const Request& request) const;

  const Home home_;
  const Guard guard_;
  const TrustedProxies proxies_;
  const std::string base_;
  const Pages pages_;
  Access access_;
  Metrics metrics_;
  Live live_;
  const Router router_;
  std::vector<std::optional<client::Client>> clients_;  ///< one a worker, opened when first needed
};

}  // namespace backlot::server
