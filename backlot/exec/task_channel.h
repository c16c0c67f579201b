// The socket between a task process and the scheduler: the frame goes in; label, progress, metadata and the manifest
// come out. Every message is a 16-byte header and its payload, in the byte order of the machine: both ends are the same
// binary. It belongs to one task, so whatever a broken task writes into it harms nobody else.
#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "backlot/flow/flow_code.h"

namespace backlot {

struct TaskMessage {
  enum class Kind : std::uint32_t { frame = 1, label = 2, progress = 3, metadata = 4, manifest = 5 };
  Kind kind;
  std::string_view payload;
};
/// A message as it goes over the socket.
std::string wire_form(TaskMessage::Kind kind, std::string_view payload);

/// The payloads that have parts.
struct Progress {
  double share;  ///< 0 to 1
  std::string_view note;
};
std::optional<Progress> decode_progress(std::string_view payload);
struct MetadataItem {
  std::string_view key, value;
};
std::optional<MetadataItem> decode_metadata(std::string_view payload);

/// The task's end. It survives a scheduler that is gone, and user code that closed the descriptor: messages are then
/// lost, and nothing is ever written into a file that took the descriptor's number.
class TaskChannel : public TaskReporter {
 public:
  /// The descriptor stays the caller's.
  explicit TaskChannel(int fd) : fd_(fd) {}
  /// Waits for the frame. Empty when the other end went away before it was complete.
  std::optional<std::string> receive_frame();
  void label(std::string_view item_label) override;
  /// Between the first and the last (`done` >= `total`), at most 50 a second are sent.
  void progress(double done, double total, std::string_view note) override;
  void metadata(std::string_view key, std::string_view value) override;
  void send_manifest(std::string_view manifest);

 private:
  void send(TaskMessage::Kind kind, std::string_view payload);
  int fd_;
  std::optional<std::chrono::steady_clock::time_point> last_progress_;
};

/// The scheduler's end: cuts the bytes that arrived into messages.
class MessageReader {
 public:
  /// A task that announces more than this is broken.
  static constexpr std::uint64_t largest_message = 64 << 20;

  void add(std::string_view bytes);
  /// The next complete message, valid until the next call of add() or next(). After a header that makes no sense,
  /// nothing more.
  std::optional<TaskMessage> next();

 private:
  std::string buffer_;
  std::size_t taken_ = 0;  ///< bytes of buffer_ that were handed out
  bool broken_ = false;
};

}  // namespace backlot
