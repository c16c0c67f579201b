#include "backlot/flow/task_frame.h"

#include <algorithm>

#include "backlot/value/reference_codec.h"

namespace backlot {
namespace {

constexpr std::uint64_t frame_version = 1;

void write_path(CborWriter& out, const IndexPath& path) { out.bytes(path.key()); }

IndexPath read_path(CborReader& in) {
  auto path = IndexPath::from_key(in.bytes());
  if (!path) in.fail("not an index path");
  return *path;
}

NodeId read_node_id(CborReader& in) { return NodeId(in.integer(no_node.value(), INT32_MAX)); }

std::uint64_t little_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = 8; i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[i]);
  return value;
}

}  // namespace

Reference item_of(const ForeachItem& item, ValueLoader& loader) {
  return item.item ? *item.item : item_of(item.list, item.index, loader);
}

std::uint64_t seed_of(std::string_view flow, std::string_view step, const IndexPath& path) {
  std::string who(flow);
  who += '\0';
  who += step;
  who += '\0';
  return little_endian(sha256(who + path.key()).view().substr(0, 8));
}

TaskFrame item_of_range(const TaskFrame& first, std::uint64_t offset, std::string_view step) {
  TaskFrame frame = first;
  frame.range = 1;
  if (!frame.items.empty()) frame.items.back().item.reset();
  if (offset == 0) return frame;
  auto& parts = frame.path.parts;
  auto item = std::find_if(parts.rbegin(), parts.rend(), [](auto& p) { return p.kind == IndexPath::Kind::item; });
  BACKLOT_ASSERT(item != parts.rend() && !frame.items.empty());
  item->value += offset;
  frame.items.back().index += offset;
  frame.number += static_cast<std::int64_t>(offset);
  frame.seed = seed_of(frame.run.flow, step, frame.path);
  return frame;
}

std::string encode(const TaskFrame& f) {
  std::string bytes;
  CborWriter out(bytes);
  out.list(18);
  out.natural(frame_version);
  out.text(f.run.flow);
  out.integer(f.run.run);
  out.integer(f.run.origin_run);
  out.integer(f.node.value());
  write_path(out, f.path);
  out.integer(f.number);
  out.natural(f.range);
  out.integer(f.attempt);
  out.natural(f.seed);
  if (f.caught)
    write(out, *f.caught);
  else
    out.null();
  write(out, f.scope);
  out.list(f.items.size());
  for (const ForeachItem& item : f.items) {
    out.list(4);
    out.integer(item.foreach.value());
    out.natural(item.index);
    write(out, item.list);
    if (item.item)
      write(out, *item.item);
    else
      out.null();
  }
  out.natural(f.branch_count);
  out.bytes(f.branches);
  out.bytes(f.branch_file);
  write(out, f.split_scope);
  write(out, f.joined_list);
  return bytes;
}

TaskFrame decode_frame(std::string_view bytes) {
  CborReader in(bytes);
  std::uint64_t parts = in.list();
  read_version(in, frame_version, "frame");
  if (parts != 18) in.fail("not a frame");
  TaskFrame f;
  f.run.flow = in.text();
  f.run.run = in.integer();
  f.run.origin_run = in.integer();
  f.node = read_node_id(in);
  f.path = read_path(in);
  f.number = in.integer();
  f.range = in.natural();
  f.attempt = static_cast<std::int32_t>(in.integer(0, INT32_MAX));
  f.seed = in.natural();
  if (in.next_type() == CborType::null)
    in.null();
  else
    f.caught = read_failure(in);
  f.scope = read_references(in);
  for (std::uint64_t n = in.list(); n > 0; --n) {
    ForeachItem& item = f.items.emplace_back();
    in.list_of(4);
    item.foreach = read_node_id(in);
    item.index = in.natural();
    item.list = read_reference(in);
    if (in.next_type() == CborType::null)
      in.null();
    else
      item.item = read_reference(in);
  }
  f.branch_count = in.natural();
  f.branches = in.bytes();
  f.branch_file = in.bytes();
  f.split_scope = read_references(in);
  f.joined_list = read_reference(in);
  in.end();
  return f;
}

void append(std::string& table, const BranchRecord& record) {
  CborWriter out(table);
  out.list(4);
  out.natural(record.index);
  out.integer(record.number);
  out.boolean(record.replaces);
  write(out, record.scope);
}

BranchRecord read_branch(std::string_view table, std::size_t& offset) {
  if (offset > table.size()) throw Error(ErrorCode::corrupt, "a branch beyond the end of its table");
  CborReader in(table.substr(offset));
  in.list_of(4);
  BranchRecord record;
  record.index = in.natural();
  record.number = in.integer();
  record.replaces = in.boolean();
  record.scope = read_references(in);
  offset += in.offset();
  return record;
}

BranchRecord branch_at(std::string_view table, std::uint64_t count, std::uint64_t i) {
  if (i >= count || table.size() / 8 < count) throw Error(ErrorCode::corrupt, "a branch table is cut short");
  std::size_t offset = little_endian(table.substr(table.size() - 8 * (count - i), 8));
  return read_branch(table, offset);
}

}  // namespace backlot
