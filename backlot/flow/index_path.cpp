#include "backlot/flow/index_path.h"

#include <charconv>

namespace backlot {
namespace {

constexpr unsigned char item_mark = 0x10, pass_mark = 0x20;

}  // namespace

IndexPath IndexPath::with(Kind kind, std::uint64_t value) const {
  IndexPath longer = *this;
  longer.parts.push_back({kind, value});
  return longer;
}

std::string IndexPath::text() const {
  std::string text = "[";
  for (const Part& part : parts) {
    if (part.kind == Kind::pass)
      text += '@';
    else if (text.size() > 1)
      text += '.';
    text += std::to_string(part.value);
  }
  return text + "]";
}

std::optional<IndexPath> IndexPath::parse(std::string_view text) {
  if (text.size() < 2 || text.front() != '[' || text.back() != ']') return std::nullopt;
  text = text.substr(1, text.size() - 2);
  IndexPath path;
  while (!text.empty()) {
    Kind kind = text.front() == '@' ? Kind::pass : Kind::item;
    bool marked = kind == Kind::pass || text.front() == '.';
    if (marked == path.parts.empty() && kind == Kind::item) return std::nullopt;  // a dot stands between, not before
    if (marked) text.remove_prefix(1);
    std::uint64_t value = 0;
    auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
    std::size_t digits = static_cast<std::size_t>(end - text.data());
    if (failed != std::errc() || (digits > 1 && text.front() == '0')) return std::nullopt;
    path.parts.push_back({kind, value});
    text.remove_prefix(digits);
  }
  return path;
}

std::string IndexPath::key() const {
  std::string key;
  for (const Part& part : parts) {
    int bytes = 0;
    while (bytes < 8 && part.value >> (8 * bytes) != 0) ++bytes;
    key += static_cast<char>((part.kind == Kind::item ? item_mark : pass_mark) | bytes);
    for (int i = bytes; i-- > 0;) key += static_cast<char>(part.value >> (8 * i));
  }
  return key;
}

std::optional<IndexPath> IndexPath::from_key(std::string_view key) {
  IndexPath path;
  while (!key.empty()) {
    unsigned char head = static_cast<unsigned char>(key.front());
    unsigned mark = head & 0xf0, bytes = head & 0x0f;
    if ((mark != item_mark && mark != pass_mark) || bytes > 8 || key.size() <= bytes) return std::nullopt;
    std::uint64_t value = 0;
    for (unsigned i = 1; i <= bytes; ++i) value = value << 8 | static_cast<unsigned char>(key[i]);
    if (bytes > 0 && value >> (8 * (bytes - 1)) == 0) return std::nullopt;  // a leading zero
    path.parts.push_back({mark == item_mark ? Kind::item : Kind::pass, value});
    key.remove_prefix(1 + bytes);
  }
  return path;
}

}  // namespace backlot
