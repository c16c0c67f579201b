#include "backlot/server/access_tokens.h"

#include <sys/stat.h>

#include <algorithm>
#include <cstdio>

#include "backlot/base/system_files.h"
#include "backlot/server/secret.h"

namespace backlot::server {
namespace {

constexpr std::size_t most_token_bytes = 1024;

Secret read_token(const std::string& path) {
  std::string text = system_files().open(path, OpenMode::read)->read(0, most_token_bytes + 1);
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  return Secret::taken_from(text);
}

std::optional<FileStamp> stamp_of(const std::string& path) {
  struct stat s {};
  if (stat(path.c_str(), &s) != 0) return std::nullopt;
  return FileStamp{s.st_dev, s.st_ino, static_cast<std::uint64_t>(s.st_size),
                   s.st_mtim.tv_sec * 1'000'000'000 + s.st_mtim.tv_nsec,
                   s.st_ctim.tv_sec * 1'000'000'000 + s.st_ctim.tv_nsec};
}

bool same(const FileStamp& a, const FileStamp& b) {
  return a.device == b.device && a.inode == b.inode && a.size == b.size && a.modified_ns == b.modified_ns &&
         a.changed_ns == b.changed_ns;
}

}  // namespace

AccessTokens::AccessTokens(std::vector<TokenSource> sources, double least_bits) : least_bits_(least_bits) {
  for (TokenSource& source : sources) {
    Entry entry{std::move(source), {}, {}};
    load(entry);
    for (const Entry& other : entries_) {
      if (other.token == entry.token)
        throw Error(ErrorCode::usage, other.source.name + " and " + entry.source.name + " hold the same token",
                    "each role needs a token of its own");
    }
    entries_.push_back(std::move(entry));
  }
}

/// Every token that is taken here can be sent as a header and typed into the page.
void AccessTokens::load(Entry& entry) const {
  const TokenSource& source = entry.source;
  entry.token = {};
  Secret secret = source.text;
  if (!source.file.empty()) {
    entry.stamp = stamp_of(source.file);
    secret = read_token(source.file);
  }
  const std::string_view token = secret.revealed();
  bool can_be_sent = !token.empty() && token.size() <= most_token_bytes &&
                     std::all_of(token.begin(), token.end(), [](char c) { return c > ' ' && c <= '~'; });
  if (!can_be_sent) {
    throw Error(ErrorCode::usage, source.name + " holds no token",
                "a token is one line of up to 1024 printable ASCII characters without spaces");
  }
  if (bits_of(token) < least_bits_) {
    throw Error(ErrorCode::usage, "the token of " + source.name + " can be guessed: off loopback it needs 128 bits",
                "`openssl rand -hex 16` makes one");
  }
  entry.token = std::move(secret);
}

void AccessTokens::look_again() {
  for (Entry& entry : entries_) {
    if (entry.source.file.empty()) continue;
    auto now = stamp_of(entry.source.file);
    bool unchanged = now.has_value() == entry.stamp.has_value() && (!now || same(*now, *entry.stamp));
    if (unchanged) continue;
    entry.stamp = now;
    // A file that cannot be used opens nothing, until it can be again.
    try {
      load(entry);
      std::fprintf(stderr, "backlot serve: the token in %s is a new one\n", entry.source.file.c_str());
    } catch (const Error& e) { std::fprintf(stderr, "backlot serve: %s\n", e.what()); }
  }
}

std::optional<AccessTokens::Known> AccessTokens::find(std::string_view token) {
  std::lock_guard lock(mutex_);
  look_again();
  std::optional<Known> found;
  for (const Entry& entry : entries_)  // all of them, so that the time does not tell which one it was
    if (!entry.token.empty() && entry.token == token) found = Known{entry.source.role, mark_of(entry.token.revealed())};
  return found;
}

std::optional<AccessTokens::Known> AccessTokens::of_role(Role role) {
  std::lock_guard lock(mutex_);
  look_again();
  for (const Entry& entry : entries_)
    if (entry.source.role == role && !entry.token.empty()) return Known{role, mark_of(entry.token.revealed())};
  return std::nullopt;
}

bool AccessTokens::has(std::string_view mark) {
  std::lock_guard lock(mutex_);
  look_again();
  return std::any_of(entries_.begin(), entries_.end(), [&](const Entry& entry) {
    return !entry.token.empty() && mark_of(entry.token.revealed()) == mark;
  });
}

}  // namespace backlot::server
