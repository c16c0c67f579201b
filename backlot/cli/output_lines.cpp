#include "backlot/cli/output_lines.h"

namespace backlot::cli {
namespace {

constexpr std::size_t longest_line = 64 << 10;

}  // namespace

void OutputLines::add(std::int64_t task, Stream stream, std::string_view bytes, const Take& take) {
  if (bytes.empty()) return;
  std::string& begun = begun_[{task, stream}];
  while (!bytes.empty()) {
    std::size_t end = bytes.find('\n');
    begun += bytes.substr(0, end);
    bool whole = end != bytes.npos;
    bytes.remove_prefix(whole ? end + 1 : bytes.size());
    if (!whole && begun.size() < longest_line) return;
    take(stream, begun);
    begun.clear();
  }
  begun_.erase({task, stream});
}

void OutputLines::end(std::int64_t task, const Take& take) {
  for (Stream stream : {Stream::out, Stream::err}) {
    auto left = begun_.extract({task, stream});
    if (!left.empty() && !left.mapped().empty()) take(stream, left.mapped());
  }
}

}  // namespace backlot::cli
