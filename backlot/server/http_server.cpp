#include "backlot/server/http_server.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cctype>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <set>
#include <thread>
#include <utility>

// After <utility>: Asio 1.74 uses std::exchange without including it.
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

#include "backlot/server/delivery.h"
#include "backlot/server/request_target.h"
#include "backlot/server/workers.h"

namespace backlot::server {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using tcp = asio::ip::tcp;
using unix_socket = asio::local::stream_protocol;
using AnySocket = asio::generic::stream_protocol::socket;
using AnyStream = beast::basic_stream<asio::generic::stream_protocol>;
using std::chrono::seconds;

constexpr std::size_t piece_size = 64 << 10, most_pieces_waiting = 16;

/// Nothing that we start may hold a connection or the port.
void close_on_exec(int descriptor) { fcntl(descriptor, F_SETFD, FD_CLOEXEC); }

bool is_own_account(int descriptor) {
  ucred peer{};
  socklen_t size = sizeof peer;
  return getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && peer.uid == geteuid();
}

Response busy() {
  return Response::problem(Error(ErrorCode::cancelled, "too many requests wait already", "try again in a second"))
      .with("Retry-After", "1");
}

Response plain_problem(int status, ErrorCode code, std::string message) {
  Response response = Response::problem(Error(code, std::move(message)));
  response.status = status;
  return response;
}

}  // namespace

class HttpSession;

class HttpServer::Impl {
 public:
  explicit Impl(HttpOptions options);
  ~Impl();
  void begin(Answer a);

  std::uint16_t port() const { return port_; }
  void listen_locally(const std::string& path);
  bool drain(int limit);
  std::size_t connections() const { return count_; }

  // for sessions, on the thread of the loop unless said otherwise
  const HttpOptions options;
  Answer answer;
  bool draining = false;
  bool work(Work work, std::function<void(int)> job) {
    return workers_[static_cast<std::size_t>(work)]->add(std::move(job));
  }
  std::atomic<bool> ending = false;  ///< anybody's
  void forget(HttpSession* session);
  /// How long a client may take to send its request: the fuller the server, the shorter.
  std::chrono::milliseconds time_to_read() const;

 private:
  template <class Protocol>
  void accept(asio::basic_socket_acceptor<Protocol>& acceptor);
  void take(AnySocket socket, Peer peer);
  bool make_room(const std::string& address);
  std::map<std::string, std::size_t> of_peer_;  // connections by address
  std::set<HttpSession*> sessions_;  // before the loop: what the loop still holds at its end says goodbye here
  std::atomic<std::size_t> count_ = 0;
  asio::io_context loop_{1};
  tcp::acceptor acceptor_{loop_};
  unix_socket::acceptor local_acceptor_{loop_};
  asio::steady_timer pause_{loop_};
  std::uint16_t port_ = 0;
  std::array<std::unique_ptr<Workers>, work_classes> workers_;
  std::thread thread_;
};

/// One connection. It lives as long as an operation on it is under way, and ends on the thread of the loop: other
/// threads give it back there.
class HttpSession : public std::enable_shared_from_this<HttpSession> {
 public:
  HttpSession(AnySocket socket, Peer peer, HttpServer::Impl& server)
      : stream_(std::move(socket)), peer_(std::move(peer)), server_(server) {}
  ~HttpSession() { server_.forget(this); }

  void read() {
    request_.emplace();
    request_->header_limit(static_cast<std::uint32_t>(server_.options.most_header_bytes));
    request_->body_limit(server_.options.most_body_bytes);
    stream_.expires_after(server_.time_to_read());
    silent_since_ = std::chrono::steady_clock::now();
    idle_ = true;
    http::async_read_header(stream_, buffer_, *request_, [self = shared_from_this()](beast::error_code e, std::size_t) {
      if (e || self->request_->is_done()) return self->on_read(e);
      self->read_body();
    });
  }

