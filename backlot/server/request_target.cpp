#include "backlot/server/request_target.h"

#include "backlot/base/error.h"
#include "backlot/value/utf8.h"

namespace backlot::server {
namespace {

constexpr std::size_t most_segments = 32, most_query_parts = 64;

[[noreturn]] void refuse(const std::string& why) { throw Error(ErrorCode::usage, "the address " + why); }

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string decoded(std::string_view text, bool plus_is_space) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%') {
      int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
      int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
      if (high < 0 || low < 0) refuse("has a % that is not followed by two hex digits");
      c = static_cast<char>(high * 16 + low);
      i += 2;
    } else if (c == '+' && plus_is_space) {
      c = ' ';
    }
    if (c == '\0') refuse("holds a NUL");
    result += c;
  }
  if (!is_utf8(result)) refuse("is not UTF-8");
  return result;
}

/// Calls `visit` with each part between separators, the empty ones too.
template <class Visit>
void each_part(std::string_view text, char separator, Visit visit) {
  for (;;) {
    std::size_t end = text.find(separator);
    visit(text.substr(0, end));
    if (end == std::string_view::npos) return;
    text.remove_prefix(end + 1);
  }
}

}  // namespace

RequestTarget parse_target(std::string_view text) {
  if (text.empty() || text[0] != '/') refuse("does not begin with /");
  text = text.substr(0, text.find('#'));
  RequestTarget target;
  std::size_t question = text.find('?');
  std::string_view path = text.substr(1, question == std::string_view::npos ? question : question - 1);
  if (path.ends_with('/')) path.remove_suffix(1);
  if (!path.empty()) {
    each_part(path, '/', [&](std::string_view part) {
      std::string segment = decoded(part, false);
      if (segment.empty() || segment == "." || segment == "..") refuse("has an empty, . or .. segment");
      if (target.path.size() == most_segments) refuse("has too many segments");
      target.path.push_back(std::move(segment));
    });
  }
  if (question == std::string_view::npos) return target;
  each_part(text.substr(question + 1), '&', [&](std::string_view part) {
    if (part.empty()) return;
    if (target.query.size() == most_query_parts) refuse("has too many query parameters");
    std::size_t equals = part.find('=');
    std::string_view value = equals == std::string_view::npos ? std::string_view() : part.substr(equals + 1);
    target.query.emplace_back(decoded(part.substr(0, equals), true), decoded(value, true));
  });
  return target;
}

std::string percent_encoded(std::string_view text) {
  constexpr char digits[] = "0123456789ABCDEF";
  std::string result;
  for (char c : text) {
    bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
                 c == '_' || c == '~';
    if (plain) {
      result += c;
    } else {
      auto byte = static_cast<unsigned char>(c);
      result += {'%', digits[byte >> 4], digits[byte & 15]};
    }
  }
  return result;
}

}  // namespace backlot::server
