// A value that a task left behind, read back.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "backlot/value/codec.h"

namespace backlot::client {

class Connection;

/// Holds no value until it is asked for one.
class Artifact {
 public:
  Artifact(std::shared_ptr<Connection> home, std::string task, std::string name, Reference reference);

  const std::string& name() const { return name_; }
  /// Of the task whose manifest holds it, "Flow/7/compute/17"; of a parameter, its run's.
  const std::string& task() const { return task_; }
  std::string pathspec() const { return task_ + "/" + name_; }
  const Reference& reference() const { return reference_; }
  TypeTag type() const { return reference_.type; }
  std::uint64_t size() const { return reference_.size; }
  /// Same identity, same value.
  Digest identity() const { return reference_.identity(); }

  /// Where its bytes are, for whoever reads values in another way than here. Valid as long as this object.
  BlobReader& blobs() const;

  /// The value, in the C++ type that it was saved from or one that reads the same (docs/formats/values.md).
  /// Throws Error wrong_type, not_found (its blob is gone) and corrupt.
  template <class T>
  T as() const {
    ValueLoader loader(blobs());
    return codec::load_value<T>(reference_, loader);
  }

  /// The value as JSON (to_json): of a tensor its shape and beginning, of what is opaque its type and size.
  /// `indent` -1 is one line. Throws as `as` does.
  std::string json(int indent = -1) const;
  /// For people: a tensor of up to 1000 elements as lists within lists, of a larger one its type and shape; else json.
  std::string shown() const;

  /// What the value is outside of Backlot, piece by piece with bounded memory: text, bytes, a file and a pickle as they
  /// are, a tensor as a NumPy file (.npy); of everything else its JSON. Throws as `as` does, and what `visit` throws.
  void read(const std::function<void(std::string_view piece)>& visit) const;
  /// Writes that to the file `path`, in whose place it comes when it is whole; a folder becomes the folder `path`,
  /// which must be empty if it exists (those around it are made). Throws as `as` does, and Error exists, permission,
  /// no_space, io.
  void write_to(const std::string& path) const;

 private:
  std::shared_ptr<Connection> home_;
  std::string task_, name_;
  Reference reference_;
};

}  // namespace backlot::client