  const Peer& peer() const { return peer_; }
  /// Since when it has been waiting for a request to come whole; empty: it is not.
  std::optional<std::chrono::steady_clock::time_point> silent_since() const {
    return idle_ && !closed_ ? std::optional(silent_since_) : std::nullopt;
  }
  void end_if_idle() {
    if (idle_ || streaming_) close();
  }
  void close() {
    beast::error_code ignored;
    stream_.socket().shutdown(AnySocket::shutdown_both, ignored);
    stream_.socket().close(ignored);
    closed_ = true;
    flow_.notify_all();
    server_.forget(this);  // who feeds a stream may hold it a while longer
  }

 private:
  friend class StreamSink;
  friend class Outflow;

  /// The one coding that we take is exactly "chunked" (RFC 9112, 6.1): of any other the end is a matter of opinion.
  bool has_strange_length() const {
    const auto& message = request_->get();
    std::size_t codings = message.count(http::field::transfer_encoding);
    if (codings == 0) return false;
    auto coding = message[http::field::transfer_encoding];
    return codings > 1 || message.count(http::field::content_length) > 0 || !beast::iequals(coding, "chunked");
  }

  void read_body() {
    if (has_strange_length()) {
      idle_ = keep_alive_ = false;
      return write(
          plain_problem(400, ErrorCode::usage, "this is no HTTP request: its Transfer-Encoding is not chunked"));
    }
    http::async_read(stream_, buffer_, *request_,
                     [self = shared_from_this()](beast::error_code e, std::size_t) { self->on_read(e); });
  }

  void on_read(beast::error_code e) {
    idle_ = false;
    if (e == http::error::end_of_stream || e == beast::error::timeout || e == asio::error::operation_aborted) return;
    if (e) return on_bad_request(e);
    if (has_strange_length()) return read_body();
    keep_alive_ = request_->get().keep_alive();
    is_head_ = request_->get().method() == http::verb::head;
    takes_chunks_ = request_->get().version() >= 11;
    Request request;
    try {
      request = taken();
    } catch (const Error& refusal) { return write(Response::problem(refusal)); }
    work(std::move(request));
  }

  void on_bad_request(beast::error_code e) {
    // What was sent is not known to have an end: the connection cannot go on.
    keep_alive_ = false;
    if (e == http::error::header_limit) return write(plain_problem(431, ErrorCode::usage, "the headers are too long"));
    if (e == http::error::body_limit) return write(plain_problem(413, ErrorCode::usage, "the body is too long"));
    bool not_http = e.category() == make_error_code(http::error::bad_target).category();
    if (not_http && e != http::error::partial_message)
      return write(plain_problem(400, ErrorCode::usage, "this is no HTTP request: " + e.message()));
    close();
  }

  Request taken() {
    auto& message = request_->get();
    Request request;
    request.method = std::string(message.method_string());
    RequestTarget target = parse_target({message.target().data(), message.target().size()});
    request.path = std::move(target.path);
    request.query = std::move(target.query);
    for (const auto& field : message) {
      std::string name(field.name_string());
      for (char& c : name) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
      request.headers.emplace_back(std::move(name), std::string(field.value()));
    }
    request.body = std::move(message.body());
    request.peer = peer_;
    return request;
  }

  /// Has an answer made by a worker, then writes it; what is produced piece by piece is produced there, too.
  void work(Request request) {
    const Work kind = server_.options.work_of(request);
    auto job = [self = shared_from_this(), request = std::move(request), kind](int worker) mutable {
      Response response = self->server_.answer(std::move(request), kind, worker);
      if (response.produce && !self->is_head_) {
        self->produce(std::move(response));
      } else {
        self->post(
            [response = std::move(response)](HttpSession& session) mutable { session.write(std::move(response)); });
      }
      auto loop = self->stream_.get_executor();
      asio::post(loop, [self = std::move(self)] {});  // it ends there
    };
    if (!server_.work(kind, std::move(job))) write(busy());
  }

  /// From any thread: does something on the thread of the loop.
  template <class Action>
  void post(Action action) {
    asio::post(stream_.get_executor(),
               [self = shared_from_this(), action = std::move(action)]() mutable { action(*self); });
  }

