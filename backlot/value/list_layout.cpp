#include "backlot/value/list_layout.h"

#include "backlot/base/error.h"

namespace backlot {
namespace {

constexpr unsigned char rows_flag = 1;
constexpr std::size_t head_size = 10;

void put(std::string& out, std::uint64_t value, unsigned width) {
  for (unsigned i = 0; i < width; ++i) out += static_cast<char>(value >> (8 * i));
}

std::uint64_t get(std::string_view bytes, std::size_t at, unsigned width) {
  std::uint64_t value = 0;
  for (unsigned i = width; i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

unsigned width_for(std::uint64_t largest) {
  return largest <= 0xff ? 1 : largest <= 0xffff ? 2 : largest <= 0xffffffff ? 4 : 8;
}

[[noreturn]] void broken(const char* what) { throw Error(ErrorCode::corrupt, std::string("a list with ") + what); }

}  // namespace

std::string ListBuilder::finish() && {
  unsigned width = width_for(items_.size());
  std::string raw;
  raw.reserve(head_size + ends_.size() * width + items_.size());
  put(raw, ends_.size() - 1, 8);
  raw += static_cast<char>(rows_ ? rows_flag : 0);
  raw += static_cast<char>(width);
  for (std::uint64_t end : ends_) put(raw, end, width);
  return raw += items_;
}

ListView::ListView(std::string_view raw) {
  if (raw.size() < head_size) broken("no head");
  count_ = get(raw, 0, 8);
  unsigned char flags = static_cast<unsigned char>(raw[8]);
  width_ = static_cast<unsigned char>(raw[9]);
  if (flags > rows_flag) broken("unknown flags");
  if (width_ != 1 && width_ != 2 && width_ != 4 && width_ != 8) broken("offsets of a strange width");
  rows_ = flags & rows_flag;
  raw.remove_prefix(head_size);
  if (count_ >= raw.size() / width_) broken("fewer offsets than items");
  offsets_ = raw.substr(0, (count_ + 1) * width_);
  items_ = raw.substr(offsets_.size());
  if (offset(count_) != items_.size()) broken("a wrong end");
  if (width_ != width_for(items_.size())) broken("offsets wider than they must be");
  if (offset(0) > items_.size() || rows_ != (offset(0) > 0)) broken("a wrong header");
}

std::uint64_t ListView::offset(std::uint64_t i) const { return get(offsets_, i * width_, width_); }

std::string_view ListView::item(std::uint64_t i) const {
  if (i >= count_) throw Error(ErrorCode::not_found, "item " + std::to_string(i) + " of a list of " + std::to_string(count_));
  std::uint64_t begin = offset(i), end = offset(i + 1);
  if (begin > end || end > items_.size()) broken("items out of order");
  return items_.substr(begin, end - begin);
}

}  // namespace backlot
