#include "backlot/exec/task_channel.h"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace backlot {
namespace {

struct Header {
  TaskMessage::Kind kind;
  std::uint32_t zero = 0;
  std::uint64_t size;
};
static_assert(sizeof(Header) == 16);

constexpr std::size_t label_limit = 64;
constexpr std::size_t note_limit = 256;
constexpr std::chrono::milliseconds progress_interval{20};

template <class T>
void append_raw(std::string& out, const T& value) {
  out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

/// Fills `size` bytes; false when the other end went away.
bool receive_all(int fd, char* bytes, std::size_t size) {
  while (size > 0) {
    ssize_t n = recv(fd, bytes, size, 0);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    bytes += n;
    size -= static_cast<std::size_t>(n);
  }
  return true;
}

/// The longest prefix within the limit that does not cut a UTF-8 character.
std::string_view bounded(std::string_view text, std::size_t limit) {
  if (text.size() <= limit) return text;
  while (limit > 0 && (static_cast<unsigned char>(text[limit]) & 0xC0) == 0x80) --limit;
  return text.substr(0, limit);
}

}  // namespace

std::string wire_form(TaskMessage::Kind kind, std::string_view payload) {
  std::string out;
  out.reserve(sizeof(Header) + payload.size());
  append_raw(out, Header{.kind = kind, .size = payload.size()});
  return out.append(payload);
}

std::optional<Progress> decode_progress(std::string_view payload) {
  Progress progress;
  if (payload.size() < sizeof progress.share) return std::nullopt;
  std::memcpy(&progress.share, payload.data(), sizeof progress.share);
  progress.note = payload.substr(sizeof progress.share);
  return progress;
}

std::optional<MetadataItem> decode_metadata(std::string_view payload) {
  std::uint32_t key_size;
  if (payload.size() < sizeof key_size) return std::nullopt;
  std::memcpy(&key_size, payload.data(), sizeof key_size);
  payload.remove_prefix(sizeof key_size);
  if (payload.size() < key_size) return std::nullopt;
  return MetadataItem{payload.substr(0, key_size), payload.substr(key_size)};
}

std::optional<std::string> TaskChannel::receive_frame() {
  Header header;
  if (!receive_all(fd_, reinterpret_cast<char*>(&header), sizeof header)) return std::nullopt;
  if (header.kind != TaskMessage::Kind::frame) return std::nullopt;
  std::string frame(header.size, '\0');
  if (!receive_all(fd_, frame.data(), frame.size())) return std::nullopt;
  return frame;
}

void TaskChannel::label(std::string_view item_label) {
  send(TaskMessage::Kind::label, bounded(item_label, label_limit));
}

void TaskChannel::progress(double done, double total, std::string_view note) {
  auto now = std::chrono::steady_clock::now();
  if (done < total && last_progress_ && now - *last_progress_ < progress_interval) return;
  last_progress_ = now;
  std::string payload;
  append_raw(payload, total > 0 ? std::clamp(done / total, 0.0, 1.0) : 0.0);
  send(TaskMessage::Kind::progress, payload.append(bounded(note, note_limit)));
}

void TaskChannel::metadata(std::string_view key, std::string_view value) {
  std::string payload;
  append_raw(payload, static_cast<std::uint32_t>(key.size()));
  send(TaskMessage::Kind::metadata, payload.append(key).append(value));
}

void TaskChannel::send_manifest(std::string_view manifest) { send(TaskMessage::Kind::manifest, manifest); }

void TaskChannel::send(TaskMessage::Kind kind, std::string_view payload) {
  std::string message = wire_form(kind, payload);
  for (std::string_view left = message; !left.empty();) {
    // send, not write: it refuses a file that took the number of a closed channel.
    ssize_t n = ::send(fd_, left.data(), left.size(), MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return;
    left.remove_prefix(static_cast<std::size_t>(n));
  }
}

void MessageReader::add(std::string_view bytes) {
  if (broken_) return;
  buffer_.erase(0, std::exchange(taken_, 0));
  buffer_.append(bytes);
}

std::optional<TaskMessage> MessageReader::next() {
  Header header;
  std::string_view left = std::string_view(buffer_).substr(taken_);
  if (broken_ || left.size() < sizeof header) return std::nullopt;
  std::memcpy(&header, left.data(), sizeof header);
  bool known = header.kind >= TaskMessage::Kind::label && header.kind <= TaskMessage::Kind::manifest;
  if (!known || header.zero != 0 || header.size > largest_message) {
    broken_ = true;
    buffer_.clear();
    taken_ = 0;
    return std::nullopt;
  }
  if (left.size() - sizeof header < header.size) return std::nullopt;
  taken_ += sizeof header + header.size;
  return TaskMessage{header.kind, left.substr(sizeof header, header.size)};
}

}  // namespace backlot
