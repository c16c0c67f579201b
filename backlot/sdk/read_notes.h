// Which names were read, for the step cache.
#pragma once
#include <mutex>
#include <set>
#include <string_view>

namespace backlot::sdk {

/// From any thread. The texts of the names must outlive it.
class ReadNotes {
 public:
  void add(std::string_view name) {
    std::lock_guard lock(mutex_);
    names_.insert(name);
  }
  std::set<std::string_view> names() const {
    std::lock_guard lock(mutex_);
    return names_;
  }

 private:
  mutable std::mutex mutex_;
  std::set<std::string_view> names_;
};

}  // namespace backlot::sdk
