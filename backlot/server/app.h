// Everything that is answered, in the order in which it is decided: is the caller one of ours, may they, who answers,
// and in which form it goes out.
#pragma once
#include <array>
#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "backlot/client/client.h"
#include "backlot/home/home.h"
#include "backlot/server/access.h"
#include "backlot/server/guard.h"
#include "backlot/server/live.h"
#include "backlot/server/metrics.h"
#include "backlot/server/modules.h"
#include "backlot/server/proxy.h"
#include "backlot/server/router.h"
#include "backlot/server/static_files.h"

namespace backlot::server {

struct AppOptions {
  Home home;
  GuardOptions guard;
  AccessOptions access;
  StaticFiles pages;
  TrustedProxies proxies;
  bool trusts_group = false;  ///< control_trust()
  std::string base;           ///< path below which a proxy shows this server, "/backlot"; empty: none
  std::array<int, work_classes> workers{1, 1, 1};  ///< how many threads of each class call answer() at once
  std::vector<ModuleSource> modules;               ///< of domains
};

class App {
 public:
  explicit App(AppOptions options);

  /// Which threads are to answer a request.
  Work work_of(const Request& request) const;
  /// Does not throw. `worker` is less than the `workers` of the class, and no two of its threads have the same.
  Response answer(Request request, Work work, int worker);
  /// Live::end.
  void end_streams() { live_.end(); }
  OneTimeSecrets& one_time_secrets() { return access_.one_time_secrets(); }

 private:
  std::vector<Route> all_routes();
  Response routed(Request& request, std::optional<client::Client>& client);
  Response status(const Request& request) const;
  Response events(const Request& request);
  std::optional<Response> page(const Request& request) const;

  const Home home_;
  const Guard guard_;
  const TrustedProxies proxies_;
  const bool trusts_group_;
  const std::string base_;
  const StaticFiles pages_;
  Access access_;
  Metrics metrics_;
  Live live_;
  Modules modules_;
  const Router router_;
  /// One a worker. Those for quick work are opened at once: to open one may have to wait for a writer.
  std::array<std::vector<std::optional<client::Client>>, work_classes> clients_;
};

}  // namespace backlot::server
