#include "backlot/value/list_layout.h"

#include <algorithm>

#include "backlot/base/error.h"

namespace backlot {
namespace {

unsigned width_for(std::uint64_t largest) {
  return largest <= 0xff ? 1 : largest <= 0xffff ? 2 : largest <= 0xffff'ffff ? 4 : 8;
}

[[noreturn]] void list_is_corrupt(const std::string& what) { throw Error(ErrorCode::corrupt, "list: " + what); }

}  // namespace

bool ListIndex::all_equal() const {
  for (std::size_t i = 0; i < ends_.size(); ++i) {
    if (ends_[i] != ends_[0] * (i + 1)) return false;
  }
  return true;
}

std::string ListIndex::head(const FieldNames* names) const {
  const unsigned width = all_equal() ? 0 : width_for(ends_.back());
  std::string head;
  CborWriter out(head);
  out.list(3);
  out.natural(ends_.size());
  out.natural(width);
  if (names) {
    write_names(out, *names);
  } else {
    out.null();
  }
  if (width == 0) return head;
  head.reserve(head.size() + width * ends_.size());
  for (std::uint64_t end : ends_) {
    for (unsigned i = 0; i < width; ++i) head += static_cast<char>(end >> (8 * i));
  }
  return head;
}

ListView::ListView(std::string_view raw) {
  CborReader in(raw);
  in.list_of(3);
  size_ = in.natural();
  width_ = static_cast<unsigned>(in.natural(8));
  rows_ = in.next_type() != CborType::null;
  if (rows_) {
    names_ = read_names(in);
  } else {
    in.null();
  }
  if (rows_ && size_ == 0) list_is_corrupt("has names, but no rows");
  if ((width_ & (width_ - 1)) != 0) list_is_corrupt("ends of " + std::to_string(width_) + " bytes");
  if (width_ != 0 && size_ > in.left() / width_) list_is_corrupt("longer than what is left");
  ends_ = raw.substr(in.offset(), width_ * size_);
  items_ = raw.substr(in.offset() + ends_.size());
  if (width_ != 0) {
    if (size_ == 0 || end(size_ - 1) != items_.size() || width_ != width_for(items_.size()))
      list_is_corrupt("wrong ends");
  } else if (size_ == 0 ? !items_.empty() : items_.empty() || items_.size() % size_ != 0) {
    list_is_corrupt("its items cannot be equally long");
  }
}

std::uint64_t ListView::end(std::uint64_t index) const {
  if (width_ == 0) return items_.size() / size_ * (index + 1);
  std::uint64_t value = 0;
  for (unsigned i = 0; i < width_; ++i) {
    value |= std::uint64_t{static_cast<unsigned char>(ends_[index * width_ + i])} << (8 * i);
  }
  return value;
}

std::string_view ListView::item(std::uint64_t index) const {
  if (index >= size_) {
    throw Error(ErrorCode::not_found, "a list of " + std::to_string(size_) + " has no item " + std::to_string(index));
  }
  std::uint64_t from = index == 0 ? 0 : end(index - 1), to = end(index);
  if (from >= to || to > items_.size()) list_is_corrupt("item " + std::to_string(index) + " has no place");
  return items_.substr(from, to - from);
}

void ListView::check_ends() const {
  if (width_ == 0) return;
  bool equal = true;
  std::uint64_t first = item(0).size();
  for (std::uint64_t i = 1; i < size_; ++i) equal = (item(i).size() == first) && equal;
  if (equal) list_is_corrupt("has ends of equally long items");
}

FieldNames read_names(CborReader& in) {
  FieldNames names;
  for (std::uint64_t count = in.list(); count > 0; --count) names.push_back(in.text());
  FieldNames sorted = names;
  std::sort(sorted.begin(), sorted.end());
  auto twice = std::adjacent_find(sorted.begin(), sorted.end());
  if (twice != sorted.end()) list_is_corrupt("has the field '" + std::string(*twice) + "' twice");
  return names;
}

void write_names(CborWriter& out, const FieldNames& names) {
  out.list(names.size());
  for (std::string_view name : names) out.text(name);
}

}  // namespace backlot
