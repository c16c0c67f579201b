// What a request and its answer are to the handlers: values, without the library that carries them.
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "backlot/base/error.h"

namespace backlot::server {

/// What a caller may do, each what those before it may, too. `none` is a stranger; `metrics` reads /metrics alone.
enum class Role : std::uint8_t { none = 0, metrics = 1, reader = 2, operator_ = 3 };

/// How long an answer may take, and so which threads make it: no class waits for another.
enum class Work : std::uint8_t {
  quick,   ///< reads the catalog
  long_,   ///< reads the store or a log, writes, starts programs
  stream,  ///< sends what may be large, at the client's pace
};
inline constexpr std::size_t work_classes = 3;

/// Who is at the other end of a connection.
struct Peer {
  std::string address;          ///< numeric, without the port; empty over the Unix socket
  bool is_own_account = false;  ///< over the Unix socket, and a process of the account that the server runs under
};

struct Request {
  std::string method;                                        ///< "GET"
  std::vector<std::string> path;                             ///< its segments, decoded
  std::vector<std::pair<std::string, std::string>> query;    ///< decoded, in their order
  std::vector<std::pair<std::string, std::string>> headers;  ///< names in lower case
  std::string body;
  Peer peer;
  std::string scheme = "http";  ///< as the client used it
  Role role = Role::none;
  std::string session;                                    ///< id of the session that the role is from; empty: of none
  std::string token_mark;                                 ///< of the token that the role is from; empty: of none
  std::map<std::string, std::string, std::less<>> parts;  ///< what stood for the {…} of the route

  /// The first header of that (lower case) name; empty when there is none.
  std::string_view header(std::string_view name) const;
  /// The first value of a query parameter; empty when it is not given.
  const std::string* find(std::string_view name) const;
  std::string text(std::string_view name) const;
  /// A query parameter that is a whole number within [least, most]. Throws Error usage naming it.
  std::int64_t number(std::string_view name, std::int64_t otherwise, std::int64_t least, std::int64_t most) const;
};

/// Takes pieces of an answer that is too large to be held; waits while the client is slow. Throws Error cancelled when
/// the client has gone.
using Emit = std::function<void(std::string_view piece)>;

/// Where the events of a stream go. All of it may be called from any thread.
class EventSink {
 public:
  virtual ~EventSink() = default;
  /// Sends a piece of the stream as soon as the client takes it; false when the client has gone.
  virtual bool send(std::shared_ptr<const std::string> piece) = 0;
  /// Bytes that the client has not taken yet.
  virtual std::size_t waiting_bytes() const = 0;
  virtual void close() = 0;
};

struct Response {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  /// In place of the body: gives it piece by piece, from where it lies. What it throws before the first piece is the
  /// answer; later the transfer is broken off, so that nobody takes a part for the whole. `size` when it is known.
  std::function<void(const Emit&)> produce;
  std::optional<std::uint64_t> size;
  /// Makes the answer a stream of events: called once, when its head is on its way.
  std::function<void(std::shared_ptr<EventSink>)> on_stream;

  static Response json(std::string text, int status = 200);
  /// A Problem; its status follows from the error's code.
  static Response problem(const Error& error);
  Response& with(std::string name, std::string value);
};

int status_of(ErrorCode code);

}  // namespace backlot::server
