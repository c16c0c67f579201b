#include "backlot/client/connection.h"

#include <unistd.h>

#include "backlot/home/open.h"

namespace backlot::client {

Connection::Connection(const Home& home, Files& files, Clock& clock) : home_(home), files_(files), clock_(clock) {
  make_home(home_);
  open();
}

void Connection::open() {
  if (process_ == getpid()) return;
  // Never closed: closing would act on files and locks of the process that opened them.
  [[maybe_unused]] Catalog* of_other = catalog_.release();
  [[maybe_unused]] BlobStore* store_of_other = store_.release();
  catalog_ = open_catalog(home_);
  store_ = open_store(home_);
  process_ = getpid();
}

void Connection::close() {
  if (process_ != getpid()) return;
  process_ = 0;
  catalog_.reset();
  store_.reset();
}

Catalog& Connection::catalog() {
  open();
  return *catalog_;
}

BlobStore& Connection::store() {
  open();
  return *store_;
}

}  // namespace backlot::client
