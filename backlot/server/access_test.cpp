#include "backlot/server/access.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace backlot::server {
namespace {

Access access_of(std::string operator_token, std::string reader_token) {
  AccessOptions options;
  options.cookie = "backlot_1";
  options.tokens = {{Role::operator_, "all", Secret::taken_from(operator_token), ""},
                    {Role::reader, "some", Secret::taken_from(reader_token), ""},
                    {Role::metrics, "metrics", Secret("counts"), ""}};
  return Access(std::move(options));
}

Request asking(std::vector<std::pair<std::string, std::string>> headers) {
  Request request;
  request.method = "GET";
  request.headers = std::move(headers);
  request.peer.address = "10.0.0.1";
  return request;
}

Role role_of(Access& access, const char* name, const std::string& value) {
  Request request = asking({{name, value}});
  access.identify(request);
  return request.role;
}

Response open(Access& access, const std::string& token, const char* scheme = "http") {
  Request request = asking({});
  request.method = "POST";
  request.scheme = scheme;
  request.body = "{\"token\": \"" + token + "\"}";
  return access.open_session(request, "");
}

std::string header_of(const Response& response, std::string_view name) {
  for (const auto& [n, value] : response.headers)
    if (n == name) return value;
  return {};
}

std::string cookie_in(const Response& response) {
  std::string text = header_of(response, "Set-Cookie");
  return text.substr(0, text.find(';'));
}

TEST(Access, tokens_make_roles_and_strangers_have_none) {
  Access access = access_of("all", "some");
  EXPECT_EQ(role_of(access, "authorization", "Bearer all"), Role::operator_);
  EXPECT_EQ(role_of(access, "authorization", "bearer some"), Role::reader);
  EXPECT_EQ(role_of(access, "authorization", "Bearer counts"), Role::metrics);
  for (const char* wrong : {"Bearer al", "Bearer ", "Basic all", "all", ""})
    EXPECT_EQ(role_of(access, "authorization", wrong), Role::none) << wrong;
  EXPECT_EQ(role_of(access, "cookie", "backlot_1=all"), Role::none);  // a token is no session
  EXPECT_EQ(role_of(access, "x", "y"), Role::none);
}

TEST(Access, processes_of_our_own_account_are_operators) {
  Access access = access_of("all", "some");
  Request own = asking({});
  own.peer = {"", true};
  access.identify(own);
  EXPECT_EQ(own.role, Role::operator_);
  Request other = asking({});
  other.peer = {"", false};
  access.identify(other);
  EXPECT_EQ(other.role, Role::none);
}

TEST(Access, any_token_opens_a_session_and_its_cookie_is_another_secret) {
  const std::string odd = "a;b=c,d/\\u0022";  // as it stands in JSON: what no cookie could hold
  Access access = access_of("a;b=c,d/\"", "some");
  Response response = open(access, odd);
  EXPECT_EQ(response.status, 204);
  std::string cookie = cookie_in(response), text = header_of(response, "Set-Cookie");
  for (const char* part : {"HttpOnly", "SameSite=Lax", "Path=/", "Max-Age="})
    EXPECT_NE(text.find(part), std::string::npos) << part;
  EXPECT_EQ(text.find("Secure"), std::string::npos);
  EXPECT_NE(header_of(open(access, "some", "https"), "Set-Cookie").find("Secure"), std::string::npos);
  EXPECT_EQ(role_of(access, "cookie", "a=b; " + cookie + "; c=d"), Role::operator_);
  EXPECT_EQ(role_of(access, "cookie", "x" + cookie), Role::none);
  EXPECT_EQ(role_of(access, "cookie", cookie.substr(0, cookie.size() - 1)), Role::none);
}

TEST(Access, signing_out_ends_the_session) {
  Access access = access_of("all", "some");
  std::string cookie = cookie_in(open(access, "all"));
  Request request = asking({{"cookie", cookie}});
  access.identify(request);
  EXPECT_NE(header_of(access.close_session(request, ""), "Set-Cookie").find("Max-Age=0"), std::string::npos);
  EXPECT_EQ(role_of(access, "cookie", cookie), Role::none);
}

TEST(Access, who_came_by_a_token_is_known_while_it_is) {
  const std::string file = testing::TempDir() + "/replaced_token_" + std::to_string(getpid());
  std::ofstream(file) << "first\n";
  AccessOptions options;
  options.tokens = {{Role::reader, "some", {}, file}};
  Access access(std::move(options));
  Request request = asking({{"authorization", "Bearer first"}});
  access.identify(request);
  EXPECT_EQ(request.role, Role::reader);
  EXPECT_TRUE(access.is_still_known(request.session, request.token_mark));
  std::ofstream(file) << "the second\n";
  EXPECT_FALSE(access.is_still_known(request.session, request.token_mark));
  EXPECT_TRUE(access.is_still_known("", "")) << "of our own account, by the socket";
  std::filesystem::remove(file);
}

TEST(Access, wrong_tokens_are_slowed_down_and_the_right_one_never) {
  Access access = access_of("all", "some");
  int refused_for_now = 0;
  for (int i = 0; i < 30; ++i) {
    int status = open(access, "wrong" + std::to_string(i)).status;
    EXPECT_TRUE(status == 401 || status == 429);
    refused_for_now += status == 429;
  }
  EXPECT_EQ(refused_for_now, 20);
  EXPECT_EQ(open(access, "all").status, 204);
  EXPECT_EQ(role_of(access, "authorization", "Bearer some"), Role::reader);
}

TEST(Access, a_one_time_secret_opens_one_session_by_form_or_link) {
  Access access = access_of("all", "some");
  Request form = asking({{"origin", "null"}, {"content-type", "application/x-www-form-urlencoded"}});
  form.method = "POST";
  form.path = {"api", "v1", "session"};
  form.body = "secret=" + access.one_time_secrets().make(std::chrono::seconds(60));
  Response response = access.open_session(form, "/base");
  EXPECT_EQ(response.status, 303);
  EXPECT_EQ(header_of(response, "Location"), "/base/");
  EXPECT_EQ(role_of(access, "cookie", cookie_in(response)), Role::operator_);
  EXPECT_EQ(access.open_session(form, "").status, 401);
  form.body = "secret=all";  // a token does not come by a form
  EXPECT_EQ(access.open_session(form, "").status, 401);
  EXPECT_EQ(open(access, access.one_time_secrets().make(std::chrono::seconds(60))).status, 204);
  EXPECT_EQ(open(access, "counts").status, 403);
}

}  // namespace
}  // namespace backlot::server
