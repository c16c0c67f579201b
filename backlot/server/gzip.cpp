#include "backlot/server/gzip.h"

#include <zlib.h>

#include <algorithm>
#include <limits>

#include "backlot/base/error.h"

namespace backlot::server {

std::string gzipped(std::string_view bytes) {
  constexpr int level = 4, gzip_window = 15 + 16, memory = 9;
  BACKLOT_ASSERT(bytes.size() < std::numeric_limits<uInt>::max());
  z_stream stream{};
  BACKLOT_ASSERT(deflateInit2(&stream, level, Z_DEFLATED, gzip_window, memory, Z_DEFAULT_STRATEGY) == Z_OK);
  std::string result(deflateBound(&stream, bytes.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(result.data());
  stream.avail_out = static_cast<uInt>(result.size());
  int ended = deflate(&stream, Z_FINISH);
  result.resize(stream.total_out);
  deflateEnd(&stream);
  BACKLOT_ASSERT(ended == Z_STREAM_END);
  return result;
}

bool accepts_gzip(std::string_view accept) {
  while (!accept.empty()) {
    std::string_view item = accept.substr(0, accept.find(','));
    accept.remove_prefix(std::min(accept.size(), item.size() + 1));
    item.remove_prefix(std::min(item.size(), item.find_first_not_of(" \t")));
    std::string_view name = item.substr(0, item.find_first_of("; \t"));
    if (name != "gzip" && name != "*") continue;
    std::size_t quality = item.find("q=");
    bool refused = quality != std::string_view::npos &&
                   item.substr(quality + 2).find_first_not_of("0. \t") == std::string_view::npos;
    return !refused;
  }
  return false;
}

}  // namespace backlot::server
