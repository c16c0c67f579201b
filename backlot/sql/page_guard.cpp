#include "backlot/sql/page_guard.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>
#include <vector>

namespace backlot {
namespace {

thread_local std::string last_damage;
thread_local int trusting = 0;
thread_local MendedPages* mending = nullptr;

struct Sum {
  std::uint32_t first = 0, second = 0;
  bool operator==(const Sum&) const = default;
};

std::uint32_t big_endian(const unsigned char* bytes) {
  return std::uint32_t{bytes[0]} << 24 | std::uint32_t{bytes[1]} << 16 | std::uint32_t{bytes[2]} << 8 | bytes[3];
}

/// Both checksums, cksumvfs's and the log's, add up words of 32 bits alternately.
template <bool swap>
Sum added(Sum sum, const unsigned char* bytes, int size) {
  for (int i = 0; i < size; i += 8) {
    std::uint32_t words[2];
    std::memcpy(words, bytes + i, sizeof words);
    if constexpr (swap) words[0] = __builtin_bswap32(words[0]), words[1] = __builtin_bswap32(words[1]);
    sum.first += words[0] + sum.second;
    sum.second += words[1] + sum.first;
  }
  return sum;
}

constexpr bool here_is_big = std::endian::native == std::endian::big;

Sum added(Sum sum, const unsigned char* bytes, int size, bool as_big_endian) {
  return as_big_endian == here_is_big ? added<false>(sum, bytes, size) : added<true>(sum, bytes, size);
}

/// As it stands in a page: little-endian.
void put_page_sum(unsigned char* to, const unsigned char* page, int size) {
  Sum sum = added({}, page, size - page_reserve, false);
  for (std::uint32_t word : {sum.first, sum.second})
    for (int shift = 0; shift < 32; shift += 8) *to++ = static_cast<unsigned char>(word >> shift);
}

std::uint32_t little_endian(const unsigned char* bytes) {
  return std::uint32_t{bytes[3]} << 24 | std::uint32_t{bytes[2]} << 16 | std::uint32_t{bytes[1]} << 8 | bytes[0];
}

/// Flips the one bit without which the checksum holds. False, and nothing is changed, where no bit or several could be
/// it.
///
/// The checksum is linear: what a word adds to it is the word times a vector that depends on the word's place alone. So
/// the difference of the two checksums is a bit's value times that vector, for the bit that was flipped.
bool mend(unsigned char* page, int size) {
  const int summed = size - page_reserve;
  const Sum now = added({}, page, summed, false);
  const Sum missing{little_endian(page + summed) - now.first, little_endian(page + summed + 4) - now.second};
  std::vector<std::pair<int, unsigned char>> found;  // where, and which bit of the byte
  const auto look_at = [&](int at, Sum vector) {
    const std::uint32_t word = little_endian(page + at);
    for (int bit = 0; bit < 32; ++bit) {
      const std::uint32_t change = word >> bit & 1 ? 0U - (1U << bit) : 1U << bit;
      if (Sum{vector.first * change, vector.second * change} == missing)
        found.emplace_back(at + bit / 8, static_cast<unsigned char>(1 << bit % 8));
    }
  };
  Sum even{1, 1}, odd{0, 1};  // what a first and a second word of a pair, if it is 1, adds up to at the page's end
  const auto further = [](Sum sum) { return Sum{sum.first + sum.second, sum.first + 2 * sum.second}; };
  for (int at = summed - 8; at >= 0; at -= 8, even = further(even), odd = further(odd)) {
    look_at(at, even);
    look_at(at + 4, odd);
  }
  // The checksum itself may have been hit.
  const std::uint64_t changed =
      std::uint64_t{little_endian(page + summed) ^ now.first} << 32 | (little_endian(page + summed + 4) ^ now.second);
  const bool sum_was_hit = std::has_single_bit(changed);
  if (found.size() + (sum_was_hit ? 1 : 0) != 1) return false;
  if (!sum_was_hit) page[found[0].first] ^= found[0].second;
  return true;
}

int refuse(const char* path, const char* place, std::int64_t number) {
  last_damage = std::string(place) + ' ' + std::to_string(number) + " of " + path +
                " is not what was written: it was damaged, or changed by another program";
  return SQLITE_IOERR_DATA;
}

}  // namespace

TrustedLog::TrustedLog() { ++trusting; }
TrustedLog::~TrustedLog() { --trusting; }
bool PageGuard::is_trusted() { return trusting > 0; }

MendedPages::MendedPages() { mending = this; }
MendedPages::~MendedPages() { mending = nullptr; }

const std::string& damage_found() { return last_damage; }

bool is_log_header(const unsigned char* bytes) {
  constexpr std::uint32_t magic = 0x377f0682;  // the last bit tells the byte order
  constexpr int summed = 24;
  const std::uint32_t found = big_endian(bytes);
  return (found & ~1U) == magic &&
         added({}, bytes, summed, (found & 1) != 0) == Sum{big_endian(bytes + summed), big_endian(bytes + summed + 4)};
}

PageState state_of_page(const unsigned char* page, int size) {
  unsigned char sum[page_reserve];
  const unsigned char* there = page + size - page_reserve;
  put_page_sum(sum, page, size);
  if (std::memcmp(sum, there, page_reserve) == 0) return PageState::sound;
  return std::all_of(there, there + page_reserve, [](unsigned char c) { return c == 0; }) ? PageState::unguarded
                                                                                          : PageState::damaged;
}

PageGuard::PageGuard(const char* path, int flags)
    : path_(path),
      kind_(flags & SQLITE_OPEN_MAIN_DB ? Kind::database
            : flags & SQLITE_OPEN_WAL   ? Kind::log
                                        : Kind::other) {}

void PageGuard::learn_reserve(const unsigned char* database_header) {
  if (std::memcmp(database_header, "SQLite format 3", 16) == 0) has_reserve_ = database_header[20] == page_reserve;
}

void PageGuard::learn_order(const unsigned char* log_header) {
  is_big_endian_ = (big_endian(log_header) & 1) != 0;
  knows_order_ = true;
}

int PageGuard::check_page(unsigned char* page, int size, sqlite3_int64 at) {
  if (at == 0 && size >= 100) learn_reserve(page);
  if (!is_guarded_page(size, at)) return SQLITE_OK;
  if (state_of_page(page, size) == PageState::damaged) {
    const std::int64_t number = at / size + 1;
    if (!mending || !mend(page, size)) return refuse(path_, "page", number);
    mending->numbers_.insert(number);
  }
  std::memset(page + size - page_reserve, 0, page_reserve);
  return SQLITE_OK;
}

/// A frame's checksum goes on from that of the frame before it, or of the log's header.
int PageGuard::check_frame(const unsigned char* before, const unsigned char* header, const unsigned char* page,
                           int size, sqlite3_int64 at) const {
  Sum sum{big_endian(before), big_endian(before + 4)};
  sum = added(sum, header, 8, is_big_endian_);
  sum = added(sum, page, size, is_big_endian_);
  if (sum == Sum{big_endian(header + 16), big_endian(header + 20)}) return SQLITE_OK;
  return refuse(path_, "frame", (at - first_page_of_log) / (size + frame_header_size) + 1);
}

const unsigned char* PageGuard::with_checksum(unsigned char* to, const unsigned char* page, int size) {
  std::memcpy(to, page, static_cast<std::size_t>(size - page_reserve));
  put_page_sum(to + size - page_reserve, page, size);
  return to;
}

}  // namespace backlot
