// The record of one finished attempt: its outcome, its artifacts, where it goes next (docs/formats/manifest.md).
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "backlot/value/reference.h"

namespace backlot {

struct NamedReference {
  std::string name;
  Reference value;
  bool operator==(const NamedReference&) const = default;
};

/// What ended an attempt that did not succeed. Numbers are part of the format.
enum class FailureKind : std::uint8_t {
  exception = 0,      ///< user code threw
  signal = 1,         ///< killed by a signal that nobody of ours sent
  exit_code = 2,      ///< left by exit or _exit before the step returned
  timeout = 3,        ///< ran longer than its timeout
  out_of_memory = 4,  ///< only on evidence: cgroup events, or std::bad_alloc
  cancelled = 5,      ///< stopped because the run was
  lost = 6,           ///< its runner or scheduler died
  engine = 7,         ///< we failed: a value could not be saved, a blob could not be read
};
std::string_view name_of(FailureKind kind);

struct Failure {
  FailureKind kind = FailureKind::exception;
  std::int32_t code = 0;  ///< the signal number or the exit code
  std::string type;       ///< of the exception: "std::runtime_error"
  std::string message;    ///< bounded to 4 KiB
  std::string place;      ///< "features.py:41", a function, or empty
  bool operator==(const Failure&) const = default;
};

/// Where a task goes next: what it decided at the routing nodes behind it, in the order it met them. Decisions are read
/// with flow/decisions.h.
struct Transition {
  /// For each choose and loop passed, the name of the way taken (name_of_way).
  std::vector<std::string> decisions;
  /// Of manifests of version 1, in place of names: the case of a choose that was taken; of a loop 1 again, 0 done.
  std::vector<std::uint32_t> ordinals;
  /// Set when the way ends at a foreach: how many items, and the list they come from.
  struct FanOut {
    std::uint64_t count = 0;
    Reference list;
    std::string field{};  ///< the member that the foreach asked; empty in manifests of version 1
    bool operator==(const FanOut&) const = default;
  };
  std::optional<FanOut> fan_out;
  bool operator==(const Transition&) const = default;
};

/// For people: "killed by signal 11: Segmentation fault", "std::runtime_error: disk full".
std::string describe(const Failure& failure);

struct Manifest {
  std::optional<Failure> failure;         ///< empty: the attempt succeeded
  std::vector<NamedReference> artifacts;  ///< the attempt's own writes, then what it merged; sorted by name in each
  std::uint32_t own = 0;                  ///< how many of `artifacts` are its own writes (they come first)
  Transition next;
  /// What the step read, by name, with the identity it saw (empty: it looked and there was none). For the step cache.
  struct Read {
    std::string name;
    std::optional<Digest> id;
    bool operator==(const Read&) const = default;
  };
  std::vector<Read> reads;
  std::vector<std::pair<std::string, std::string>> metadata;  ///< attached by the step
  /// Fields that a newer backlot may add and this one need not know, by key, each as CBOR: kept as they are.
  std::vector<std::pair<std::uint64_t, std::string>> optional;
  std::uint8_t version = 2;  ///< of the format that it was read in or is written in: 1 or 2
  bool operator==(const Manifest&) const = default;

  const Reference* find(std::string_view name) const;
};

std::string encode(const Manifest& manifest);
/// Throws Error corrupt or newer_format.
Manifest decode_manifest(std::string_view bytes);

/// All blobs a manifest needs (of artifacts, packs and the foreach list), sorted, each once.
std::vector<Digest> blobs_of(const Manifest& manifest);

}  // namespace backlot
