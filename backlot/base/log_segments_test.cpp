#include "backlot/base/log_segments.h"

#include <gtest/gtest.h>

#include <fstream>
#include <random>

#include "backlot/base/error.h"
#include "backlot/base/test_memory_files.h"

namespace backlot {
namespace {

constexpr char folder[] = "/run/log";
constexpr char first_segment[] = "/run/log/00000000000000000000.seg";

struct Entry {
  std::int64_t task;
  std::string text;
  std::uint64_t position = 0;
};

std::vector<Entry> read(Files& files, LogReader::Range range = {}, LogReader::Outcome* outcome = nullptr) {
  std::vector<Entry> found;
  auto result = LogReader(files, folder).each(range, [&](const LogRecord& r) {
    found.push_back({r.task, std::string(r.bytes), r.position});
    return true;
  });
  if (outcome) *outcome = result;
  return found;
}

std::string texts(Files& files, LogReader::Range range = {}) {
  std::string text;
  for (const Entry& e : read(files, range)) text += e.text;
  return text;
}

void patch(Files& files, std::uint64_t offset, std::string_view bytes) {
  files.open(first_segment, OpenMode::write)->write(offset, bytes);
}

TEST(Log, what_is_written_is_read_with_all_it_was_written_with) {
  MemoryFiles files;
  LogWriter log(files, folder);
  std::string binary("a\0\xff\n", 4);
  std::uint64_t at = log.append(7, 2, LogStream::err, 1'700'000'000'000'001, binary);
  EXPECT_EQ(log.append(8, 0, LogStream::out, 5, ""), at + 32 + binary.size());
  log.flush();
  std::vector<LogRecord> records;
  LogReader(files, folder).each({}, [&](const LogRecord& r) {
    records.push_back(r);
    if (records.size() == 1) { EXPECT_EQ(r.bytes, binary); }
    return true;
  });
  ASSERT_EQ(records.size(), 2u);
  EXPECT_EQ(records[0].position, at);
  EXPECT_EQ(records[0].task, 7);
  EXPECT_EQ(records[0].attempt, 2);
  EXPECT_EQ(records[0].stream, LogStream::err);
  EXPECT_EQ(records[0].time, 1'700'000'000'000'001);
  EXPECT_EQ(records[1].position, records[0].end);
  EXPECT_EQ(LogReader(files, folder).end(), log.position());
}

TEST(Log, nothing_is_read_before_it_is_flushed) {
  MemoryFiles files;
  LogWriter log(files, folder);
  log.append(1, 0, LogStream::out, 0, "x");
  EXPECT_EQ(texts(files), "");
  log.flush();
  EXPECT_EQ(texts(files), "x");
}

TEST(Log, a_missing_log_is_empty) {
  MemoryFiles files;
  EXPECT_EQ(texts(files), "");
  EXPECT_EQ(LogReader(files, folder).end(), 0u);
}

TEST(Log, one_task_or_attempt_is_picked_and_a_visit_may_stop) {
  MemoryFiles files;
  LogWriter log(files, folder);
  for (int i = 0; i < 10; ++i) log.append(i % 3, i % 2, LogStream::out, i, std::to_string(i));
  log.flush();
  LogReader::Range range;
  range.task = 1;
  EXPECT_EQ(texts(files, range), "147");
  range.attempt = 1;
  EXPECT_EQ(texts(files, range), "17");
  int seen = 0;
  auto outcome = LogReader(files, folder).each({}, [&](const LogRecord&) { return ++seen < 3; });
  EXPECT_EQ(seen, 3);
  LogReader::Range rest;
  rest.begin = outcome.end;
  EXPECT_EQ(texts(files, rest), "3456789");
}

TEST(Log, large_writes_are_cut_into_records_and_joined_again) {
  MemoryFiles files;
  LogWriter log(files, folder);
  std::string text(3 * log_record_limit + 1, 'x');
  text[log_record_limit] = 'y';
  log.append(1, 0, LogStream::out, 0, text);
  log.flush();
  EXPECT_EQ(read(files).size(), 4u);
  EXPECT_EQ(texts(files), text);
}

TEST(Log, segments_have_a_limit_and_positions_run_on) {
  MemoryFiles files;
  std::vector<std::uint64_t> positions;
  for (int opened = 0; opened < 3; ++opened) {
    LogWriter log(files, folder, 200);
    for (int i = 0; i < 20; ++i) positions.push_back(log.append(i, 0, LogStream::out, i, "some text"));
    log.sync();
  }
  EXPECT_GT(files.list(folder).size(), 10u);
  for (const std::string& name : files.list(folder)) {
    EXPECT_LE(files.info(std::string(folder) + "/" + name)->size, 200u);
  }
  LogReader::Outcome outcome;
  auto entries = read(files, {}, &outcome);
  ASSERT_EQ(entries.size(), positions.size());
  for (std::size_t i = 0; i < entries.size(); ++i) {
    EXPECT_EQ(entries[i].position, positions[i]);
    LogReader::Range from;
    from.begin = positions[i];
    EXPECT_EQ(read(files, from).size(), entries.size() - i);
    LogReader::Range before;
    before.end = positions[i];
    EXPECT_EQ(read(files, before).size(), i);
  }
  EXPECT_EQ(outcome.damaged, 0u);
}

TEST(Log, a_torn_tail_is_cut_on_opening_and_is_no_damage) {
  MemoryFiles files;
  {
    LogWriter log(files, folder);
    log.append(1, 0, LogStream::out, 0, "kept");
    log.append(1, 0, LogStream::out, 0, "torn");
    log.flush();
  }
  std::uint64_t whole = files.info(first_segment)->size;
  for (std::uint64_t size = whole - 1; size > whole - 36; --size) {
    files.open(first_segment, OpenMode::write)->truncate(size);
    LogReader::Outcome outcome;
    ASSERT_EQ(read(files, {}, &outcome).size(), 1u);
    EXPECT_EQ(outcome.damaged, 0u);
  }
  LogWriter log(files, folder);
  log.append(2, 0, LogStream::out, 0, "+next");
  log.flush();
  EXPECT_EQ(texts(files), "kept+next");
}

TEST(Log, an_empty_or_cut_header_is_begun_anew) {
  for (std::uint64_t size : {0, 7, 15}) {
    MemoryFiles files;
    LogWriter(files, folder).sync();
    files.open(first_segment, OpenMode::write)->truncate(size);
    LogWriter log(files, folder);
    EXPECT_EQ(log.append(1, 0, LogStream::out, 0, "x"), 16u);
    log.flush();
    EXPECT_EQ(texts(files), "x");
  }
}

TEST(Log, every_flipped_byte_costs_one_record_and_is_reported) {
  MemoryFiles files;
  std::uint64_t begin = 0, end = 0;
  {
    LogWriter log(files, folder);
    log.append(1, 0, LogStream::out, 0, "first");
    begin = log.append(2, 0, LogStream::out, 0, "second");
    end = log.append(3, 0, LogStream::out, 0, "third");
    log.flush();
  }
  std::string good = files.open(first_segment, OpenMode::read)->read(0, 1 << 20);
  for (std::uint64_t at = begin; at < end; ++at) {
    patch(files, at, std::string(1, static_cast<char>(good[at] ^ 0x41)));
    LogReader::Outcome outcome;
    auto entries = read(files, {}, &outcome);
    ASSERT_EQ(entries.size(), 2u) << at;
    EXPECT_EQ(entries[1].text, "third");
    EXPECT_EQ(outcome.damaged, end - begin);
    patch(files, 0, good);
  }
  patch(files, 0, "XXXX");  // a bad segment header costs no record
  LogReader::Outcome outcome;
  EXPECT_EQ(read(files, {}, &outcome).size(), 3u);
  EXPECT_EQ(outcome.damaged, 16u);
}

TEST(Log, a_lost_segment_is_damage) {
  MemoryFiles files;
  LogWriter log(files, folder, 100);
  for (int i = 0; i < 5; ++i) log.append(i, 0, LogStream::out, i, std::string(60, 'x'));
  log.flush();
  auto names = files.list(folder);
  ASSERT_EQ(names.size(), 5u);
  std::string lost = std::string(folder) + "/" + names[2];
  std::uint64_t size = files.info(lost)->size;
  files.remove(lost);
  LogReader::Outcome outcome;
  EXPECT_EQ(read(files, {}, &outcome).size(), 4u);
  EXPECT_EQ(outcome.damaged, size);
}

TEST(Log, a_newer_format_is_refused) {
  MemoryFiles files;
  LogWriter(files, folder).sync();
  patch(files, 4, std::string("\x03\0\0\0", 4));
  EXPECT_THROW(read(files), Error);
  EXPECT_THROW(LogWriter(files, folder), Error);
}

TEST(Log, a_failed_write_is_written_again_by_the_next_flush) {
  MemoryFiles files;
  LogWriter log(files, folder);
  log.append(1, 0, LogStream::out, 0, std::string(2000, 'x'));
  files.fail(MemoryFiles::Operation::write, 1, ENOSPC);
  EXPECT_THROW(log.flush(), Error);
  log.append(1, 0, LogStream::out, 0, "y");
  log.flush();
  EXPECT_EQ(texts(files), std::string(2000, 'x') + "y");
}

TEST(Log, golden_segments_of_version_1_are_read) {
  const std::string golden = BACKLOT_GOLDEN "/logs/v1";
  std::vector<std::string> texts;
  auto outcome = LogReader(system_files(), golden).each({}, [&](const LogRecord& r) {
    EXPECT_FALSE(r.gap);
    texts.emplace_back(r.bytes);
    return true;
  });
  EXPECT_EQ(outcome.damaged, 0u);
  EXPECT_EQ(outcome.end, 185u);
  ASSERT_EQ(texts.size(), 4u);
  EXPECT_EQ(texts[0], "Grüße\n");
}

// The golden segments were made from docs/formats/logs.md by another program.
TEST(Log, golden_segments_of_version_2_are_read_and_written) {
  const std::string golden = BACKLOT_GOLDEN "/logs/v2";
  MemoryFiles files;
  LogWriter log(files, folder, 101);
  std::optional<LogGap> gap;
  auto outcome = LogReader(system_files(), golden).each({}, [&](const LogRecord& r) {
    if (r.gap) gap = r.gap;
    const std::uint64_t at = r.gap ? log.append_gap(r.task, r.attempt, r.stream, r.time, *r.gap)
                                   : log.append(r.task, r.attempt, r.stream, r.time, r.bytes);
    EXPECT_EQ(at, r.position);
    return true;
  });
  log.flush();
  EXPECT_EQ(outcome.damaged, 0u);
  EXPECT_EQ(outcome.end, 249u);
  ASSERT_TRUE(gap);
  EXPECT_EQ(text_of(*gap), "[981467136 bytes, 12345678 lines were left out here: more than is kept of a task's log]");
  std::vector<std::string> names = system_files().list(golden);
  EXPECT_EQ(files.list(folder), names);
  ASSERT_EQ(names.size(), 3u);
  for (const std::string& name : names) {
    auto expected = system_files().open(std::string(golden).append("/").append(name), OpenMode::read)->map();
    auto found = files.open(std::string(folder).append("/").append(name), OpenMode::read)->map();
    EXPECT_EQ(found->bytes(), expected->bytes());
  }
  std::vector<Entry> entries = read(files);
  ASSERT_EQ(entries.size(), 5u);
  EXPECT_EQ(entries[0].text, "Grüße\n");
  EXPECT_EQ(entries[1].text, std::string("\0\xff no newline", 13));
  EXPECT_EQ(entries[2].text, "");
  EXPECT_EQ(entries[3].task, 7);
}

TEST(Log, what_was_synced_survives_any_crash_and_the_log_goes_on) {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    MemoryFiles files;
    std::mt19937_64 random(seed);
    std::vector<std::pair<std::uint64_t, std::string>> synced;
    for (int life = 0; life < 3; ++life) {
      LogWriter log(files, folder, 4000);
      std::vector<std::pair<std::uint64_t, std::string>> appended;
      for (int i = 0; i < 30; ++i) {
        std::string text(random() % 700, static_cast<char>('a' + random() % 26));
        std::uint64_t at = log.append(life, 0, LogStream::out, i, text);
        appended.emplace_back(at, text);
        if (random() % 4 == 0) log.flush();
        if (random() % 8 == 0) {
          log.sync();
          synced.insert(synced.end(), appended.begin(), appended.end());
          appended.clear();
        }
      }
      files.crash(random());
    }
    LogWriter log(files, folder, 4000);
    for (auto& [position, text] : synced) {
      LogReader::Range range{position, position + 1, {}, {}};
      auto entries = read(files, range);
      ASSERT_EQ(entries.size(), 1u) << "seed " << seed;
      EXPECT_EQ(entries[0].text, text);
    }
    std::uint64_t next = log.append(99, 0, LogStream::out, 0, "goes on");
    log.flush();
    LogReader::Range range;
    range.begin = next;
    EXPECT_EQ(texts(files, range), "goes on") << "seed " << seed;
  }
}

}  // namespace
}  // namespace backlot