  void produce(Response response);
  void begin_pieces(Response response, bool in_chunks);
  void end_pieces();
  // on the worker's thread
  void send_piece(std::string piece);
  void wait_for_room();

  void write(Response response) {
    if (closed_) return;
    if (server_.draining) keep_alive_ = false;
    head_ = {};
    head_.result(static_cast<unsigned>(response.status));
    head_.version(11);
    for (const auto& [name, value] : response.headers) head_.insert(name, value);
    if (response.on_stream) return write_stream(std::move(response));
    head_.keep_alive(keep_alive_);
    bool has_body = response.status != 204 && response.status != 304;
    if (has_body && !response.produce) head_.content_length(response.body.size());
    if (has_body && response.produce && response.size) head_.content_length(*response.size);
    head_.body() = is_head_ || !has_body ? std::string() : std::move(response.body);
    write_head([self = shared_from_this()] { self->end_of_answer(); });
  }

  /// The head, and the body that is in memory with it.
  void write_head(std::function<void()> then) {
    stream_.expires_after(seconds(server_.options.write_seconds));
    serializer_.emplace(head_);
    http::async_write(stream_, *serializer_,
                      [self = shared_from_this(), then = std::move(then)](beast::error_code e, std::size_t) {
                        if (e && e != http::error::end_of_stream) return self->close();
                        then();
                      });
  }

  void end_of_answer() {
    if (keep_alive_ && !server_.draining) return read();
    // Say that nothing follows, and wait for the client to have read: a close with unread input would cut the answer.
    beast::error_code ignored;
    stream_.socket().shutdown(AnySocket::shutdown_send, ignored);
    wait_for_close();
  }

  void wait_for_close() {
    stream_.expires_after(seconds(2));
    stream_.async_read_some(asio::buffer(dropped_), [self = shared_from_this()](beast::error_code e, std::size_t n) {
      self->dropped_bytes_ += n;
      if (e || self->dropped_bytes_ > most_dropped) return self->close();
      self->wait_for_close();
    });
  }

  void write_stream(Response response);
  void wait_for_end_of_stream() {
    stream_.async_read_some(asio::buffer(dropped_), [self = shared_from_this()](beast::error_code e, std::size_t) {
      if (e) return self->close();
      self->wait_for_end_of_stream();
    });
  }
  void write_next_event();

  static constexpr std::size_t most_dropped = 1 << 20;

  AnyStream stream_;
  const Peer peer_;
  HttpServer::Impl& server_;
  std::chrono::steady_clock::time_point silent_since_{};
  beast::flat_buffer buffer_;
  std::optional<http::request_parser<http::string_body>> request_;
  http::response<http::string_body> head_;
  std::optional<http::response_serializer<http::string_body>> serializer_;
  char dropped_[4096];
  std::size_t dropped_bytes_ = 0;
  bool keep_alive_ = false, is_head_ = false, takes_chunks_ = true, idle_ = false, streaming_ = false, writing_ = false,
       last_piece_ = false;
  std::deque<std::shared_ptr<const std::string>> events_;
  std::atomic<bool> closed_ = false;
  std::atomic<std::size_t> waiting_bytes_ = 0;
  std::mutex flow_mutex_;
  std::condition_variable flow_;  ///< a piece has gone out, or the client has gone
};

/// What a production gives, on its thread: gathered, framed and handed to the loop, no faster than the client takes it.
class Outflow {
 public:
  Outflow(HttpSession& session, Response response) : session_(session), response_(std::move(response)) {}

