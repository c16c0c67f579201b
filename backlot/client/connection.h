// What a client has opened: the catalog and the store of a home. Only the client, and the verbs that change what is
// there (gc, fsck, cancel …), include this (docs/architecture.md §2): whoever reads uses client.h.
#pragma once
#include <sys/types.h>

#include <memory>

#include "backlot/catalog/catalog.h"
#include "backlot/home/home.h"
#include "backlot/store/store.h"

namespace backlot::client {

class Client;

/// Not thread-safe: one connection a thread. Catalog and store are opened when they are first asked for after close(),
/// and anew in a process that was forked from one that had them open: a descriptor of the catalog must not be shared,
/// and what the other process has opened is not closed here.
class Connection {
 public:
  /// Opens both; they are made when absent. Throws what open_catalog() and open_store() do.
  explicit Connection(const Home& home, Files& files = system_files(), Clock& clock = system_clock());

  const Home& home() const { return home_; }
  Files& files() const { return files_; }
  Clock& clock() const { return clock_; }
  Catalog& catalog();
  BlobStore& store();
  void close();

 private:
  void open();

  const Home home_;
  Files& files_;
  Clock& clock_;
  pid_t process_ = 0;
  std::unique_ptr<Catalog> catalog_;
  std::unique_ptr<BlobStore> store_;
};

using ConnectionPtr = std::shared_ptr<Connection>;

const ConnectionPtr& opened(const Client& client);

}  // namespace backlot::client
