// What the store costs. Prints one JSON object; times are in seconds, the store is made in the folder given.
#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <limits>
#include <random>
#include <string>
#include <thread>

#include "backlot/base/error.h"
#include "backlot/store/local/local_store.h"
#include "backlot/value/codec.h"
#include "backlot/value/manifest.h"

namespace {

using namespace backlot;

double cpu_seconds() {
  struct rusage usage;
  ::getrusage(RUSAGE_SELF, &usage);
  auto seconds = [](const timeval& t) { return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6; };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double wall_seconds() { return std::chrono::duration<double>(system_clock().monotonic()).count(); }

/// Anonymous memory of this process now.
long anonymous_kib() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("RssAnon:")) return std::stol(line.substr(8));
  }
  throw Error(ErrorCode::unsupported, "no RssAnon in /proc/self/status");
}

void print(const char* name, double wall, double cpu) {
  std::printf("  \"%s\": {\"wall_s\": %.6f, \"cpu_s\": %.6f},\n", name, wall, cpu);
}

template <class Action>
void measure(const char* name, Action action) {
  double wall = wall_seconds(), cpu = cpu_seconds();
  action();
  print(name, wall_seconds() - wall, cpu_seconds() - cpu);
}

/// How far anonymous memory rises above its level before, while the action runs; looked at every millisecond.
template <class Action>
long rise_in_memory_kib(Action action) {
  std::atomic<bool> done{false};
  std::atomic<long> peak{0};
  std::jthread watcher([&] {
    while (!done) {
      peak = std::max(peak.load(), anonymous_kib());
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  });
  while (peak == 0) std::this_thread::yield();
  long before = anonymous_kib();
  action();
  done = true;
  return peak - before;
}

std::string_view bytes_of(const std::vector<double>& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(double)};
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

/// What the machine needs at least to keep the bytes: to hash them once and to write them to a file, in the same
/// pieces.
double floor_cpu_seconds(const std::string& folder, std::string_view bytes) {
  double before = cpu_seconds();
  auto file = system_files().create_unnamed(folder + "/tmp");
  for (std::size_t at = 0; at < bytes.size(); at += identity_chunk) sha256(bytes.substr(at, identity_chunk));
  for (std::size_t at = 0; at < bytes.size(); at += identity_chunk) file->write(at, bytes.substr(at, identity_chunk));
  file->sync();
  return cpu_seconds() - before;
}

void measure_large(BlobStore& store, const std::string& folder, std::mt19937_64& random) {
  std::uniform_real_distribution<double> uniform;
  std::vector<double> values(25'000'000);
  for (double& v : values) v = uniform(random);
  const std::string header(128, 'h');
  Digest id;
  long rise = rise_in_memory_kib([&] { store.put(TypeTag::tensor, {header, bytes_of(values)}); });
  std::printf("  \"put_200_mb_anonymous_memory_kib\": %ld,\n", rise);
  std::vector<double> cpus, floors, firsts;
  for (int round = 1; round <= 5; ++round) {
    values[0] = round;
    floors.push_back(floor_cpu_seconds(folder, bytes_of(values)));
    double cpu = cpu_seconds();
    id = store.put(TypeTag::tensor, {header, bytes_of(values)});
    cpus.push_back(cpu_seconds() - cpu);
    double wall = wall_seconds();
    double first;
    std::memcpy(&first, store.open(id)->bytes().data() + header.size(), sizeof first);
    if (first != values[0]) throw Error(ErrorCode::corrupt, "the first element differs");
    firsts.push_back(1e3 * (wall_seconds() - wall));
    // Both find the memory that the other gave back: what it takes the host to find it first is not ours.
    store.discard(id, std::numeric_limits<Micros>::max());
    store.empty_trash(std::numeric_limits<Micros>::max());
  }
  std::printf("  \"put_200_mb\": {\"cpu_s\": %.3f, \"hash_and_write_cpu_s\": %.3f, \"ratio\": %.2f},\n", median(cpus),
              median(floors), median(cpus) / median(floors));
  std::printf("  \"open_200_mb_and_first_element_ms\": %.3f,\n", median(firsts));
  id = store.put(TypeTag::tensor, {header, bytes_of(values)});
  measure("put_200_mb_again", [&] { store.put(TypeTag::tensor, {header, bytes_of(values)}); });
  measure("verify_200_mb", [&] { store.verify(id); });
}

void measure_small(BlobStore& store) {
  constexpr int count = 10'000;
  auto value = [](int i) { return "value " + std::to_string(i) + std::string(1000, '.'); };
  std::vector<Digest> ids;
  measure("put_10000_small", [&] {
    for (int i = 0; i < count; ++i) ids.push_back(store.put(TypeTag::text, {value(i)}));
  });
  measure("put_10000_small_again", [&] {
    for (int i = 0; i < count; ++i) store.put(TypeTag::text, {value(i)});
  });
  measure("sync_names_of_10000", [&] { store.sync_names(ids); });
  measure("open_10000_small", [&] {
    for (const Digest& id : ids) store.open(id);
  });
}

/// What a task with 1,000 small artifacts does, and one that reads them all: medians of five.
class ManyInOneTask {
 public:
  explicit ManyInOneTask(BlobStore& store) : store_(store) {}
  void measure() {
    for (int round = 0; round < 5; ++round) {
      int files_before = files();
      double began = wall_seconds();
      std::string manifest = save(round);
      double saved = wall_seconds();
      load(round, manifest);
      save_ms_.push_back(1e3 * (saved - began));
      load_ms_.push_back(1e3 * (wall_seconds() - saved));
      most_files_ = std::max(most_files_, files() - files_before);
    }
    std::printf("  \"1000_small_artifacts_in_one_task\": {\"save_ms\": %.3f, \"load_ms\": %.3f, \"files\": %d},\n",
                median(save_ms_), median(load_ms_), most_files_);
  }

 private:
  static constexpr int count_ = 1000;
  static std::string value(int round, int i) {
    return std::to_string(round) + " artifact " + std::to_string(i) + std::string(100, '.');
  }
  int files() {
    int found = 0;
    store_.each([&](const Digest&) { ++found; });
    return found;
  }
  std::string save(int round) {
    ValueSaver saver(store_);
    Manifest manifest;
    for (int i = 0; i < count_; ++i) {
      manifest.artifacts.push_back({"artifact_" + std::to_string(i), codec::save_value(value(round, i), saver)});
    }
    std::vector<Reference*> saved;
    for (NamedReference& a : manifest.artifacts) saved.push_back(&a.value);
    saver.finish(saved);
    store_.sync_names(blobs_of(manifest));
    return encode(manifest);
  }
  void load(int round, const std::string& bytes) {
    Manifest manifest = decode_manifest(bytes);
    ValueLoader loader(store_);
    for (std::size_t i = 0; i < count_; ++i) {
      if (codec::load_value<std::string>(manifest.artifacts.at(i).value, loader) != value(round, static_cast<int>(i))) {
        throw Error(ErrorCode::corrupt, "artifact " + std::to_string(i) + " differs");
      }
    }
  }

  BlobStore& store_;
  std::vector<double> save_ms_, load_ms_;
  int most_files_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  try {
    std::string folder = argc > 1 ? argv[1] : "store_bench.tmp";
    if (std::filesystem::exists(folder)) throw Error(ErrorCode::exists, folder + " exists", "give another folder");
    auto store = open_local_store(system_files(), system_clock(), folder);
    std::mt19937_64 random(1);
    std::printf("{\n");
    measure_large(*store, folder, random);
    measure_small(*store);
    ManyInOneTask(*store).measure();
    std::printf("  \"bench\": \"store\"\n}\n");
    std::filesystem::remove_all(folder);
    return 0;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "store_bench: %s\n", e.what());
    return 1;
  }
}