  void add(std::string_view piece) {
    gathered_ += piece;
    if (gathered_.size() >= piece_size) flush();
  }
  /// What is small goes out as one whole.
  void finish() {
    if (!begun_) {
      response_.produce = nullptr;
      response_.body = std::move(gathered_);
      return session_.post([r = std::move(response_)](HttpSession& s) mutable { s.write(std::move(r)); });
    }
    flush();
    if (in_chunks_) session_.send_piece("0\r\n\r\n");
    session_.post([](HttpSession& s) { s.end_pieces(); });
  }
  /// Before anything went out the error is the answer; else only the end of the connection can tell.
  void fail(const Error& why) {
    if (begun_) return session_.post([](HttpSession& s) { s.close(); });
    Response problem = delivered(Response::problem(why), Request());
    session_.post([r = std::move(problem)](HttpSession& s) mutable { s.write(std::move(r)); });
  }

 private:
  void flush() {
    if (!begun_) {
      begun_ = true;
      in_chunks_ = !response_.size && session_.takes_chunks_;
      session_.post(
          [r = response_, chunks = in_chunks_](HttpSession& s) mutable { s.begin_pieces(std::move(r), chunks); });
    }
    if (gathered_.empty()) return;
    if (in_chunks_) {
      char size[20];
      std::snprintf(size, sizeof size, "%zx\r\n", gathered_.size());
      gathered_ = size + gathered_ + "\r\n";
    }
    session_.send_piece(std::move(gathered_));
    gathered_.clear();
    session_.wait_for_room();
  }

  HttpSession& session_;
  Response response_;
  std::string gathered_;
  bool begun_ = false, in_chunks_ = false;
};

void HttpSession::produce(Response response) {
  auto produce = response.produce;
  Outflow out(*this, std::move(response));
  try {
    produce([&](std::string_view piece) { out.add(piece); });
    out.finish();
  } catch (const Error& e) { out.fail(e); } catch (const std::exception& e) {
    out.fail(Error(ErrorCode::internal, e.what()));
  }
}

void HttpSession::send_piece(std::string piece) {
  waiting_bytes_ += piece.size();
  post([held = std::make_shared<const std::string>(std::move(piece))](HttpSession& session) {
    session.events_.push_back(held);
    session.write_next_event();
  });
}

void HttpSession::wait_for_room() {
  std::unique_lock lock(flow_mutex_);
  // Looked at again now and then, for a client may go without a word to us.
  while (!closed_ && !server_.ending && waiting_bytes_ > most_pieces_waiting * piece_size)
    flow_.wait_for(lock, std::chrono::milliseconds(200));
  if (closed_ || server_.ending) throw Error(ErrorCode::cancelled, "the client has gone");
}

void HttpSession::begin_pieces(Response response, bool in_chunks) {
  if (closed_) return;
  if (server_.draining || (!in_chunks && !response.size)) keep_alive_ = false;
  head_ = {};
  head_.result(static_cast<unsigned>(response.status));
  head_.version(11);
  for (const auto& [name, value] : response.headers) head_.insert(name, value);
  head_.keep_alive(keep_alive_);
  if (in_chunks) head_.chunked(true);
  if (response.size) head_.content_length(*response.size);
  writing_ = true;
  last_piece_ = false;
  stream_.expires_after(seconds(server_.options.write_seconds));
  serializer_.emplace(head_);
  serializer_->split(true);
  http::async_write_header(stream_, *serializer_, [self = shared_from_this()](beast::error_code e, std::size_t) {
    self->writing_ = false;
    if (e) return self->close();
    self->write_next_event();
  });
}

void HttpSession::end_pieces() {
  last_piece_ = true;
  write_next_event();
}

/// What a stream's source holds: the session lives at least as long.
class StreamSink : public EventSink {
 public:
  explicit StreamSink(std::shared_ptr<HttpSession> session) : session_(std::move(session)) {}
  ~StreamSink() override {
    auto loop = session_->stream_.get_executor();
    asio::post(loop, [session = std::move(session_)] {});
  }
  bool send(std::shared_ptr<const std::string> piece) override {
    if (session_->closed_) return false;
    session_->waiting_bytes_ += piece->size();
    asio::post(session_->stream_.get_executor(), [session = session_, piece = std::move(piece)] {
      session->events_.push_back(piece);
      session->write_next_event();
    });
    return true;
  }
  std::size_t waiting_bytes() const override { return session_->waiting_bytes_; }
  void close() override {
    asio::post(session_->stream_.get_executor(), [session = session_] { session->close(); });
  }

