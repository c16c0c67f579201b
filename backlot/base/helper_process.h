// Runs another program as a helper: bytes in, bytes out, within a time.
#pragma once
#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace backlot {

struct HelperResult {
  int exit_code = 0;     ///< of a helper that ended itself
  int signal = 0;        ///< of one that was killed; then exit_code means nothing
  std::string out, err;  ///< err is bounded to 64 KiB
};

/// Runs argv[0], looked up in PATH, gives it `input` and waits for its end. Descriptors of ours that are closed on
/// exec stay ours. Throws Error not_found when there is no such program, and io when it takes longer than `timeout` or
/// writes more than `out_limit` bytes; then it has been killed.
HelperResult run_helper(const std::vector<std::string>& argv, std::string_view input, std::chrono::milliseconds timeout,
                        std::size_t out_limit = 64 << 20);

}  // namespace backlot
