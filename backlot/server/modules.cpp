#include "backlot/server/modules.h"

#include <cstdio>
#include <mutex>
#include <nlohmann/json.hpp>

#include "backlot/base/clock.h"
#include "backlot/server/openapi.h"

namespace backlot::server {

using Json = nlohmann::ordered_json;

class ModuleHealth {
 public:
  explicit ModuleHealth(std::string_view name) : name_(name) {}

  void could_not_be_made(const std::string& message) {
    note(message);
    is_off_ = true;
    std::fprintf(stderr, "backlot serve: the module %s is off: %s\n", name_.c_str(), message.c_str());
  }
  /// Of an answer; where it is from stands in the log only.
  void failed(const std::string& where, const std::string& message) {
    note(message);
    std::fprintf(stderr, "backlot serve: module %s: %s: %s\n", name_.c_str(), where.c_str(), message.c_str());
  }

  Json json(bool with_message) const {
    const std::lock_guard lock(mutex_);
    Json json{{"name", name_}, {"state", is_off_ ? "off" : failures_ ? "failed" : "ok"}};
    if (failures_ == 0) return json;
    json["failures"] = failures_;
    json["last"] = rfc3339(last_);
    if (with_message) json["message"] = message_;
    return json;
  }

 private:
  void note(const std::string& message) {
    const std::lock_guard lock(mutex_);
    ++failures_;
    last_ = system_clock().now();
    message_ = message;
  }

  const std::string name_;
  mutable std::mutex mutex_;
  bool is_off_ = false;
  std::int64_t failures_ = 0;
  Micros last_ = 0;
  std::string message_;
};

namespace {

/// `action`, and what it throws that is no Error as one.
template <class Action>
auto guarded(ModuleHealth& health, const std::string& name, const std::string& where, Action action) {
  const auto failed = [&](const std::string& what) {
    health.failed(where, what);
    return Error(ErrorCode::internal, "the module " + name + " failed", "the server's log says how");
  };
  try {
    return action();
  } catch (const Error&) { throw; } catch (const std::exception& e) {
    throw failed(e.what());
  } catch (...) { throw failed("it threw what is no exception"); }
}

Handler guarded_handler(std::shared_ptr<ModuleHealth> health, const std::string& name, const Route& route) {
  return [health = std::move(health), name, where = route.method + " " + route.pattern, answer = route.handler](
             const Request& request, client::Client& client) {
    Response response = guarded(*health, name, where, [&] { return answer(request, client); });
    if (response.produce)
      response.produce = [health, name, where, produce = std::move(response.produce)](const Emit& emit) {
        guarded(*health, name, where, [&] { produce(emit); });
      };
    return response;
  };
}

}  // namespace

Modules::Modules(const std::vector<ModuleSource>& sources) {
  Json document = Json::object();
  add_openapi(document, server_openapi());
  for (const ModuleSource& source : sources) {
    health_.push_back(std::make_shared<ModuleHealth>(source.name));
    try {
      add(source, document);
    } catch (const std::exception& e) { health_.back()->could_not_be_made(e.what()); }
  }
  openapi_ = document.dump();
}

Modules::~Modules() = default;

void Modules::add(const ModuleSource& source, Json& document) {
  Module module = source.make();
  const std::vector<std::string_view> part = source.openapi();
  if (module.name != source.name) throw Error(ErrorCode::internal, "it calls itself \"" + module.name + "\"");
  check_openapi(module, part);
  add_openapi(document, part);
  for (Route& route : module.routes) {
    route.handler = guarded_handler(health_.back(), module.name, route);
    routes_.push_back(std::move(route));
  }
}

Json Modules::health(bool with_messages) const {
  Json list = Json::array();
  for (const auto& health : health_) list.push_back(health->json(with_messages));
  return list;
}

}  // namespace backlot::server
