#include "backlot/server/delivery.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "backlot/base/digest.h"
#include "backlot/server/gzip.h"

namespace backlot::server {
namespace {

constexpr std::size_t least_compressed = 1024;

std::string* find_header(Response& response, std::string_view name) {
  auto at = std::find_if(response.headers.begin(), response.headers.end(),
                         [&](const auto& header) { return header.first == name; });
  return at == response.headers.end() ? nullptr : &at->second;
}

bool is_compressible(Response& response) {
  const std::string* type = find_header(response, "Content-Type");
  return type && (type->starts_with("text/") || type->starts_with("application/json"));
}

/// Whether an If-None-Match names the tag; weak and strong ones are the same here (RFC 9110, 13.1.2).
bool names_tag(std::string_view header, std::string_view tag) {
  if (tag.starts_with("W/")) tag.remove_prefix(2);
  return header == "*" || (!tag.empty() && header.find(tag) != std::string_view::npos);
}

struct ByteRange {
  std::uint64_t begin = 0, end = 0;
};
enum class RangeKind { none, one, unsatisfiable };

std::optional<std::uint64_t> number_of(std::string_view text) {
  std::uint64_t number = 0;
  auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

/// One range of bytes; several at once are answered with the whole, as any header that makes no sense is.
RangeKind range_of(std::string_view header, std::uint64_t size, ByteRange& range) {
  constexpr std::string_view unit = "bytes=";
  std::size_t dash = header.find('-');
  if (!header.starts_with(unit) || dash == header.npos || header.find(',') != header.npos) return RangeKind::none;
  auto first = number_of(header.substr(unit.size(), dash - unit.size()));
  auto last = number_of(header.substr(dash + 1));
  bool has_first = dash > unit.size(), has_last = dash + 1 < header.size();
  if ((has_first && !first) || (has_last && !last) || (!has_first && !has_last)) return RangeKind::none;
  if (!has_first) {  // the last so many
    range = {size - std::min(size, *last), size};
    return *last && size ? RangeKind::one : RangeKind::unsatisfiable;
  }
  if (has_last && *last < *first) return RangeKind::none;
  if (*first >= size) return RangeKind::unsatisfiable;
  range = {*first, has_last ? std::min(size - 1, *last) + 1 : size};
  return RangeKind::one;
}

std::uint64_t size_of(const Response& response) {
  std::uint64_t size = 0;
  response.produce([&](std::string_view piece) { size += piece.size(); });
  return size;
}

/// Ends a production whose rest nobody wants.
struct Enough {};

/// Produces a part: reads from the beginning, for what lies compressed has no other way to its middle.
void produce_part(const std::function<void(const Emit&)>& whole, ByteRange range, const Emit& emit) {
  std::uint64_t at = 0;
  try {
    whole([&](std::string_view piece) {
      const std::uint64_t begin = std::max(at, range.begin), end = std::min(at + piece.size(), range.end);
      if (begin < end) emit(piece.substr(begin - at, end - begin));
      at += piece.size();
      if (at >= range.end) throw Enough();
    });
  } catch (const Enough&) {}
}

/// What the size is of only who asks for a part has to wait for: it is told by going through all of it.
void put_range(Response& response, const Request& request) {
  response.with("Accept-Ranges", "bytes");
  std::string_view header = request.header("range"), condition = request.header("if-range");
  const std::string* tag = find_header(response, "ETag");
  if (header.empty() || (!condition.empty() && (!tag || condition != *tag))) return;
  ByteRange range;
  const std::uint64_t whole_size = size_of(response);
  std::string size = std::to_string(whole_size);
  switch (range_of(header, whole_size, range)) {
    case RangeKind::none: return;
    case RangeKind::unsatisfiable: {
      response = Response::problem(Error(ErrorCode::usage, "there are only " + size + " bytes"));
      response.status = 416;
      response.with("Content-Range", "bytes */" + size);
      return;
    }
    case RangeKind::one: break;
  }
  response.status = 206;
  response.with("Content-Range",
                "bytes " + std::to_string(range.begin) + "-" + std::to_string(range.end - 1) + "/" + size);
  response.size = range.end - range.begin;
  response.produce = [whole = std::move(response.produce), range](const Emit& emit) {
    produce_part(whole, range, emit);
  };
}

void put_default(Response& response, const char* name, const char* value) {
  if (!find_header(response, name)) response.with(name, value);
}

}  // namespace

Response delivered(Response response, const Request& request) {
  bool is_read = request.method == "GET" || request.method == "HEAD";
  if (is_read && response.status == 200 && !response.on_stream) {
    if (!response.produce && !find_header(response, "ETag"))
      response.with("ETag", "W/\"" + sha256(response.body).hex().substr(0, 32) + "\"");
    const std::string* tag = find_header(response, "ETag");
    if (tag && names_tag(request.header("if-none-match"), *tag)) {
      response.status = 304;
      response.body.clear();
      response.produce = nullptr;
    } else if (response.produce) {
      put_range(response, request);
    }
  }
  if (response.body.size() >= least_compressed && is_compressible(response) &&
      !find_header(response, "Content-Encoding") && accepts_gzip(request.header("accept-encoding"))) {
    response.body = gzipped(response.body);
    response.with("Content-Encoding", "gzip");
  }
  put_default(response, "Vary", "Accept-Encoding");
  put_default(response, "Cache-Control", "no-cache");
  put_default(response, "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; sandbox");
  put_default(response, "X-Content-Type-Options", "nosniff");
  put_default(response, "Referrer-Policy", "no-referrer");
  put_default(response, "Cross-Origin-Resource-Policy", "same-origin");
  put_default(response, "Cross-Origin-Opener-Policy", "same-origin");
  return response;
}

}  // namespace backlot::server
