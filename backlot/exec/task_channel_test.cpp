#include "backlot/exec/task_channel.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <random>
#include <thread>
#include <vector>

#include "backlot/base/unique_fd.h"

namespace backlot {
namespace {

struct Channel {
  Channel() {
    int ends[2];
    EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    scheduler.reset(ends[0]);
    task.reset(ends[1]);
  }
  std::string take_all() {
    task.reset();
    std::string all;
    char bytes[4096];
    for (ssize_t n; (n = read(scheduler.get(), bytes, sizeof bytes)) > 0;) all.append(bytes, n);
    return all;
  }
  UniqueFd scheduler, task;
};

TEST(TaskChannel, messages_survive_any_cutting_of_the_stream) {
  Channel channel;
  TaskChannel task(channel.task.get());
  task.label("item 7");
  task.progress(1, 4, "quarter");
  task.metadata("rows", std::string("a\0b", 3));
  task.send_manifest(std::string(10'000, 'm'));
  std::string stream = channel.take_all();

  std::mt19937 random(7);
  for (int round = 0; round < 50; ++round) {
    MessageReader reader;
    std::vector<std::pair<TaskMessage::Kind, std::string>> got;
    for (std::size_t at = 0; at < stream.size();) {
      std::size_t size = std::min<std::size_t>(stream.size() - at, random() % (round < 5 ? 3 : 3000));
      reader.add(std::string_view(stream).substr(at, size));
      at += size;
      while (auto message = reader.next()) got.emplace_back(message->kind, std::string(message->payload));
    }
    ASSERT_EQ(got.size(), 4u);
    EXPECT_EQ(got[0], std::pair(TaskMessage::Kind::label, std::string("item 7")));
    EXPECT_EQ(decode_progress(got[1].second)->share, 0.25);
    EXPECT_EQ(decode_progress(got[1].second)->note, "quarter");
    EXPECT_EQ(decode_metadata(got[2].second)->key, "rows");
    EXPECT_EQ(decode_metadata(got[2].second)->value, std::string_view("a\0b", 3));
    EXPECT_EQ(got[3], std::pair(TaskMessage::Kind::manifest, std::string(10'000, 'm')));
  }
}

TEST(TaskChannel, an_incomplete_message_is_no_message) {
  std::string wire = wire_form(TaskMessage::Kind::manifest, "manifest");
  for (std::size_t size = 0; size < wire.size(); ++size) {
    MessageReader reader;
    reader.add(std::string_view(wire).substr(0, size));
    EXPECT_FALSE(reader.next());
  }
}

TEST(TaskChannel, nonsense_ends_the_reading_without_taking_memory) {
  MessageReader reader;
  std::string huge = wire_form(TaskMessage::Kind::manifest, "");
  huge[15] = 0x7F;  // of the size
  reader.add(huge);
  EXPECT_FALSE(reader.next());
  reader.add(wire_form(TaskMessage::Kind::manifest, "late"));
  EXPECT_FALSE(reader.next());

  MessageReader other;
  other.add(std::string(1000, 'x'));
  EXPECT_FALSE(other.next());
}

TEST(TaskChannel, a_payload_too_short_for_its_parts_is_refused) {
  EXPECT_FALSE(decode_progress("1234567"));
  EXPECT_FALSE(decode_metadata("123"));
  EXPECT_FALSE(decode_metadata(std::string("\5\0\0\0abcd", 8)));
  EXPECT_TRUE(decode_metadata(std::string("\4\0\0\0abcd", 8)));
}

TEST(TaskChannel, labels_are_bounded_and_keep_whole_characters) {
  Channel channel;
  TaskChannel(channel.task.get()).label(std::string(63, 'a') + "ü" + "tail");
  std::string stream = channel.take_all();
  MessageReader reader;
  reader.add(stream);
  EXPECT_EQ(reader.next()->payload, std::string(63, 'a'));
}

TEST(TaskChannel, a_flood_of_progress_is_thinned_but_the_last_comes) {
  Channel channel;
  TaskChannel task(channel.task.get());
  std::string stream;
  std::thread read([&] {
    char bytes[4096];
    for (ssize_t n; (n = ::read(channel.scheduler.get(), bytes, sizeof bytes)) > 0;) stream.append(bytes, n);
  });
  for (int i = 1; i <= 20'000; ++i) task.progress(i, 20'000, "");
  channel.task.reset();
  read.join();
  MessageReader reader;
  reader.add(stream);
  int count = 0;
  double last = 0;
  while (auto message = reader.next()) ++count, last = decode_progress(message->payload)->share;
  EXPECT_LT(count, 2000);
  EXPECT_EQ(last, 1.0);
}

TEST(TaskChannel, writes_nothing_into_a_file_that_took_its_descriptor) {
  char name[] = "/tmp/backlot_channel_XXXXXX";
  UniqueFd file(mkstemp(name));
  unlink(name);
  TaskChannel(file.get()).send_manifest("manifest");
  EXPECT_EQ(lseek(file.get(), 0, SEEK_END), 0);
}

TEST(TaskChannel, a_frame_of_any_size_arrives_and_half_a_frame_does_not) {
  Channel channel;
  std::string frame(3 << 20, 'f');
  std::thread send([&] {
    std::string wire = wire_form(TaskMessage::Kind::frame, frame);
    ASSERT_EQ(::send(channel.scheduler.get(), wire.data(), wire.size(), 0), static_cast<ssize_t>(wire.size()));
    ASSERT_EQ(::send(channel.scheduler.get(), wire.data(), 20, 0), 20);
    channel.scheduler.reset();
  });
  TaskChannel task(channel.task.get());
  EXPECT_EQ(task.receive_frame(), frame);
  EXPECT_EQ(task.receive_frame(), std::nullopt);
  send.join();
}

}  // namespace
}  // namespace backlot
