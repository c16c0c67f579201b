#include "backlot/engine/outcome.h"

#include <cstring>

namespace backlot {
namespace {

Failure failure_of(const Exit& exit, const Stopped& stopped) {
  if (!exit.lost.empty()) return {FailureKind::lost, 0, {}, exit.lost, {}};
  if (stopped.timed_out) return {FailureKind::timeout, 0, {}, std::to_string(stopped.timeout.count()) + " ms", {}};
  if (stopped.cancelled) return {FailureKind::cancelled, 0, {}, "with its run", {}};
  if (exit.out_of_memory) return {FailureKind::out_of_memory, exit.code, {}, "killed by the kernel", {}};
  if (exit.by_signal) return {FailureKind::signal, exit.code, {}, strsignal(exit.code), {}};
  return {FailureKind::exit_code, exit.code, {}, "before the step returned", {}};
}

}  // namespace

Manifest outcome_of(const Exit& exit, const Stopped& stopped, const SentMetadata& sent) {
  Manifest failed;
  failed.metadata.assign(sent.begin(), sent.end());
  if (exit.manifest && !exit.by_signal && exit.code == 0 && exit.lost.empty()) {
    try {
      Manifest said = decode_manifest(*exit.manifest);
      // A program may answer the signal that stops it by an exception, as Python does: it was cancelled all the same.
      if (said.failure && stopped.cancelled && !stopped.timed_out) said.failure = failure_of(exit, stopped);
      return said;
    } catch (const Error& e) {
      failed.failure = {FailureKind::engine, 0, {}, std::string("its manifest cannot be read: ") + e.what(), {}};
      return failed;
    }
  }
  failed.failure = failure_of(exit, stopped);
  return failed;
}

}  // namespace backlot
