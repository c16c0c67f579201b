#include "backlot/server/http.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

namespace backlot::server {

std::string_view Request::header(std::string_view name) const {
  auto at = std::find_if(headers.begin(), headers.end(), [&](const auto& h) { return h.first == name; });
  return at == headers.end() ? std::string_view() : std::string_view(at->second);
}

const std::string* Request::find(std::string_view name) const {
  auto at = std::find_if(query.begin(), query.end(), [&](const auto& q) { return q.first == name; });
  return at == query.end() ? nullptr : &at->second;
}

std::string Request::text(std::string_view name) const {
  const std::string* value = find(name);
  return value ? *value : std::string();
}

std::int64_t Request::number(std::string_view name, std::int64_t otherwise, std::int64_t least,
                             std::int64_t most) const {
  const std::string* value = find(name);
  if (!value) return otherwise;
  std::int64_t number = 0;
  auto [end, failed] = std::from_chars(value->data(), value->data() + value->size(), number);
  bool whole = failed == std::errc() && end == value->data() + value->size() && !value->empty();
  if (whole && number >= least && number <= most) return number;
  throw Error(ErrorCode::usage, std::string(name) + " must be a whole number from " + std::to_string(least) + " to " +
                                    std::to_string(most));
}

int status_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::usage:
    case ErrorCode::invalid:
    case ErrorCode::wrong_type: return 400;
    case ErrorCode::permission: return 403;
    case ErrorCode::not_found:
    case ErrorCode::unset: return 404;
    case ErrorCode::exists:
    case ErrorCode::conflict:
    case ErrorCode::lease_lost:
    case ErrorCode::replaced: return 409;
    case ErrorCode::unsupported: return 501;
    case ErrorCode::cancelled: return 503;
    case ErrorCode::no_space: return 507;
    case ErrorCode::corrupt:
    case ErrorCode::newer_format:
    case ErrorCode::io:
    case ErrorCode::internal: break;
  }
  return 500;
}

Response Response::json(std::string text, int status) {
  Response response;
  response.status = status;
  response.body = std::move(text);
  return response.with("Content-Type", "application/json");
}

Response Response::problem(const Error& error) {
  nlohmann::ordered_json told{{"code", name_of(error.code())}, {"message", error.message()}};
  if (!error.hint().empty()) told["hint"] = error.hint();
  if (!error.context().empty()) told["context"] = error.context();
  nlohmann::ordered_json json{{"error", std::move(told)}};
  return Response::json(json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace),
                        status_of(error.code()));
}

Response& Response::with(std::string name, std::string value) {
  headers.emplace_back(std::move(name), std::move(value));
  return *this;
}

}  // namespace backlot::server