 private:
  std::shared_ptr<HttpSession> session_;
};

void HttpSession::write_stream(Response response) {
  keep_alive_ = false;
  head_.keep_alive(false);
  streaming_ = true;
  if (server_.draining) return close();
  head_.body().clear();
  stream_.expires_never();
  wait_for_end_of_stream();
  write_head([self = shared_from_this(), on_stream = std::move(response.on_stream)] {
    on_stream(std::make_shared<StreamSink>(self));
  });
}

void HttpSession::write_next_event() {
  if (writing_ || closed_) return;
  if (events_.empty()) {
    if (std::exchange(last_piece_, false)) end_of_answer();
    return;
  }
  writing_ = true;
  stream_.expires_after(seconds(server_.options.write_seconds));
  asio::async_write(stream_, asio::buffer(*events_.front()),
                    [self = shared_from_this()](beast::error_code e, std::size_t n) {
                      self->writing_ = false;
                      self->waiting_bytes_ -= n;
                      self->events_.pop_front();
                      self->flow_.notify_all();
                      if (e) return self->close();
                      self->write_next_event();
                    });
}

HttpServer::Impl::Impl(HttpOptions o) : options(std::move(o)) {
  beast::error_code failed;
  auto address = asio::ip::make_address(options.address, failed);
  if (failed) throw Error(ErrorCode::usage, "\"" + options.address + "\" is no address", "such as 127.0.0.1 or ::1");
  tcp::endpoint endpoint(address, options.port);
  acceptor_.open(endpoint.protocol(), failed);
  if (!failed) close_on_exec(acceptor_.native_handle());
  if (!failed) acceptor_.set_option(asio::socket_base::reuse_address(true), failed);
  if (!failed) acceptor_.bind(endpoint, failed);
  if (!failed) acceptor_.listen(asio::socket_base::max_listen_connections, failed);
  if (failed) {
    std::string place = options.address + ":" + std::to_string(options.port);
    ErrorCode code = failed == asio::error::access_denied ? ErrorCode::permission : ErrorCode::io;
    throw Error(code, "cannot listen on " + place + ": " + failed.message(), "another --port may be free");
  }
  port_ = acceptor_.local_endpoint().port();
}

void HttpServer::Impl::begin(Answer a) {
  answer = std::move(a);
  for (std::size_t i = 0; i < work_classes; ++i) workers_[i] = std::make_unique<Workers>(options.pools[i]);
  accept(acceptor_);
  if (local_acceptor_.is_open()) accept(local_acceptor_);
  thread_ = std::thread([this] { loop_.run(); });
}

HttpServer::Impl::~Impl() {
  ending = true;
  loop_.stop();
  if (thread_.joinable()) thread_.join();
  for (auto& workers : workers_) workers.reset();
}

template <class Protocol>
void HttpServer::Impl::accept(asio::basic_socket_acceptor<Protocol>& acceptor) {
  acceptor.async_accept([this, &acceptor](beast::error_code e, typename Protocol::socket socket) {
    if (!acceptor.is_open()) return;
    if (e) {  // out of descriptors, mostly: others will end
      pause_.expires_after(std::chrono::milliseconds(100));
      return pause_.async_wait([this, &acceptor](beast::error_code) { accept(acceptor); });
    }
    close_on_exec(socket.native_handle());
    Peer peer;
    beast::error_code ignored;
    if constexpr (std::is_same_v<Protocol, tcp>) {
      socket.set_option(tcp::no_delay(true), ignored);
      peer.address = socket.remote_endpoint(ignored).address().to_string();
    } else {
      peer.is_own_account = is_own_account(socket.native_handle());
    }
    take(AnySocket(std::move(socket)), std::move(peer));
    accept(acceptor);
  });
}

