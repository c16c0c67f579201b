#include "backlot/verbs/leaving_runs.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "backlot/base/identity.h"
#include "backlot/client/connection.h"
#include "backlot/verbs/lost_run.h"
#include "backlot/verbs/references.h"

namespace backlot::verbs {
namespace {

using Users = std::vector<std::string>;

bool is_among(const std::vector<std::string>& list, const std::string& text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

class Choice {
 public:
  /// Without `users` everybody's runs are meant.
  Choice(const client::Client& client, const GcPolicy& policy, const Users* users)
      : client_(client), policy_(policy), users_(users) {}

  std::vector<RunRow> among(const std::vector<RunRow>& newest_first) {
    if (has_condition()) choose(newest_first);
    if (policy_.max_bytes) choose_by_size(newest_first);
    return std::move(leaving_);
  }

 private:
  /// --flow and --user say which runs are meant; with nothing else to go by, all of those go.
  bool has_condition() const {
    bool names_runs = !policy_.flows.empty() || !policy_.users.empty();
    return !policy_.runs.empty() || policy_.older_than || policy_.keep_newest || !policy_.tag.empty() ||
           (names_runs && !policy_.max_bytes);
  }

  bool may_go(const RunRow& run) const {
    if (users_ && !is_among(*users_, run.user)) return false;
    if (!policy_.runs.empty() && !is_among(policy_.runs, address(run))) return false;
    if (!policy_.flows.empty() && !is_among(policy_.flows, run.flow)) return false;
    for (const std::string& tag : policy_.keep_tags)
      if (is_among(run.tags, tag)) return false;
    return !is_live(client_, run);  // a lost run is as one that failed
  }

  /// Of one that lost its scheduler, when that was last heard of.
  static Micros end_of(const RunRow& run) { return run.ended != 0 ? run.ended : run.heartbeat; }

  void choose(const std::vector<RunRow>& newest_first) {
    std::map<std::pair<std::string, std::string>, std::size_t> newer;  // by flow and user: nobody pushes another out
    for (const RunRow& run : newest_first) {
      std::size_t place = newer[{run.flow, run.user}]++;
      if (policy_.older_than && end_of(run) >= *policy_.older_than) continue;
      if (policy_.keep_newest && place < *policy_.keep_newest) continue;
      if (!policy_.tag.empty() && !is_among(run.tags, policy_.tag)) continue;
      if (may_go(run)) let_go(run);
    }
  }

  void choose_by_size(const std::vector<RunRow>& newest_first) {
    BlobSet kept(opened(client_)->store());
    std::uint64_t bytes = 0;
    std::vector<RunRow> further;
    for (const RunRow& run : newest_first) {
      if (may_go(run))
        further.push_back(run);
      else
        bytes += add(run, kept);
    }
    bool full = bytes > *policy_.max_bytes;
    for (const RunRow& run : further) {
      if (going_.contains(run.key)) continue;
      if (!full) bytes += add(run, kept);
      full = full || bytes > *policy_.max_bytes;
      if (full) let_go(run);
    }
  }

  void let_go(const RunRow& run) {
    going_.insert(run.key);
    leaving_.push_back(run);
  }

  /// Bytes that the run's blobs take beyond those already there.
  std::uint64_t add(const RunRow& run, BlobSet& blobs) const {
    BlobStore& store = opened(client_)->store();
    std::uint64_t bytes = 0;
    each_blob(opened(client_)->catalog(), run, [&](const Holder&, const Digest& id) {
      for (const Digest& added : blobs.add(id)) {
        if (auto info = store.info(added)) bytes += info->stored_size;
      }
    });
    return bytes;
  }

  const client::Client& client_;
  const GcPolicy& policy_;
  const Users* users_;
  std::set<RunKey> going_;
  std::vector<RunRow> leaving_;
};

}  // namespace

LeavingRuns leaving_runs(const client::Client& client, const GcPolicy& policy,
                         const std::vector<RunRow>& newest_first) {
  if (policy.all_users) return {Choice(client, policy, nullptr).among(newest_first), 0};
  const Users users = policy.users.empty() ? Users{current_user()} : policy.users;
  auto is_of_others = [&](const RunRow& run) { return !is_among(users, run.user); };
  LeavingRuns leaving{Choice(client, policy, &users).among(newest_first), 0};
  if (std::none_of(newest_first.begin(), newest_first.end(), is_of_others)) return leaving;
  const std::vector<RunRow> of_all = Choice(client, policy, nullptr).among(newest_first);
  leaving.of_others = static_cast<std::uint64_t>(std::count_if(of_all.begin(), of_all.end(), is_of_others));
  return leaving;
}

}  // namespace backlot::verbs
