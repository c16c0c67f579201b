#include "backlot/base/log_segments.h"

#include <zlib.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstring>

#include "backlot/base/durable_folder.h"
#include "backlot/base/error.h"

namespace backlot {
namespace {

static_assert(std::endian::native == std::endian::little, "records are copied as they lie in memory");

constexpr std::string_view segment_magic = "BLOG";
constexpr std::uint32_t segment_version = 2;  // 1 had no gaps
constexpr std::size_t segment_header_size = 16;
constexpr std::string_view record_magic = "BLR";
constexpr std::size_t record_header_size = 32;
constexpr std::size_t crc_offset = 8;
constexpr std::size_t waiting_limit = 256 << 10;
/// The kind of a record: its stream, plus this when it tells of a gap.
constexpr char gap_kind = 2;

template <class T>
void store(char* to, T value) {
  std::memcpy(to, &value, sizeof value);
}
template <class T>
T load(const char* from) {
  T value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

std::uint32_t checksum(std::string_view record) {
  auto bytes = [&](std::size_t i) { return reinterpret_cast<const Bytef*>(record.data() + i); };
  static constexpr Bytef zeros[4] = {};
  uLong crc = crc32_z(0, bytes(0), crc_offset);
  crc = crc32_z(crc, zeros, sizeof zeros);
  return static_cast<std::uint32_t>(crc32_z(crc, bytes(crc_offset + 4), record.size() - crc_offset - 4));
}

std::string segment_name(std::uint64_t start) {
  std::string digits = std::to_string(start);
  return std::string(20 - digits.size(), '0') + digits + ".seg";
}

std::optional<std::uint64_t> start_of(std::string_view name) {
  if (name.size() != 24 || !name.ends_with(".seg")) return std::nullopt;
  std::uint64_t start = 0;
  auto [end, error] = std::from_chars(name.data(), name.data() + 20, start);
  if (error != std::errc() || end != name.data() + 20) return std::nullopt;
  return start;
}

/// The positions at which the segments of a log begin, in order.
std::vector<std::uint64_t> segments_in(Files& files, const std::string& folder) {
  std::vector<std::uint64_t> starts;
  for (const std::string& name : files.list(folder)) {
    if (auto start = start_of(name)) starts.push_back(*start);
  }
  return starts;  // the names sort as their numbers do
}

/// Throws when a newer backlot wrote the segment; anything else wrong with the header is damage.
bool has_header(std::string_view segment, const std::string& path) {
  if (segment.size() < segment_header_size || !segment.starts_with(segment_magic)) return false;
  if (load<std::uint32_t>(segment.data() + 4) > segment_version) {
    throw Error(ErrorCode::newer_format, path + " was written by a newer backlot", "update backlot");
  }
  return true;
}

std::optional<LogRecord> record_at(std::string_view segment, std::size_t offset, std::uint64_t start) {
  std::string_view rest = segment.substr(offset);
  if (rest.size() < record_header_size || !rest.starts_with(record_magic)) return std::nullopt;
  std::size_t size = load<std::uint32_t>(rest.data() + 4);
  if (size > log_record_limit || size > rest.size() - record_header_size) return std::nullopt;
  if (rest[3] < 1 || rest[3] > gap_kind + 2) return std::nullopt;
  const bool is_gap = rest[3] > gap_kind;
  if (is_gap && size != sizeof(LogGap)) return std::nullopt;
  std::string_view whole = rest.substr(0, record_header_size + size);
  if (load<std::uint32_t>(rest.data() + crc_offset) != checksum(whole)) return std::nullopt;
  LogRecord r;
  r.position = start + offset;
  r.end = r.position + whole.size();
  r.attempt = load<std::int32_t>(rest.data() + 12);
  r.task = load<std::int64_t>(rest.data() + 16);
  r.stream = static_cast<LogStream>(is_gap ? rest[3] - gap_kind : rest[3]);
  r.time = load<Micros>(rest.data() + 24);
  r.bytes = whole.substr(record_header_size);
  if (!is_gap) return r;
  r.gap = {load<std::uint64_t>(r.bytes.data()), load<std::uint64_t>(r.bytes.data() + 8)};
  r.bytes = {};
  return r;
}

/// The first valid record at or after an offset.
std::optional<LogRecord> next_record(std::string_view segment, std::size_t offset, std::uint64_t start) {
  for (offset = std::min(offset, segment.size());; ++offset) {
    offset = segment.find(record_magic, offset);
    if (offset == segment.npos) return std::nullopt;
    if (auto record = record_at(segment, offset, start)) return record;
  }
}

/// Behind the last valid record of a segment, as an offset; 0 when it has not even a header.
std::size_t valid_size(std::string_view segment, const std::string& path) {
  std::size_t end = has_header(segment, path) ? segment_header_size : 0;
  while (auto record = next_record(segment, end, 0)) end = record->end;
  return end;
}

bool is_in(const LogRecord& record, const LogReader::Range& range) {
  return (!range.task || *range.task == record.task) && (!range.attempt || *range.attempt == record.attempt);
}

}  // namespace

std::string text_of(const LogGap& gap) {
  return "[" + std::to_string(gap.bytes) + " bytes, " + std::to_string(gap.lines) +
         " lines were left out here: more than is kept of a task's log]";
}

LogWriter::LogWriter(Files& files, std::string folder, std::uint64_t segment_limit)
    : files_(files), folder_(std::move(folder)), segment_limit_(segment_limit) {
  make_durable_folder(files_, folder_);
  std::vector<std::uint64_t> starts = segments_in(files_, folder_);
  starts.empty() ? begin_segment(0) : open_last_segment(starts.back());
}

void LogWriter::open_last_segment(std::uint64_t start) {
  std::string path = folder_ + "/" + segment_name(start);
  auto segment = files_.open(path, OpenMode::write);
  std::size_t valid = valid_size(segment->map()->bytes(), path);
  if (valid == 0) {
    segment->truncate(0);
    return begin_segment(start);
  }
  segment->truncate(valid);
  segment_ = std::move(segment);
  start_ = start;
  written_ = valid;
  dirty_ = true;
}

void LogWriter::begin_segment(std::uint64_t start) {
  char header[segment_header_size];
  std::memcpy(header, segment_magic.data(), 4);
  store(header + 4, segment_version);
  store(header + 8, start);
  auto segment = files_.open(folder_ + "/" + segment_name(start), OpenMode::open_or_create);
  files_.sync_directory(folder_);
  segment_ = std::move(segment);
  start_ = start;
  written_ = 0;
  waiting_.assign(header, sizeof header);
}

std::uint64_t LogWriter::position() const { return start_ + written_ + waiting_.size(); }

std::uint64_t LogWriter::append(std::int64_t task, std::int32_t attempt, LogStream stream, Micros time,
                                std::string_view bytes) {
  std::optional<std::uint64_t> first;
  do {
    std::string_view piece = bytes.substr(0, log_record_limit);
    make_room(piece.size());
    if (!first) first = position();
    append_record(task, attempt, static_cast<char>(stream), time, piece);
    bytes.remove_prefix(piece.size());
  } while (!bytes.empty());
  if (waiting_.size() >= waiting_limit) flush();
  return *first;
}

std::uint64_t LogWriter::append_gap(std::int64_t task, std::int32_t attempt, LogStream stream, Micros time,
                                    const LogGap& gap) {
  char bytes[sizeof gap];
  store(bytes, gap.bytes);
  store(bytes + 8, gap.lines);
  make_room(sizeof bytes);
  const std::uint64_t at = position();
  append_record(task, attempt, static_cast<char>(static_cast<char>(stream) + gap_kind), time, {bytes, sizeof bytes});
  return at;
}

/// In this segment or a new one, for the record that comes next.
void LogWriter::make_room(std::size_t bytes) {
  std::uint64_t size = written_ + waiting_.size() + record_header_size + bytes;
  if (size <= segment_limit_ || size <= segment_header_size + record_header_size + bytes) return;
  sync();
  begin_segment(position());
}

void LogWriter::append_record(std::int64_t task, std::int32_t attempt, char kind, Micros time, std::string_view bytes) {
  char header[record_header_size] = {};
  std::memcpy(header, record_magic.data(), 3);
  header[3] = kind;
  store(header + 4, static_cast<std::uint32_t>(bytes.size()));
  store(header + 12, attempt);
  store(header + 16, task);
  store(header + 24, time);
  std::size_t at = waiting_.size();
  waiting_.append(header, sizeof header).append(bytes);
  store(waiting_.data() + at + crc_offset, checksum(std::string_view(waiting_).substr(at)));
}

void LogWriter::flush() {
  if (waiting_.empty()) return;
  segment_->write(written_, waiting_);
  written_ += waiting_.size();
  waiting_.clear();
  dirty_ = true;
}

void LogWriter::sync() {
  flush();
  if (!dirty_) return;
  segment_->sync();
  dirty_ = false;
}

// Segments before the last were synced when they were closed.
void sync_log(Files& files, const std::string& folder) {
  std::vector<std::uint64_t> starts = segments_in(files, folder);
  if (!starts.empty()) files.open(folder + "/" + segment_name(starts.back()), OpenMode::write)->sync();
}

LogReader::LogReader(Files& files, std::string folder) : files_(files), folder_(std::move(folder)) {}

LogReader::Outcome LogReader::each(const Range& range, const std::function<bool(const LogRecord&)>& visit) {
  Outcome outcome{range.begin, 0};
  std::vector<std::uint64_t> starts = segments_in(files_, folder_);
  std::uint64_t cursor = range.begin;  // where the next record should begin
  std::uint64_t missing = 0;           // bytes between segments, damage if a record follows
  for (std::size_t i = 0; i < starts.size() && starts[i] < range.end; ++i) {
    if (i + 1 < starts.size() && starts[i + 1] <= cursor) continue;
    std::string path = folder_ + "/" + segment_name(starts[i]);
    auto mapping = files_.open(path, OpenMode::read)->map();
    std::string_view segment = mapping->bytes();
    if (cursor < starts[i]) missing += starts[i] - cursor;
    cursor = std::max(cursor, starts[i] + (has_header(segment, path) ? segment_header_size : 0));
    while (auto record = next_record(segment, cursor - starts[i], starts[i])) {
      if (record->position >= range.end) {
        if (cursor < range.end) outcome.damaged += missing + range.end - cursor;
        return outcome;
      }
      outcome.damaged += missing + record->position - cursor;
      missing = 0;
      cursor = outcome.end = record->end;
      if (is_in(*record, range) && !visit(*record)) return outcome;
    }
  }
  // An end that is asked for was durable once: what is not there any more is no torn tail.
  if (range.end != UINT64_MAX && cursor < range.end) outcome.damaged += missing + range.end - cursor;
  return outcome;
}

std::uint64_t LogReader::end() {
  std::vector<std::uint64_t> starts = segments_in(files_, folder_);
  for (auto start = starts.rbegin(); start != starts.rend(); ++start) {
    std::string path = folder_ + "/" + segment_name(*start);
    std::size_t valid = valid_size(files_.open(path, OpenMode::read)->map()->bytes(), path);
    if (valid > segment_header_size) return *start + valid;
  }
  return 0;
}

std::uint64_t LogReader::segment_of(std::uint64_t position) {
  std::uint64_t found = 0;
  for (std::uint64_t start : segments_in(files_, folder_)) {
    if (start <= position) found = start;
  }
  return found;
}

}  // namespace backlot
