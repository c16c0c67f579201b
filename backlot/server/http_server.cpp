#include "backlot/server/http_server.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <set>
#include <thread>
#include <utility>

// After <utility>: Asio 1.74 uses std::exchange without including it.
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

#include "backlot/server/target.h"

namespace backlot::server {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using tcp = asio::ip::tcp;
using std::chrono::seconds;

constexpr std::size_t piece_size = 256 << 10;
constexpr std::size_t most_jobs = 1024;

/// Threads that answer, so that a slow answer delays no other connection.
class Workers {
 public:
  explicit Workers(int count) {
    for (int i = 0; i < count; ++i) threads_.emplace_back([this, i] { run(i); });
  }
  ~Workers() {
    {
      std::lock_guard lock(mutex_);
      ending_ = true;
      jobs_.clear();
    }
    wake_.notify_all();
    for (std::thread& thread : threads_) thread.join();
  }
  /// False when too many wait already.
  bool add(std::function<void(int)> job) {
    {
      std::lock_guard lock(mutex_);
      if (jobs_.size() >= most_jobs) return false;
      jobs_.push_back(std::move(job));
    }
    wake_.notify_one();
    return true;
  }

 private:
  void run(int worker) {
    for (;;) {
      std::function<void(int)> job;
      {
        std::unique_lock lock(mutex_);
        wake_.wait(lock, [&] { return ending_ || !jobs_.empty(); });
        if (ending_) return;
        job = std::move(jobs_.front());
        jobs_.pop_front();
      }
      job(worker);
    }
  }
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void(int)>> jobs_;
  bool ending_ = false;
  std::vector<std::thread> threads_;
};

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

class Session;

class HttpServer::Impl {
 public:
  Impl(HttpOptions options, Answer answer);
  ~Impl();

  std::uint16_t port() const { return port_; }
  void drain(int limit);
  std::size_t connections() const { return count_; }

  // for sessions, on the thread of the loop unless said otherwise
  const HttpOptions options;
  const Answer answer;
  bool draining = false;
  bool work(std::function<void(int)> job) { return workers_->add(std::move(job)); }
  void forget(Session* session);

 private:
  void accept();
  std::set<Session*> sessions_;  // before the loop: what the loop still holds at its end says goodbye here
  std::atomic<std::size_t> count_ = 0;
  asio::io_context loop_{1};
  tcp::acceptor acceptor_{loop_};
  asio::steady_timer pause_{loop_};
  std::uint16_t port_ = 0;
  std::unique_ptr<Workers> workers_;
  std::thread thread_;
};

/// One connection. It lives as long as an operation on it is under way, and ends on the thread of the loop: other
/// threads give it back there.
class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(tcp::socket socket, HttpServer::Impl& server) : stream_(std::move(socket)), server_(server) {}
  ~Session() { server_.forget(this); }

  void read() {
    request_.emplace();
    request_->header_limit(static_cast<std::uint32_t>(server_.options.most_header_bytes));
    request_->body_limit(server_.options.most_body_bytes);
    stream_.expires_after(seconds(server_.options.read_seconds));
    idle_ = true;
    http::async_read(stream_, buffer_, *request_, [self = shared_from_this()](beast::error_code e, std::size_t) {
      self->idle_ = false;
      self->on_read(e);
    });
  }

  void end_if_idle() {
    if (idle_ || streaming_) close();
  }
  void close() {
    beast::error_code ignored;
    stream_.socket().shutdown(tcp::socket::shutdown_both, ignored);
    stream_.socket().close(ignored);
    closed_ = true;
    server_.forget(this);  // who feeds a stream may hold it a while longer
  }

 private:
  friend class StreamSink;

  void on_read(beast::error_code e) {
    if (e == http::error::end_of_stream || e == beast::error::timeout || e == asio::error::operation_aborted) return;
    if (e) return on_bad_request(e);
    keep_alive_ = request_->get().keep_alive();
    is_head_ = request_->get().method() == http::verb::head;
    Request request;
    try {
      request = taken();
    } catch (const Error& refusal) { return write(Response::problem(refusal)); }
    work([request = std::move(request), &server = server_](int worker) mutable {
      return server.answer(std::move(request), worker);
    });
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
    Target target = parse_target({message.target().data(), message.target().size()});
    request.path = std::move(target.path);
    request.query = std::move(target.query);
    for (const auto& field : message) {
      std::string name(field.name_string());
      for (char& c : name) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
      request.headers.emplace_back(std::move(name), std::string(field.value()));
    }
    request.body = std::move(message.body());
    return request;
  }

  /// Has an answer made by a worker, then writes it.
  void work(std::function<Response(int)> make) {
    auto job = [self = shared_from_this(), make = std::move(make)](int worker) mutable {
      auto response = std::make_shared<Response>(make(worker));
      auto loop = self->stream_.get_executor();
      asio::post(loop, [self = std::move(self), response] { self->write(std::move(*response)); });
    };
    if (!server_.work(std::move(job))) write(busy());
  }

