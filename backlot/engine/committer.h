// The durable end of a task. A batch is committed in the one right order: log bytes, names of blobs, then the
// catalog's transaction. A task is done when its batch is, and never before.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "backlot/base/error.h"
#include "backlot/catalog/catalog.h"
#include "backlot/store/store.h"

namespace backlot {

struct CommitBatch {
  Commit commit;
  std::vector<Digest> blobs;  ///< that the batch's manifests name; sorted, each once
  bool logs = false;          ///< its attempts have written to the log since it was last made durable
};

struct CommitResult {
  std::optional<Error> error;            ///< nothing of the batch is in the catalog
  std::vector<ControlRequest> requests;  ///< waiting for this run
};

/// Everything a commit needs. One object a thread.
struct CommitTarget {
  BlobStore& store;
  Catalog& catalog;
  std::function<void()> sync_logs;  ///< makes all log bytes appended so far durable
  std::shared_ptr<void> owned{};    ///< keeps store and catalog alive, where nobody else does
};
CommitResult commit_now(CommitTarget& target, const CommitBatch& batch);

/// Commits batches one after another. `done` is called on the scheduler's thread, never from inside submit().
class Committer {
 public:
  virtual ~Committer() = default;
  virtual void submit(CommitBatch&& batch, std::function<void(CommitResult)> done) = 0;
};

/// On a thread of its own. `open` makes the target there; `post` hands a function to the scheduler's thread. The
/// destructor waits for the batch in flight.
std::unique_ptr<Committer> make_thread_committer(std::function<std::unique_ptr<CommitTarget>()> open,
                                                 std::function<void(std::function<void()>)> post);

}  // namespace backlot