void HttpServer::Impl::take(AnySocket socket, Peer peer) {
  if (!make_room(peer.address)) return;
  ++of_peer_[peer.address];
  auto session = std::make_shared<HttpSession>(std::move(socket), std::move(peer), *this);
  sessions_.insert(session.get());
  count_ = sessions_.size();
  session->read();
}

/// Where there is no more room, whoever has been silent longest goes: one client cannot keep out the others, and its
/// own newest request is taken too.
bool HttpServer::Impl::make_room(const std::string& address) {
  auto of_peer = of_peer_.find(address);
  const bool peer_is_full =
      of_peer != of_peer_.end() && of_peer->second >= options.most_of_a_peer && !options.speaks_for_many(address);
  if (!peer_is_full && sessions_.size() < options.most_connections) return true;
  HttpSession* silent = nullptr;
  for (HttpSession* session : sessions_) {
    if (!session->silent_since() || (peer_is_full && session->peer().address != address)) continue;
    if (!silent || *session->silent_since() < *silent->silent_since()) silent = session;
  }
  if (silent) silent->close();
  return silent != nullptr;
}

std::chrono::milliseconds HttpServer::Impl::time_to_read() const {
  constexpr std::chrono::milliseconds shortest{2000};
  const std::size_t half = options.most_connections / 2;
  const std::chrono::milliseconds whole = seconds(options.read_seconds);
  if (count_ <= half) return whole;
  const auto free =
      static_cast<std::int64_t>(options.most_connections - std::min<std::size_t>(count_, options.most_connections));
  return std::max(shortest, whole * free / static_cast<std::int64_t>(half));
}

void HttpServer::Impl::forget(HttpSession* session) {
  if (sessions_.erase(session)) {
    auto of_peer = of_peer_.find(session->peer().address);
    if (of_peer != of_peer_.end() && --of_peer->second == 0) of_peer_.erase(of_peer);
  }
  count_ = sessions_.size();
}

void HttpServer::Impl::listen_locally(const std::string& path) {
  const std::string place = "listen on the socket " + path;
  if (path.size() >= sizeof(sockaddr_un::sun_path))
    throw Error(ErrorCode::usage, "cannot " + place + ": its path is too long", "--private FOLDER with a shorter one");
  unix_socket::endpoint endpoint(path);
  beast::error_code failed;
  unix_socket::socket other(loop_);
  other.connect(endpoint, failed);
  if (!failed)
    throw Error(ErrorCode::conflict, "another server listens on " + path, "--private FOLDER with another one");
  unlink(path.c_str());
  failed = {};
  local_acceptor_.open(endpoint.protocol(), failed);
  if (!failed) close_on_exec(local_acceptor_.native_handle());
  if (!failed) local_acceptor_.bind(endpoint, failed);
  if (!failed && chmod(path.c_str(), 0600) != 0) throw_system_error(place);
  if (!failed) local_acceptor_.listen(asio::socket_base::max_listen_connections, failed);
  if (failed) throw Error(ErrorCode::io, "cannot " + place + ": " + failed.message());
}

bool HttpServer::Impl::drain(int limit) {
  asio::post(loop_, [this] {
    draining = true;
    acceptor_.close();
    local_acceptor_.close();
    for (HttpSession* session : std::set<HttpSession*>(sessions_)) session->end_if_idle();
  });
  auto deadline = std::chrono::steady_clock::now() + seconds(limit);
  while (count_ > 0 && std::chrono::steady_clock::now() < deadline)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  return count_ == 0;
}

HttpServer::HttpServer(HttpOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}
void HttpServer::begin(Answer answer) { impl_->begin(std::move(answer)); }
HttpServer::~HttpServer() = default;
std::uint16_t HttpServer::port() const { return impl_->port(); }
void HttpServer::listen_locally(const std::string& path) { impl_->listen_locally(path); }
bool HttpServer::drain(int seconds) { return impl_->drain(seconds); }
std::size_t HttpServer::connections() const { return impl_->connections(); }

}  // namespace backlot::server
