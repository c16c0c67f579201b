// HTTP/1.1 on a TCP port and a Unix socket (RFC 9112): one thread moves bytes, a few others answer. The only file
// behind this header knows Boost.Beast.
#pragma once
#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "backlot/server/http.h"

namespace backlot::server {

/// Threads for one class of work, and how many requests may wait for one.
struct Pool {
  int threads = 1;
  std::size_t most_waiting = 0;
};

struct HttpOptions {
  std::string address = "127.0.0.1";  ///< numeric, IPv4 or IPv6
  std::uint16_t port = 0;             ///< 0: any free one
  /// By class of work. Of what has no thread and no place to wait the client is told to come again.
  std::array<Pool, work_classes> pools{Pool{3, 1024}, Pool{8, 64}, Pool{16, 0}};
  std::function<Work(const Request&)> work_of = [](const Request&) { return Work::quick; };
  /// More than so many at once, of all or of one address: the one that has been silent longest makes room, and the time
  /// to send a request gets shorter.
  std::size_t most_connections = 2048, most_of_a_peer = 512;
  /// Addresses that speak for many, as proxies do.
  std::function<bool(std::string_view address)> speaks_for_many = [](std::string_view) { return false; };
  std::size_t most_header_bytes = 16 << 10, most_body_bytes = 64 << 10;
  int read_seconds = 30;   ///< for a whole request, and between requests
  int write_seconds = 60;  ///< for a client to take each piece of an answer
};

class HttpServer {
 public:
  /// Answers a request, on worker `worker` (from 0) of its class. Must not throw. What the answer produces is produced
  /// on the same thread.
  using Answer = std::function<Response(Request&& request, Work work, int worker)>;

  /// Listens at once: who comes before begin() waits. Throws Error usage for an address that is none, permission and
  /// io, as when the port is taken.
  explicit HttpServer(HttpOptions options);
  /// Ends at once what stop() has not ended.
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  std::uint16_t port() const;
  /// Answers from now on. Called once.
  void begin(Answer answer);
  /// Listens on a Unix socket too, before begin(); what lies at `path` without a listener is replaced. Throws Error
  /// conflict when a server listens there, usage when the path is too long, io.
  void listen_locally(const std::string& path);
  /// Takes no new connections and ends idle ones and streams; returns when what is being answered has been, or after
  /// `seconds`: then false, and threads may be held up by what they wait for.
  bool drain(int seconds);
  std::size_t connections() const;

  class Impl;

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace backlot::server
