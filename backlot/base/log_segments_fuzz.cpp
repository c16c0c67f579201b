// Any bytes as a segment are read without harm; a writer opens them and goes on.
#include <cstdint>
#include <cstdlib>

#include "backlot/base/error.h"
#include "backlot/base/log_segments.h"
#include "backlot/base/test_memory_files.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  backlot::MemoryFiles files;
  files.make_directories("/log");
  std::string_view bytes(reinterpret_cast<const char*>(data), size);
  files.open("/log/00000000000000000000.seg", backlot::OpenMode::open_or_create)->write(0, bytes);
  auto read = [&](std::uint64_t begin) {
    std::string last;
    backlot::LogReader::Range range;
    range.begin = begin;
    backlot::LogReader(files, "/log").each(range, [&](const backlot::LogRecord& r) {
      last = r.bytes;
      return true;
    });
    return last;
  };
  try {
    read(0);
    backlot::LogWriter log(files, "/log");
    std::uint64_t at = log.append(1, 0, backlot::LogStream::out, 0, "goes on");
    log.flush();
    if (read(at) != "goes on") std::abort();
  } catch (const backlot::Error&) {}
  return 0;
}
