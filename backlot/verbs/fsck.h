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
  std::vector<std::string> orphan_folders;  ///< under runs/, of no run
};

/// Checks the catalog, that every blob it needs exists with a sound header, and that every log index lies inside its
/// log. With `verify` every byte of every blob and every record of every log is read too.
FsckReport fsck(const client::Client& client, bool verify);

}  // namespace backlot::verbs
