#include "apps/signals/flows/investigate.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace {

using investigation::loaded;
using investigation::stored;

std::string incident_file() {
  std::string path = testing::TempDir() + "incident.csv";
  std::ofstream out(path);
  out << "time,value,series\n";
  std::mt19937 random(3);
  std::normal_distribution<double> noise(10, 1);
  auto put = [&](const std::string& name, int from) {
    for (int i = 0; i < 300; ++i)
      out << 1773129600 + 60 * i << ',' << noise(random) + (i >= from ? 8 : 0) << ",\"" << name << "\"\n";
  };
  put("latency{service=\"\"front\"\"}", 270);
  for (int k = 0; k < 40; ++k)
    put("depth_" + std::to_string(k) + "{service=\"\"s" + std::to_string(k % 8) + "\"\"}", k % 8 == 3 ? 268 : 1000);
  return path;
}

TEST(Investigate, rows_come_back) {
  backlot::signals::Row row;
  row.replica_group = 7;
  row.members = {3, 9};
  row.outcome = backlot::signals::Outcome::flat;
  row.is_deseasoned = true;
  row.moments.push_back({backlot::signals::Happening::born, {5, 4, 6}, 1, 2, 3});
  const auto again = loaded(stored(row));
  EXPECT_EQ(again.members, row.members);
  EXPECT_EQ(again.outcome, row.outcome);
  EXPECT_TRUE(again.is_deseasoned && !again.is_rate);
  EXPECT_EQ(again.moments[0].onset, row.moments[0].onset);
  EXPECT_EQ(again.moments[0].effect, 3);
}

std::string report_of(int shards) {
  Investigate flow;
  flow.series = incident_file();
  flow.target = "latency{service=\"front\"}";
  flow.alert = "";
  flow.shards = shards;
  flow.start();
  std::vector<backlot::Branch<Investigate, std::int64_t>> branches;
  for (std::int64_t first : *flow.parts) {
    Investigate branch = flow;
    branch.shard(first);
    branches.push_back({first, branch});
  }
  Investigate joined = flow;
  joined.conclude(backlot::Inputs<Investigate, std::int64_t>(branches));
  return *joined.report;
}

TEST(Investigate, shards_do_not_change_the_report) {
  const std::string one = report_of(1);
  EXPECT_NE(one.find("\"is_explained\":true"), one.npos);
  EXPECT_NE(one.find("\"value\":\"s3\""), one.npos);
  EXPECT_EQ(report_of(7), one);
}

}  // namespace
