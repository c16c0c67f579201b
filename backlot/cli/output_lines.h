// What tasks print comes in pieces that end anywhere; people read lines.
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "backlot/engine/executor.h"

namespace backlot::cli {

/// Puts pieces together to whole lines, by task and stream. What is longer than 64 KiB is handed over as if a line
/// ended there.
class OutputLines {
 public:
  using Take = std::function<void(Stream, std::string_view line)>;  ///< without its end
  void add(std::int64_t task, Stream stream, std::string_view bytes, const Take& take);
  /// The task prints no more: a last line without an end is handed over.
  void end(std::int64_t task, const Take& take);

 private:
  std::map<std::pair<std::int64_t, Stream>, std::string> begun_;
};

}  // namespace backlot::cli
