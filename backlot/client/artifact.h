// A value that a task left behind, read back.
#pragma once
#include <string>

#include "backlot/client/connection.h"
#include "backlot/value/codec.h"

namespace backlot::client {

/// Holds no value until it is asked for one.
class Artifact {
 public:
  Artifact(ConnectionPtr home, std::string task, std::string name, Reference reference);

  const std::string& name() const { return name_; }
  /// Of the task whose manifest holds it, "Flow/7/compute/17"; of a parameter, its run's.
  const std::string& task() const { return task_; }
  std::string pathspec() const { return task_ + "/" + name_; }
  const Reference& reference() const { return reference_; }
  TypeTag type() const { return reference_.type; }
  std::uint64_t size() const { return reference_.size; }
  /// Same identity, same value.
  Digest identity() const { return reference_.identity(); }

  /// The value, in the C++ type that it was saved from or one that reads the same (docs/formats/values.md).
  /// Throws Error wrong_type, not_found (its blob is gone) and corrupt.
  template <class T>
  T as() const {
    ValueLoader loader(*home_->store);
    return codec::load_value<T>(reference_, loader);
  }

  /// The value as JSON (to_json): of a tensor its shape and beginning, of what is opaque its type and size.
  /// `indent` -1 is one line. Throws as `as` does.
  std::string json(int indent = -1) const;

 private:
  ConnectionPtr home_;
  std::string task_, name_;
  Reference reference_;
};

}  // namespace backlot::client
