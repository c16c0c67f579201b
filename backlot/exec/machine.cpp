#include "backlot/exec/machine.h"

#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <optional>

#include "backlot/exec/cgroup.h"

namespace backlot {
namespace {

/// Cores by one group's cpu quota; empty when it has none.
std::optional<double> quota(int version, const std::string& folder) {
  double quota_us = 0, period_us = 0;
  if (version == 2) {
    auto text = read_small_file(folder + "/cpu.max");
    if (!text || std::sscanf(text->c_str(), "%lf %lf", &quota_us, &period_us) != 2) return std::nullopt;
  } else {
    auto quota_text = read_small_file(folder + "/cpu.cfs_quota_us"),
         period_text = read_small_file(folder + "/cpu.cfs_period_us");
    if (!quota_text || !period_text) return std::nullopt;
    quota_us = std::atof(quota_text->c_str());
    period_us = std::atof(period_text->c_str());
  }
  if (quota_us <= 0 || period_us <= 0) return std::nullopt;
  return quota_us / period_us;
}

/// Bytes by one group's limit; empty when it has none. Version 1 says "none" with a number near 2^63.
std::optional<std::uint64_t> memory_limit(int version, const std::string& folder) {
  auto text = read_small_file(folder + (version == 2 ? "/memory.max" : "/memory.limit_in_bytes"));
  unsigned long long bytes = 0;
  if (!text || std::sscanf(text->c_str(), "%llu", &bytes) != 1 || bytes >= 1ull << 60) return std::nullopt;
  return bytes;
}

/// The tightest limit of our group and its ancestors.
template <class T>
std::optional<T> tightest(const char* controller, const std::string& root,
                          std::optional<T> (*limit)(int, const std::string&)) {
  std::optional<T> least;
  auto group = find_cgroup(controller, root);
  if (!group) return least;
  for (const std::string& folder : group->folders) {
    if (auto value = limit(group->version, folder)) least = least ? std::min(*least, *value) : *value;
  }
  return least;
}

int count_gpus(const std::string& root) {
  int gpus = 0;
  std::error_code ignored;
  for (auto& entry : std::filesystem::directory_iterator(root + "/dev", ignored)) {
    std::string name = entry.path().filename();
    if (!name.starts_with("nvidia") || name.size() == 6) continue;
    gpus += name.find_first_not_of("0123456789", 6) == std::string::npos;
  }
  return gpus;
}

std::string gibibytes(std::uint64_t bytes) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f GiB", static_cast<double>(bytes) / (1 << 30));
  return text;
}

}  // namespace

Machine machine_at(const std::string& root, int affinity_cpus) {
  Machine machine;
  const char *cpu_source = "affinity", *memory_source = "MemTotal";
  machine.cpus = affinity_cpus;
  if (auto cores = tightest<double>("cpu", root, quota); cores && *cores < machine.cpus) {
    machine.cpus = *cores;
    cpu_source = "cgroup quota";
  }
  if (auto text = read_small_file(root + "/proc/meminfo")) {
    machine.memory = static_cast<std::uint64_t>(number_after(*text, "MemTotal:").value_or(0)) << 10;
  }
  if (auto bytes = tightest<std::uint64_t>("memory", root, memory_limit); bytes && *bytes < machine.memory) {
    machine.memory = *bytes;
    memory_source = "cgroup limit";
  }
  machine.gpus = count_gpus(root);
  char text[160];
  std::snprintf(text, sizeof text, "%g cpu%s (%s), %s (%s), ", machine.cpus, machine.cpus == 1 ? "" : "s", cpu_source,
                gibibytes(machine.memory).c_str(), memory_source);
  machine.text =
      text + (machine.gpus == 0 ? std::string("no gpu") : std::to_string(machine.gpus) + " gpu (/dev/nvidia*)");
  return machine;
}

Machine this_machine() {
  cpu_set_t set;
  // Fails on machines with more cores than the set has room for.
  int cpus =
      sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : static_cast<int>(sysconf(_SC_NPROCESSORS_ONLN));
  return machine_at("", cpus);
}

}  // namespace backlot
