// What domains keep: gc, fsck, backup and removal know it, and take or tell what was not registered.
#include "backlot/verbs/pins.h"

#include "backlot/base/test_errors.h"
#include "backlot/client/test_home.h"
#include "backlot/verbs/backup.h"
#include "backlot/verbs/fsck.h"
#include "backlot/verbs/gc.h"
#include "backlot/verbs/removal.h"

namespace backlot::verbs {
namespace {

using client::RunScript;
using client::TestHome;

constexpr Micros one_day = 86'400'000'000;

/// A home whose clock is far ahead of the blobs' times, so that none is too young.
class Pins : public testing::Test {
 protected:
  Pins() { home_.clock.time = system_clock().now() + 1000 * one_day; }
  /// A value that is a blob of its own.
  Reference saved(char seed) { return home_.value("x", std::string(100'000, seed)).value; }
  /// Not in the trash, from which whoever asks for it would take it back.
  bool is_there(const Reference& value) {
    bool found = false;
    home_.store().each([&](const Digest& id) { found = found || id == value.id; });
    return found;
  }
  void keep(const std::string& name, const std::vector<Reference>& values) {
    verbs::keep(home_.client(), "rank", name, values);
  }
  /// Nothing is too young to go, and nothing leaves the trash.
  void collect() {
    GcPolicy policy;
    policy.trash_age = 2000 * one_day;
    collect_garbage(home_.client(), policy);
  }

  TestHome home_;
};

TEST_F(Pins, keep_a_value_and_what_it_refers_to_and_nothing_that_was_not_registered) {
  const Reference inner = saved('i'), forgotten = saved('f');
  Reference outer = saved('o');
  outer.id = home_.store().put(TypeTag::bytes, {"one that refers"}, {inner.id});
  keep("model/7", {outer});
  collect();
  EXPECT_TRUE(is_there(outer));
  EXPECT_TRUE(is_there(inner));
  EXPECT_FALSE(is_there(forgotten)) << "a domain that does not register a value loses it";
  keep("model/7", {});
  collect();
  EXPECT_FALSE(is_there(outer));
  EXPECT_FALSE(is_there(inner));
}

TEST_F(Pins, outlive_the_run_that_made_the_value_and_are_no_loss_of_its_removal) {
  const NamedReference value = home_.value("x", std::string(100'000, 'a'));
  RunScript run(home_);
  run.task("start", "[]", {value});
  run.end();
  keep("model/7", {value.value});
  EXPECT_EQ(plan_removal(home_.client(), {run.pathspec()}).blobs, 0u);
  GcPolicy policy;
  policy.all_users = true;
  policy.runs = {run.pathspec()};
  EXPECT_EQ(collect_garbage(home_.client(), policy).runs.size(), 1u);
  EXPECT_TRUE(is_there(value.value));
}

TEST_F(Pins, of_a_blob_that_is_not_there_are_refused_and_change_nothing) {
  const Reference a = saved('a');
  Reference missing = saved('b');
  missing.id = sha256("nothing");
  keep("model/7", {a});
  EXPECT_EQ(code_from([&] { keep("model/7", {missing}); }), ErrorCode::not_found);
  ASSERT_EQ(home_.catalog().pins().size(), 1u);
  EXPECT_EQ(home_.catalog().pins()[0].blob, a.id);
}

TEST_F(Pins, take_a_value_out_of_the_trash) {
  const Reference a = saved('a');
  collect();
  ASSERT_FALSE(is_there(a));
  keep("model/7", {a});
  EXPECT_TRUE(is_there(a));
}

TEST_F(Pins, that_lie_in_the_trash_are_taken_back_by_gc) {
  const Reference a = saved('a');
  home_.catalog().set_pins("rank", "model/7", {a.id}, 1);
  ASSERT_TRUE(home_.store().discard(a.id, INT64_MAX));
  collect();
  EXPECT_TRUE(is_there(a));
}

TEST_F(Pins, whose_blob_is_lost_are_told_by_fsck) {
  const Reference a = saved('a');
  keep("model/7", {a});
  EXPECT_TRUE(fsck(home_.client(), FsckMode::verify).problems.empty());
  EXPECT_EQ(fsck(home_.client(), FsckMode::verify).orphan_blobs, 0u);
  ASSERT_TRUE(home_.store().discard(a.id, INT64_MAX));
  home_.store().empty_trash(INT64_MAX);
  const FsckReport report = fsck(home_.client(), FsckMode::verify);
  ASSERT_EQ(report.problems.size(), 1u);
  EXPECT_EQ(report.problems[0].message, "is missing; needed by the pin rank/model/7");
  EXPECT_EQ(report.problems[0].fix, "to make it again: save rank/model/7 again");
}

TEST_F(Pins, are_in_a_backup_with_their_blobs) {
  const Reference a = saved('a');
  keep("model/7", {a});
  const std::string folder = home_.home().root + ".backup";
  backup(home_.client(), folder);
  {
    client::Client copy{Home{folder}};
    EXPECT_EQ(fsck(copy, FsckMode::verify).blobs, 1u);
    EXPECT_TRUE(fsck(copy, FsckMode::verify).problems.empty());
  }
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace backlot::verbs
