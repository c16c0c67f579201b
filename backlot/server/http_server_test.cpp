#include "backlot/server/http_server.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <condition_variable>
#include <mutex>

#include "backlot/base/unique_fd.h"

namespace backlot::server {
namespace {

/// A client that gives up after twenty seconds: less than any time-out that a test here does not expect.
class TestClient {
 public:
  explicit TestClient(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    timeval patience{20, 0};
    setsockopt(socket_.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    inet_pton(AF_INET, "127.0.0.1", &to.sin_addr);
    EXPECT_EQ(connect(socket_.get(), reinterpret_cast<sockaddr*>(&to), sizeof to), 0);
  }
  void send(const std::string& text) { ::send(socket_.get(), text.data(), text.size(), MSG_NOSIGNAL); }
  void ask(const std::string& path) { send("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n"); }
  /// What comes until `end` does, or the connection is closed. "(silence)" when nothing came in time.
  std::string read_to(const std::string& end) {
    std::string all;
    while (all.find(end) == all.npos) {
      char buffer[4096];
      ssize_t got = recv(socket_.get(), buffer, sizeof buffer, 0);
      if (got < 0) return errno == EAGAIN ? all + "(silence)" : all;
      if (got == 0) return all;
      all.append(buffer, static_cast<std::size_t>(got));
    }
    return all;
  }

 private:
  UniqueFd socket_;
};

Response text(std::string body) {
  Response response;
  response.body = std::move(body);
  return response;
}

TEST(HttpServer, who_is_silent_longest_makes_room) {
  HttpOptions options;
  options.most_of_a_peer = 3;
  HttpServer server(options);
  server.begin([](Request&&, Work, int) { return text("answered"); });
  TestClient silent(server.port()), second(server.port());
  for (TestClient* c : {&silent, &second}) c->send("GET / HT");
  TestClient third(server.port());
  third.ask("/");
  EXPECT_NE(third.read_to("answered").find("200 OK"), std::string::npos);
  TestClient fourth(server.port());
  fourth.ask("/");
  EXPECT_NE(fourth.read_to("answered").find("200 OK"), std::string::npos);
  EXPECT_EQ(silent.read_to("x"), "");  // closed
  second.send("TP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_NE(second.read_to("answered").find("200 OK"), std::string::npos);
}

TEST(HttpServer, the_time_to_send_a_request_shortens_under_pressure) {
  HttpOptions options;
  options.most_connections = 4;
  options.read_seconds = 3600;
  HttpServer server(options);
  server.begin([](Request&&, Work, int) { return text("answered"); });
  TestClient a(server.port()), b(server.port()), c(server.port()), d(server.port());
  for (TestClient* client : {&a, &b, &c, &d}) client->send("GET / HT");
  EXPECT_EQ(d.read_to("x"), "");  // closed long before its hour
}

TEST(HttpServer, a_class_of_work_waits_for_itself_only) {
  std::mutex mutex;
  std::condition_variable opened;
  bool open = false;
  HttpOptions options;
  options.pools = {Pool{1, 8}, Pool{1, 1}, Pool{1, 0}};
  options.work_of = [](const Request& r) {
    return r.path.empty() ? Work::quick : r.path[0] == "long" ? Work::long_ : Work::stream;
  };
  HttpServer server(options);
  server.begin([&](Request&& r, Work, int) {
    std::unique_lock lock(mutex);
    if (!r.path.empty()) opened.wait(lock, [&] { return open; });
    return text("answered");
  });
  TestClient held(server.port()), waiting(server.port()), stream(server.port());
  held.ask("/long");
  waiting.ask("/long");
  stream.ask("/stream");
  // For a stream there is one thread and no place to wait.
  std::string refused;
  while (refused.find("503") == refused.npos) {
    TestClient more(server.port());
    more.ask("/stream");
    refused = more.read_to("\r\n\r\n");
  }
  EXPECT_NE(refused.find("Retry-After"), std::string::npos);
  TestClient quick(server.port());
  quick.ask("/");
  EXPECT_NE(quick.read_to("answered").find("200 OK"), std::string::npos);
  {
    std::lock_guard lock(mutex);
    open = true;
  }
  opened.notify_all();
  for (TestClient* c : {&held, &waiting, &stream}) EXPECT_NE(c->read_to("answered").find("200 OK"), std::string::npos);
}

TEST(HttpServer, what_is_produced_is_whole_or_breaks_off) {
  HttpServer server(HttpOptions{});
  server.begin([](Request&& r, Work, int) {
    Response response;
    const std::string what = r.path.empty() ? "" : r.path[0];
    response.produce = [what](const Emit& emit) {
      if (what == "nothing") throw Error(ErrorCode::not_found, "gone before");
      for (int i = 0; i < (what == "small" ? 1 : 100); ++i) emit(std::string(5000, 'a'));
      if (what == "broken") throw Error(ErrorCode::io, "gone meanwhile");
    };
    return response;
  });
  auto answer = [&](const std::string& path) {
    TestClient client(server.port());
    client.send("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    return client.read_to("never");
  };
  std::string whole = answer("/large"), broken = answer("/broken");
  EXPECT_NE(whole.find("Transfer-Encoding: chunked"), std::string::npos);
  EXPECT_TRUE(whole.ends_with("\r\n0\r\n\r\n"));
  EXPECT_NE(broken.find("200 OK"), std::string::npos);
  EXPECT_FALSE(broken.ends_with("0\r\n\r\n"));
  EXPECT_NE(answer("/small").find("Content-Length: 5000"), std::string::npos);
  EXPECT_NE(answer("/nothing").find("404"), std::string::npos);
  EXPECT_EQ(answer("/large").find("(silence)"), std::string::npos);
}

}  // namespace
}  // namespace backlot::server
