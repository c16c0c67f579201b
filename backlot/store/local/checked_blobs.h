// Which blobs have been checked against their names since this machine was started: a mapped blob is checked when it is
// used for the first time, not each time.
#pragma once
#include <memory>
#include <string>

#include "backlot/base/digest.h"
#include "backlot/base/files.h"

namespace backlot {

/// Remembers files as they were when they were checked, by their stamps: a file that was written to, replaced, moved or
/// touched since has another. May forget, which costs a check.
class CheckedBlobs {
 public:
  virtual ~CheckedBlobs() = default;
  virtual bool contains(const Digest& id, const FileStamp& stamp) = 0;
  virtual void add(const Digest& id, const FileStamp& stamp) = 0;
};

/// Shared by all processes that use the store in `folder` until the machine is started again: a table in
/// checked/<boot id> (docs/formats/blob.md). Where that cannot be made it is this object's own.
std::unique_ptr<CheckedBlobs> shared_checked_blobs(const std::string& folder);
std::unique_ptr<CheckedBlobs> own_checked_blobs();

}  // namespace backlot
