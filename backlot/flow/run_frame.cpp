#include "backlot/flow/run_frame.h"

#include <map>
#include <utility>

#include "backlot/value/cbor.h"

namespace backlot {
namespace {

// The items of a range share one process: what they report cannot be told apart while it runs.
class ItemReporter : public TaskReporter {
 public:
  void label(std::string_view item_label) override { label_ = item_label; }
  void progress(double, double, std::string_view) override {}
  void metadata(std::string_view, std::string_view) override {}
  std::string take_label() { return std::exchange(label_, {}); }

 private:
  std::string label_;
};

// The items of a range read the same blobs: opened once.
class KeepingReader : public BlobReader {
 public:
  explicit KeepingReader(BlobReader& blobs) : blobs_(blobs) {}
  std::shared_ptr<const Mapping> open(const Digest& id) override {
    auto found = kept_.find(id);
    if (found != kept_.end()) return found->second;
    if (kept_.size() >= most_kept) kept_.clear();
    return kept_[id] = blobs_.open(id);
  }

 private:
  static constexpr std::size_t most_kept = 64;
  BlobReader& blobs_;
  std::map<Digest, std::shared_ptr<const Mapping>> kept_;
};

std::string run_one(const FlowCode& flow, const TaskFrame& frame, BlobReader& reader, BlobWriter& writer,
                    TaskReporter& report, const std::string& temp_root) {
  std::string temp = temp_root + "/" + std::to_string(frame.number) + "-" + std::to_string(frame.attempt);
  TaskContext context{reader, writer, report, temp};
  std::string manifest;
  try {
    manifest = encode(flow.run(frame, context));
  } catch (const Error& e) {  // the store's, not the step's: a full disk, a damaged blob
    Manifest failed;
    failed.failure = Failure{FailureKind::engine, 0, std::string(name_of(e.code())), e.what(), {}};
    manifest = encode(failed);
  }
  return manifest;
}

}  // namespace

std::string run_frame(const FlowCode& flow, std::string_view bytes, BlobReader& reader, BlobWriter& writer,
                      TaskReporter& report, const std::string& temp_root) {
  TaskFrame frame = decode_frame(bytes);
  if (frame.range == 1) return run_one(flow, frame, reader, writer, report, temp_root);
  const std::string& step = flow.graph().nodes.at(frame.node.index()).name;
  ItemReporter item;
  KeepingReader keeping(reader);
  std::vector<RangeItem> items;
  items.reserve(frame.range);
  for (std::uint64_t i = 0; i < frame.range; ++i) {
    std::string manifest = run_one(flow, item_of_range(frame, i, step), keeping, writer, item, temp_root);
    items.push_back({std::move(manifest), item.take_label()});
  }
  return encode_range(items);
}

std::string encode_range(const std::vector<RangeItem>& items) {
  std::string bytes;
  CborWriter out(bytes);
  out.list(2 * items.size());
  for (const RangeItem& item : items) {
    out.bytes(item.manifest);
    out.text(item.label);
  }
  return bytes;
}

std::vector<RangeItem> decode_range(std::string_view bytes) {
  CborReader in(bytes);
  std::uint64_t count = in.list();
  if (count % 2 != 0) in.fail("a manifest without a label");
  std::vector<RangeItem> items;  // not made as long as the count says: it may be nonsense
  for (; count > 0; count -= 2) {
    items.emplace_back().manifest = in.bytes();
    items.back().label = in.text();
  }
  in.end();
  return items;
}

}  // namespace backlot
