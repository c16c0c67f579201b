// The modules of a server, made: what they answer, and how they are. A module that cannot be made, or that throws what
// is no Error, is told of in the log and in /api/v1/status, and stops no other.
#pragma once
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "backlot/server/module.h"

namespace backlot::server {

class ModuleHealth;

class Modules {
 public:
  explicit Modules(const std::vector<ModuleSource>& sources);
  ~Modules();

  /// Of those that could be made. A handler's exception that is no Error becomes one, internal, which names the module
  /// and not what went wrong inside.
  std::vector<Route> take_routes() { return std::move(routes_); }
  /// The server's own document with those of the modules, as JSON text.
  const std::string& openapi() const { return openapi_; }
  /// [{"name", "state": "ok", "failed" (to answer) or "off" (it could not be made), "failures", "last", "message"}];
  /// the message is for operators. May be called from any thread.
  nlohmann::ordered_json health(bool with_messages) const;

 private:
  void add(const ModuleSource& source, nlohmann::ordered_json& document);

  std::vector<std::shared_ptr<ModuleHealth>> health_;
  std::vector<Route> routes_;
  std::string openapi_;
};

}  // namespace backlot::server
