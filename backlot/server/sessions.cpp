#include "backlot/server/sessions.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "backlot/base/secret.h"
#include "backlot/base/system_files.h"
#include "backlot/base/unique_fd.h"
#include "backlot/server/private_folder.h"
#include "backlot/server/secret.h"

namespace backlot::server {
namespace {

constexpr std::size_t most_sessions = 1000;
constexpr Micros save_pause = 600'000'000;  ///< between two notes of when sessions were used

Micros micros(std::chrono::hours time) { return std::chrono::duration_cast<std::chrono::microseconds>(time).count(); }

}  // namespace

Sessions::Sessions(std::string file, Clock& clock) : file_(std::move(file)), clock_(clock) { load(); }

bool Sessions::is_over(const Session& session) const {
  const Micros now = clock_.now();
  return now - session.opened > micros(session_life) || now - session.used > micros(session_idle_life);
}

std::string Sessions::open(Role role, std::string token_mark) {
  std::lock_guard lock(mutex_);
  std::erase_if(sessions_, [&](const auto& entry) { return is_over(entry.second); });
  if (sessions_.size() >= most_sessions) {
    // Readers first: they must not be able to sign out an operator.
    auto order = [](const auto& entry) { return std::pair(entry.second.role == Role::operator_, entry.second.used); };
    sessions_.erase(std::min_element(sessions_.begin(), sessions_.end(),
                                     [&](const auto& a, const auto& b) { return order(a) < order(b); }));
  }
  std::string id(Secret::random().revealed());
  sessions_[mark_of(id)] = {role, std::move(token_mark), clock_.now(), clock_.now()};
  save();
  return id;
}

std::optional<Sessions::Session> Sessions::find(std::string_view id) {
  if (id.empty()) return std::nullopt;
  std::lock_guard lock(mutex_);
  auto at = sessions_.find(mark_of(id));
  if (at == sessions_.end() || is_over(at->second)) return std::nullopt;
  at->second.used = clock_.now();
  const Session found = at->second;
  if (clock_.now() - saved_ > save_pause) save();
  return found;
}

void Sessions::close(std::string_view id) {
  std::lock_guard lock(mutex_);
  if (sessions_.erase(mark_of(id))) save();
}

void Sessions::load() {
  if (file_.empty() || !system_files().info(file_)) return;
  auto file = system_files().open(file_, OpenMode::read);
  nlohmann::json json = nlohmann::json::parse(file->read(0, file->size()), nullptr, false);
  if (!json.is_object()) return;
  for (const auto& [mark, told] : json.items()) {
    try {
      Role role = told.at("role") == "operator" ? Role::operator_ : Role::reader;
      const Micros opened = told.at("opened");
      Session session{role, told.at("token"), opened, told.value("used", opened)};
      if (!is_over(session)) sessions_[mark] = session;
    } catch (const nlohmann::json::exception&) {}  // of no session of ours
  }
}

void Sessions::save() {
  saved_ = clock_.now();
  if (file_.empty()) return;
  nlohmann::json json = nlohmann::json::object();
  for (const auto& [mark, session] : sessions_) {
    json[mark] = {{"role", session.role == Role::operator_ ? "operator" : "reader"},
                  {"token", session.token_mark},
                  {"opened", session.opened},
                  {"used", session.used}};
  }
  // Without the file they live as long as the server: no reason to refuse one. An old file goes, for it would bring
  // back who has signed out.
  try {
    write_private_file(file_, json.dump());
  } catch (const Error& e) {
    std::fprintf(stderr, "backlot serve: %s\n", e.what());
    ::unlink(file_.c_str());
  }
}

std::string OneTimeSecrets::make(std::chrono::seconds life) {
  std::lock_guard lock(mutex_);
  std::string secret(Secret::random().revealed());
  ends_[mark_of(secret)] = clock_.monotonic() + life;
  return secret;
}

bool OneTimeSecrets::redeem(std::string_view secret) {
  std::lock_guard lock(mutex_);
  auto at = ends_.find(mark_of(secret));
  if (at == ends_.end()) return false;
  bool in_time = clock_.monotonic() <= at->second;
  ends_.erase(at);
  any_redeemed_ = any_redeemed_ || in_time;
  return in_time;
}

bool OneTimeSecrets::any_redeemed() {
  std::lock_guard lock(mutex_);
  return any_redeemed_;
}

}  // namespace backlot::server
