// The scheduler's end of a task's channel reads what a broken task may have written.
#include <cstddef>
#include <cstdint>

#include "backlot/base/error.h"
#include "backlot/exec/task_channel.h"

/// Any bytes, in pieces of a size that the first byte chooses.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace backlot;
  if (size == 0) return 0;
  std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  MessageReader reader;
  std::size_t handed_out = 0;
  for (std::size_t piece = data[0] + 1u, at = 0; at < bytes.size(); at += piece) {
    reader.add(bytes.substr(at, piece));
    while (auto message = reader.next()) {
      handed_out += message->payload.size();
      decode_progress(message->payload);
      if (auto item = decode_metadata(message->payload)) {
        BACKLOT_ASSERT(item->key.size() + item->value.size() + 4 == message->payload.size());
      }
    }
  }
  BACKLOT_ASSERT(handed_out <= bytes.size());
  return 0;
}
