// Is everything there that the catalog says is there, and is it what it was?
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "backlot/client/client.h"

namespace backlot::verbs {

struct FsckReport {
  /// What is wrong, at most 1000 of them, and how many there are in all. Empty when all is sound.
  std::vector<Diagnostic> problems;
  std::uint64_t problem_count = 0;
  std::uint64_t runs = 0, blobs = 0, bytes = 0;  ///< looked at
  /// Not wrong, but needed by nothing: gc removes them.
  std::uint64_t orphan_blobs = 0, orphan_bytes = 0;
  std::uint64_t set_aside = 0;  ///< damaged blobs, by `repair`
};

enum class FsckMode : std::uint8_t {
  quick,   ///< that every blob that is needed exists with a sound header, and that every log index lies inside its log
  verify,  ///< and every byte of every blob, and every record of every log
  repair,  ///< and damaged blobs are set aside, so that they can be made again
};

/// Checks the catalog, the store and the folders of the runs. A blob that is missing or damaged is one problem, however
/// many need it; what to do names the command that makes it again.
FsckReport fsck(const client::Client& client, FsckMode mode);

}  // namespace backlot::verbs
