#include "backlot/server/sessions.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "backlot/server/access_tokens.h"
#include "backlot/server/secret.h"

namespace backlot::server {
namespace {

using namespace std::chrono_literals;

class HandClock : public Clock {
 public:
  Micros now() override { return 1'000'000'000'000'000 + at / 1000; }
  std::chrono::nanoseconds monotonic() override { return std::chrono::nanoseconds(at); }
  void pass(std::chrono::nanoseconds time) { at += time.count(); }
  std::int64_t at = 0;
};

class TokensAndSessions : public testing::Test {
 protected:
  TokensAndSessions() {
    std::string form = (std::filesystem::temp_directory_path() / "sessions_XXXXXX").string();
    folder_ = mkdtemp(form.data());
  }
  ~TokensAndSessions() override { std::filesystem::remove_all(folder_); }
  std::string write(const std::string& name, const std::string& text) {
    std::string path = folder_ + "/" + name, fresh = path + ".new";
    std::ofstream(fresh) << text;
    std::filesystem::rename(fresh, path);
    return path;
  }
  std::string folder_;
  HandClock clock_;
};

TEST_F(TokensAndSessions, a_session_is_found_until_it_is_closed) {
  Sessions sessions("", clock_);
  std::string id = sessions.open(Role::reader, "mark"), other = sessions.open(Role::operator_, "mark");
  EXPECT_EQ(sessions.find(id)->role, Role::reader);
  EXPECT_EQ(sessions.find(other)->role, Role::operator_);
  EXPECT_FALSE(sessions.find(""));
  EXPECT_FALSE(sessions.find("mark"));
  sessions.close(id);
  EXPECT_FALSE(sessions.find(id));
  EXPECT_TRUE(sessions.find(other));
}

TEST_F(TokensAndSessions, a_session_ends_when_unused_and_when_old) {
  Sessions sessions("", clock_);
  std::string unused = sessions.open(Role::reader, "mark"), used = sessions.open(Role::reader, "mark");
  for (auto passed = 0h; passed < session_life; passed += 23h) {
    EXPECT_TRUE(sessions.find(used)) << passed.count();
    clock_.pass(23h);
  }
  EXPECT_FALSE(sessions.find(unused));
  EXPECT_FALSE(sessions.find(used));
}

TEST_F(TokensAndSessions, sessions_outlive_the_server_and_the_file_does_not_tell_them) {
  std::string file = folder_ + "/sessions", id;
  {
    Sessions sessions(file, clock_);
    id = sessions.open(Role::operator_, "mark");
  }
  struct stat s {};
  ASSERT_EQ(stat(file.c_str(), &s), 0);
  EXPECT_EQ(s.st_mode & 0777, 0600u);
  std::stringstream text;
  text << std::ifstream(file).rdbuf();
  EXPECT_EQ(text.str().find(id), std::string::npos);
  Sessions again(file, clock_);
  ASSERT_TRUE(again.find(id));
  EXPECT_EQ(again.find(id)->role, Role::operator_);
  EXPECT_EQ(again.find(id)->token_mark, "mark");
  again.close(id);
  EXPECT_FALSE(Sessions(file, clock_).find(id));
}

TEST_F(TokensAndSessions, of_too_many_the_one_unused_longest_ends) {
  Sessions sessions("", clock_);
  std::string first = sessions.open(Role::reader, "mark");
  std::string second = sessions.open(Role::reader, "mark");
  clock_.pass(1s);
  sessions.find(first);
  for (int i = 2; i <= 1000; ++i) sessions.open(Role::reader, "mark");
  EXPECT_TRUE(sessions.find(first));
  EXPECT_FALSE(sessions.find(second));
}

TEST_F(TokensAndSessions, readers_sign_out_no_operator) {
  Sessions sessions("", clock_);
  std::string owner = sessions.open(Role::operator_, "mark");
  clock_.pass(1s);
  for (int i = 0; i < 1100; ++i) sessions.open(Role::reader, "mark");
  EXPECT_TRUE(sessions.find(owner));
}

TEST_F(TokensAndSessions, what_ended_stays_so_after_a_restart) {
  const std::string file = folder_ + "/ended";
  std::string unused, used;
  {
    Sessions sessions(file, clock_);
    unused = sessions.open(Role::operator_, "mark");
    used = sessions.open(Role::operator_, "mark");
    clock_.pass(20h);
    EXPECT_TRUE(sessions.find(used));
    clock_.pass(5h);
    EXPECT_FALSE(sessions.find(unused));
  }
  Sessions again(file, clock_);
  EXPECT_FALSE(again.find(unused));
  EXPECT_TRUE(again.find(used));
  std::ofstream(file) << R"({"a": {"role": 5}, "b": 7, "c": {"role": "reader", "token": [], "opened": "x"}})";
  Sessions damaged(file, clock_);
  EXPECT_FALSE(damaged.find(used));
}

TEST_F(TokensAndSessions, a_one_time_secret_is_good_once_and_in_time) {
  OneTimeSecrets secrets(clock_);
  std::string good = secrets.make(60s), late = secrets.make(60s);
  EXPECT_FALSE(secrets.redeem("wrong"));
  EXPECT_FALSE(secrets.any_redeemed());
  EXPECT_TRUE(secrets.redeem(good));
  EXPECT_TRUE(secrets.any_redeemed());
  EXPECT_FALSE(secrets.redeem(good));
  clock_.pass(61s);
  EXPECT_FALSE(secrets.redeem(late));
}

TEST_F(TokensAndSessions, tokens_make_roles_and_a_replaced_one_ends) {
  std::string file = write("token", "first\n");
  AccessTokens tokens({{Role::operator_, file, {}, file}, {Role::reader, "BACKLOT_READER_TOKEN", Secret("look"), ""}},
                      0);
  EXPECT_EQ(tokens.find("first")->role, Role::operator_);
  EXPECT_EQ(tokens.find("look")->role, Role::reader);
  for (const char* wrong : {"", "firs", "first\n", "firsts", "LOOK"}) EXPECT_FALSE(tokens.find(wrong)) << wrong;
  std::string mark = tokens.find("first")->mark;
  EXPECT_TRUE(tokens.has(mark));
  write("token", "second");
  EXPECT_FALSE(tokens.has(mark));
  EXPECT_FALSE(tokens.find("first"));
  EXPECT_EQ(tokens.find("second")->role, Role::operator_);
  EXPECT_EQ(tokens.of_role(Role::operator_)->mark, mark_of("second"));
  // A file that cannot be used opens nothing: not even what was in it.
  write("token", "two words");
  EXPECT_FALSE(tokens.find("second"));
  EXPECT_FALSE(tokens.find(""));
  std::filesystem::remove(file);
  EXPECT_FALSE(tokens.of_role(Role::operator_));
  write("token", "third");
  EXPECT_TRUE(tokens.find("third"));
}

TEST_F(TokensAndSessions, what_could_not_be_sent_or_could_be_guessed_is_refused_at_the_start) {
  auto refused = [](const std::string& text, double bits) {
    try {
      AccessTokens({{Role::operator_, "BACKLOT_TOKEN", Secret(text), ""}}, bits);
    } catch (const Error& e) { return e.code() == ErrorCode::usage; }
    return false;
  };
  for (const char* bad : {"two words", "tab\t", "caf\xc3\xa9", "\x01"}) EXPECT_TRUE(refused(bad, 0)) << bad;
  for (const char* good : {"a;b=c,\"d\"", "short"}) EXPECT_FALSE(refused(good, 0)) << good;
  EXPECT_TRUE(refused("short", 128));
  EXPECT_FALSE(refused(std::string(Secret::random().revealed()), 128));
  EXPECT_THROW(AccessTokens({{Role::operator_, "file", {}, folder_ + "/none"}}, 0), Error);
  EXPECT_THROW(AccessTokens({{Role::operator_, "a", Secret("same"), ""}, {Role::reader, "b", Secret("same"), ""}}, 0),
               Error);
}

}  // namespace
}  // namespace backlot::server
