// What all objects of the client share: an open home.
#pragma once
#include <memory>

#include "backlot/catalog/catalog.h"
#include "backlot/home/home.h"
#include "backlot/store/store.h"

namespace backlot::client {

/// Not thread-safe: one connection a thread.
struct Connection {
  Home home;
  Files& files;
  Clock& clock;
  std::unique_ptr<Catalog> catalog;
  std::unique_ptr<BlobStore> store;
};

using ConnectionPtr = std::shared_ptr<Connection>;

/// Opens the catalog and the store of a home, which are made when absent.
ConnectionPtr open_home(const Home& home);

}  // namespace backlot::client
