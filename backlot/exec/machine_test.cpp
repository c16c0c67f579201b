#include "backlot/exec/machine.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "backlot/exec/cgroup.h"

namespace backlot {
namespace {

namespace fs = std::filesystem;

/// A root folder with the files a kernel would show.
class MachineAt : public testing::Test {
 protected:
  MachineAt() {
    char name[] = "/tmp/backlot_machine_XXXXXX";
    root_ = mkdtemp(name);
    put("/proc/meminfo", "MemTotal:       16777216 kB\nMemFree:        1 kB\n");
  }
  ~MachineAt() override { fs::remove_all(root_); }
  void put(const std::string& path, const std::string& text) {
    fs::create_directories(fs::path(root_ + path).parent_path());
    std::ofstream(root_ + path) << text;
  }
  Machine look(int cpus = 8) { return machine_at(root_, cpus); }
  std::string root_;
};

TEST_F(MachineAt, without_limits_is_the_whole_machine) {
  Machine machine = look();
  EXPECT_EQ(machine.cpus, 8);
  EXPECT_EQ(machine.memory, 16ull << 30);
  EXPECT_EQ(machine.gpus, 0);
  EXPECT_EQ(machine.text, "8 cpus (affinity), 16.0 GiB (MemTotal), no gpu");
}

TEST_F(MachineAt, takes_the_tightest_limit_of_version_2_up_the_tree) {
  put("/sys/fs/cgroup/cgroup.controllers", "cpu memory");
  put("/proc/self/cgroup", "0::/outer/inner\n");
  put("/sys/fs/cgroup/outer/inner/cpu.max", "max 100000\n");
  put("/sys/fs/cgroup/outer/cpu.max", "150000 100000\n");
  put("/sys/fs/cgroup/outer/inner/memory.max", "8589934592\n");
  put("/sys/fs/cgroup/outer/memory.max", "4294967296\n");
  Machine machine = look();
  EXPECT_EQ(machine.cpus, 1.5);
  EXPECT_EQ(machine.memory, 4ull << 30);
  EXPECT_EQ(machine.text, "1.5 cpus (cgroup quota), 4.0 GiB (cgroup limit), no gpu");
}

TEST_F(MachineAt, reads_version_1_and_knows_its_word_for_no_limit) {
  put("/proc/self/cgroup", "5:memory:/job\n4:cpu,cpuacct:/job\n0::/\n");
  put("/sys/fs/cgroup/cpu/job/cpu.cfs_quota_us", "250000\n");
  put("/sys/fs/cgroup/cpu/job/cpu.cfs_period_us", "100000\n");
  put("/sys/fs/cgroup/memory/job/memory.limit_in_bytes", "9223372036854771712\n");
  put("/sys/fs/cgroup/memory/memory.limit_in_bytes", "1073741824\n");
  EXPECT_EQ(look().cpus, 2.5);
  EXPECT_EQ(look().memory, 1ull << 30);
  put("/sys/fs/cgroup/cpu/job/cpu.cfs_quota_us", "-1\n");
  EXPECT_EQ(look().cpus, 8);
}

TEST_F(MachineAt, in_a_container_the_mount_is_our_group_when_the_path_is_the_hosts) {
  put("/sys/fs/cgroup/cgroup.controllers", "cpu memory");
  put("/proc/self/cgroup", "0::/docker/abc\n");
  put("/sys/fs/cgroup/cpu.max", "50000 100000\n");
  EXPECT_EQ(look().cpus, 0.5);
}

TEST_F(MachineAt, limits_above_what_is_there_do_not_count) {
  put("/sys/fs/cgroup/cgroup.controllers", "cpu memory");
  put("/proc/self/cgroup", "0::/\n");
  put("/sys/fs/cgroup/cpu.max", "6400000 100000\n");
  put("/sys/fs/cgroup/memory.max", "1099511627776\n");
  EXPECT_EQ(look().text, "8 cpus (affinity), 16.0 GiB (MemTotal), no gpu");
}

TEST_F(MachineAt, counts_gpus_by_their_numbers) {
  for (const char* name : {"nvidia0", "nvidia1", "nvidia12", "nvidiactl", "nvidia-uvm", "nvidia"}) {
    put(std::string("/dev/") + name, "");
  }
  EXPECT_EQ(look().gpus, 3);
}

TEST(Machine, this_one_has_something) {
  Machine machine = this_machine();
  EXPECT_GT(machine.cpus, 0);
  EXPECT_LE(machine.cpus, std::thread::hardware_concurrency());
  EXPECT_GT(machine.memory, 16u << 20);
}

TEST(Cgroup, finds_a_number_by_its_whole_key_only) {
  std::string_view events = "oom_kill_disable 9\nunder_oom 1\noom_kill 3\nbad x\n";
  EXPECT_EQ(number_after(events, "oom_kill"), 3);
  EXPECT_EQ(number_after(events, "oom_kill_disable"), 9);
  EXPECT_EQ(number_after(events, "oom"), std::nullopt);
  EXPECT_EQ(number_after(events, "bad"), std::nullopt);
  EXPECT_EQ(number_after("", "oom_kill"), std::nullopt);
}

}  // namespace
}  // namespace backlot
