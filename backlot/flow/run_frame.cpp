#include "backlot/flow/run_frame.h"

#include <filesystem>
#include <map>

#include "backlot/value/cbor.h"

namespace backlot {
namespace {

// The items of a range share one process: their labels and progress cannot be told apart while it runs.
class QuietReporter : public TaskReporter {
 public:
  void label(std::string_view) override {}
  void progress(double, double, std::string_view) override {}
  void metadata(std::string_view, std::string_view) override {}
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
  std::error_code ignored;  // what is left is removed with the run
  std::filesystem::remove_all(temp, ignored);
  return manifest;
}

}  // namespace

std::string run_frame(const FlowCode& flow, std::string_view bytes, BlobReader& reader, BlobWriter& writer,
                      TaskReporter& report, const std::string& temp_root) {
  TaskFrame frame = decode_frame(bytes);
  if (frame.range == 1) return run_one(flow, frame, reader, writer, report, temp_root);
  const std::string& step = flow.graph().nodes.at(static_cast<std::size_t>(frame.node)).name;
  QuietReporter quiet;
  KeepingReader keeping(reader);
  std::vector<std::string> manifests;
  manifests.reserve(frame.range);
  for (std::uint64_t i = 0; i < frame.range; ++i) {
    manifests.push_back(run_one(flow, item_of_range(frame, i, step), keeping, writer, quiet, temp_root));
  }
  return encode_range(manifests);
}

std::string encode_range(const std::vector<std::string>& manifests) {
  std::string bytes;
  CborWriter out(bytes);
  out.list(manifests.size());
  for (const std::string& manifest : manifests) out.bytes(manifest);
  return bytes;
}

std::vector<std::string> decode_range(std::string_view bytes) {
  CborReader in(bytes);
  std::vector<std::string> manifests(in.list());
  for (std::string& manifest : manifests) manifest = in.bytes();
  in.end();
  return manifests;
}

}  // namespace backlot
