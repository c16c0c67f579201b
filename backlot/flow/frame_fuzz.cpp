// Any bytes as a frame, a graph or a table of branches are refused with an Error, or are the same bytes when written
// again.
#include <cstdint>

#include "backlot/base/error.h"
#include "backlot/flow/task_frame.h"

namespace backlot {
namespace {

template <class Action>
void only_errors(Action action) {
  try {
    action();
  } catch (const Error& e) { BACKLOT_ASSERT(e.code() == ErrorCode::corrupt || e.code() == ErrorCode::newer_format); }
}

void read_table(std::string_view table) {
  std::size_t at = 0;
  std::string again;
  while (at < table.size()) {
    append(again, read_branch(table, at));
    BACKLOT_ASSERT(again == table.substr(0, at));
  }
}

}  // namespace
}  // namespace backlot

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace backlot;
  if (size == 0) return 0;
  std::string_view bytes(reinterpret_cast<const char*>(data + 1), size - 1);
  switch (data[0] % 4) {
    case 0: only_errors([&] { BACKLOT_ASSERT(encode(decode_frame(bytes)) == bytes); }); break;
    case 1: only_errors([&] { BACKLOT_ASSERT(encode(decode_graph(bytes)) == bytes); }); break;
    case 2: only_errors([&] { read_table(bytes); }); break;
    case 3: only_errors([&] { branch_at(bytes, data[0] / 4, data[0] / 8); }); break;
  }
  if (auto path = IndexPath::from_key(bytes)) BACKLOT_ASSERT(path->key() == bytes);
  if (auto path = IndexPath::parse(bytes)) BACKLOT_ASSERT(path->text() == bytes);
  return 0;
}