  void write(Response response) {
    if (closed_) return;
    if (server_.draining) keep_alive_ = false;
    head_ = {};
    head_.result(static_cast<unsigned>(response.status));
    head_.version(11);
    for (const auto& [name, value] : response.headers) head_.insert(name, value);
    if (response.on_stream) return write_stream(std::move(response));
    head_.keep_alive(keep_alive_);
    content_ = std::move(response.content);
    bool has_body = response.status != 204 && response.status != 304;
    if (has_body) head_.content_length(content_ ? content_->size() : response.body.size());
    sent_ = 0;
    head_.body() = is_head_ || content_ || !has_body ? std::string() : std::move(response.body);
    if (is_head_) content_ = nullptr;
    write_head([self = shared_from_this()] { self->write_content(); });
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

  void write_content() {
    if (!content_ || sent_ == content_->size()) return end_of_answer();
    auto job = [self = shared_from_this()](int) mutable {
      // The head has promised so many bytes: when they cannot be read, only the end of the connection can tell.
      try {
        self->piece_ = self->content_->read(self->sent_, piece_size);
      } catch (const Error&) { self->piece_.clear(); }
      auto loop = self->stream_.get_executor();
      asio::post(loop, [self = std::move(self)] { self->write_piece(); });
    };
    if (!server_.work(std::move(job))) close();
  }

  void write_piece() {
    if (piece_.empty() || closed_) return close();
    stream_.expires_after(seconds(server_.options.write_seconds));
    asio::async_write(stream_, asio::buffer(piece_), [self = shared_from_this()](beast::error_code e, std::size_t n) {
      if (e) return self->close();
      self->sent_ += n;
      self->write_content();
    });
  }

  void end_of_answer() {
    content_ = nullptr;
    if (keep_alive_ && !server_.draining) return read();
    // Say that nothing follows, and wait for the client to have read: a close with unread input would cut the answer.
    beast::error_code ignored;
    stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
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

  beast::tcp_stream stream_;
  HttpServer::Impl& server_;
  beast::flat_buffer buffer_;
  std::optional<http::request_parser<http::string_body>> request_;
  http::response<http::string_body> head_;
  std::optional<http::response_serializer<http::string_body>> serializer_;
  std::shared_ptr<Content> content_;
  std::uint64_t sent_ = 0;
  std::string piece_;
  char dropped_[4096];
  std::size_t dropped_bytes_ = 0;
  bool keep_alive_ = false, is_head_ = false, idle_ = false, streaming_ = false, writing_ = false;
  std::deque<std::shared_ptr<const std::string>> events_;
  std::atomic<bool> closed_ = false;
  std::atomic<std::size_t> waiting_bytes_ = 0;
};

/// What a stream's source holds: the session lives at least as long.
class StreamSink : public EventSink {
 public:
  explicit StreamSink(std::shared_ptr<Session> session) : session_(std::move(session)) {}
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
  std::shared_ptr<Session> session_;
};

void Session::write_stream(Response response) {
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

void Session::write_next_event() {
  if (writing_ || events_.empty() || closed_) return;
  writing_ = true;
  stream_.expires_after(seconds(server_.options.write_seconds));
  asio::async_write(stream_, asio::buffer(*events_.front()),
                    [self = shared_from_this()](beast::error_code e, std::size_t n) {
                      self->writing_ = false;
                      self->waiting_bytes_ -= n;
                      self->events_.pop_front();
                      if (e) return self->close();
                      self->write_next_event();
                    });
}

HttpServer::Impl::Impl(HttpOptions o, Answer a) : options(std::move(o)), answer(std::move(a)) {
  beast::error_code failed;
  auto address = asio::ip::make_address(options.address, failed);
  if (failed) throw Error(ErrorCode::usage, "\"" + options.address + "\" is no address", "such as 127.0.0.1 or ::1");
  tcp::endpoint endpoint(address, options.port);
  acceptor_.open(endpoint.protocol(), failed);
  if (!failed) acceptor_.set_option(asio::socket_base::reuse_address(true), failed);
  if (!failed) acceptor_.bind(endpoint, failed);
  if (!failed) acceptor_.listen(asio::socket_base::max_listen_connections, failed);
  if (failed) {
    std::string place = options.address + ":" + std::to_string(options.port);
    ErrorCode code = failed == asio::error::access_denied ? ErrorCode::permission : ErrorCode::io;
    throw Error(code, "cannot listen on " + place + ": " + failed.message(), "another --port may be free");
  }
  port_ = acceptor_.local_endpoint().port();
  workers_ = std::make_unique<Workers>(options.workers);
  accept();
  thread_ = std::thread([this] { loop_.run(); });
}

HttpServer::Impl::~Impl() {
  loop_.stop();
  thread_.join();
  workers_.reset();
}

void HttpServer::Impl::accept() {
  acceptor_.async_accept([this](beast::error_code e, tcp::socket socket) {
    if (!acceptor_.is_open()) return;
    if (e) {  // out of descriptors, mostly: others will end
      pause_.expires_after(std::chrono::milliseconds(100));
      return pause_.async_wait([this](beast::error_code) { accept(); });
    }
    if (sessions_.size() < options.most_connections) {
      beast::error_code ignored;
      socket.set_option(tcp::no_delay(true), ignored);
      auto session = std::make_shared<Session>(std::move(socket), *this);
      sessions_.insert(session.get());
      count_ = sessions_.size();
      session->read();
    }
    accept();
  });
}

void HttpServer::Impl::forget(Session* session) {
  sessions_.erase(session);
  count_ = sessions_.size();
}

void HttpServer::Impl::drain(int limit) {
  asio::post(loop_, [this] {
    draining = true;
    acceptor_.close();
    for (Session* session : std::set<Session*>(sessions_)) session->end_if_idle();
  });
  auto deadline = std::chrono::steady_clock::now() + seconds(limit);
  while (count_ > 0 && std::chrono::steady_clock::now() < deadline)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
}

HttpServer::HttpServer(HttpOptions options, Answer answer)
    : impl_(std::make_unique<Impl>(std::move(options), std::move(answer))) {}
HttpServer::~HttpServer() = default;
std::uint16_t HttpServer::port() const { return impl_->port(); }
void HttpServer::drain(int seconds) { impl_->drain(seconds); }
std::size_t HttpServer::connections() const { return impl_->connections(); }

}  // namespace backlot::server
