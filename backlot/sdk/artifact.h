// What a flow holds: artifacts, as thin types over Slot. A flow is a copyable value; copying it copies pointers.
#pragma once
#include <initializer_list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "backlot/base/error.h"
#include "backlot/value/codec.h"
#include "backlot/value/fields.h"
#include "backlot/value/reference.h"

namespace backlot {

struct ParameterSpec;

namespace sdk {

struct Cell;
class ReadNotes;

/// An Artifact or Parameter beneath its type: unset, or a value in memory, or a reference whose value is loaded when it
/// is first read. Values are shared, read-only, by all copies of the slot. Reading is safe from many threads, writing
/// from one.
class Slot {
 public:
  Slot();
  Slot(const Slot&);
  /// In a task this counts as a read of the other one.
  Slot& operator=(const Slot&);
  ~Slot();

  /// True when it can be read. In a task asking counts as a read.
  bool has() const;
  /// True when it was written: by `a = v` or `a.edit()`.
  bool dirty() const { return dirty_; }

  // What follows is for the engine.

  /// From now on reads the value of `from`; counts as not written. An empty `from`: it is known to be unset. `loader`
  /// and the text of `name` must outlive all copies, and so must `notes`, to which the name is added when it is read.
  void bind(std::string_view name, std::optional<Reference> from, ValueLoader& loader, ReadNotes* notes = nullptr);
  /// From now on counts as not written and not read, with the value it has.
  void settle();
  /// True when it was read since it was bound. A write does not change that.
  bool was_read() const;
  /// As has(), but does not count as a read.
  bool holds() const;
  /// True when it holds something else than what it was bound to, or has never been bound and holds something.
  bool changed() const;
  /// What it holds when that is a reference, its value loaded or not; null when it is unset or only in memory.
  const Reference* reference() const;
  /// The value; null when unset. Loads it when it must. Does not count as a read.
  const void* peek(const ValueOps& ops) const;
  /// Takes over what `other` holds, without becoming dirty. Counts as a read of it.
  void adopt(const Slot& other);
  /// True when both hold the very same thing, or references to the same value. Loads nothing.
  bool shares_with(const Slot& other) const;

  /// How many slots this thread has made (not copied): finds those that BACKLOT_FIELDS forgot.
  static int made();

 protected:
  /// The value to read. Throws Error unset or wrong_type, and EngineFailure when it could not be loaded.
  const void* get(const ValueOps& ops) const;
  void set(std::shared_ptr<void> value);
  /// The value if it is this slot's alone and may be changed in place, else null.
  void* exclusive() const;

 private:
  std::shared_ptr<Cell> cell_;   ///< what it holds
  std::shared_ptr<Cell> bound_;  ///< what it held when it was bound
  bool dirty_ = false;
};

/// Something of ours failed while user code ran, such as the store when it read an artifact: no fault of that code.
class EngineFailure : public Error {
 public:
  explicit EngineFailure(const Error& cause) : Error(cause) {}
};
/// Throws the error of a load: as it is when the value has another type than the code asks for, else as EngineFailure.
[[noreturn]] void throw_engine_failure(const Error& error);

/// User code may read from several threads, a BlobReader need serve one only: whoever loads holds this.
std::unique_lock<std::mutex> lock_loading();

}  // namespace sdk

/// A named value that a task leaves behind. `*a` and `a->` only read, and throw Error unset when nothing was written;
/// writing is `a = v` or `a.edit()`.
template <class T>
class Artifact : public sdk::Slot {
 public:
  using value_type = T;
  const T& operator*() const { return *static_cast<const T*>(get(value_ops<T>())); }
  const T* operator->() const { return &**this; }
  Artifact& operator=(T value) {
    set(std::make_shared<T>(std::move(value)));
    return *this;
  }
  /// `a = {}` and `a = {1, 2}` of containers.
  template <class U = T>
  requires std::is_constructible_v<U, std::initializer_list<typename U::value_type>> Artifact& operator=(
      std::initializer_list<typename U::value_type> items) {
    return *this = T(items);
  }
  /// The value, to be changed in place; T() when it was unset. Valid until the next assignment or copy of the flow.
  T& edit() {
    if constexpr (codec::Storable<T>) {  // else T is refused, and need not be copied
      if (!exclusive()) *this = has() ? T(**this) : T();
    }
    return *static_cast<T*>(exclusive());
  }
};

namespace sdk {

template <class A>
inline constexpr bool is_text_artifact = false;
template <class F>
inline constexpr bool is_text_artifact<Artifact<std::string> F::*> = true;

/// An artifact or parameter of a flow value, without its type.
struct Field {
  std::string_view name;
  Slot* slot;
  const ValueOps* ops;
  ParameterSpec (*spec)(const Slot& slot, std::string_view name) = nullptr;  ///< parameters only
  bool is_parameter() const { return spec != nullptr; }
};

/// The fields of a flow, in the order of BACKLOT_FIELDS.
template <class F>
std::vector<Field> slots(const F& flow) {
  std::vector<Field> all;
  F::fields(const_cast<F&>(flow), [&]<class X>(std::string_view name, X& x) {
    if constexpr (requires { X::spec_of; })
      all.push_back({name, &x, &value_ops<typename X::value_type>(), &X::spec_of});
    else if constexpr (std::is_base_of_v<Slot, X>)
      all.push_back({name, &x, &value_ops<typename X::value_type>()});
  });
  return all;
}

}  // namespace sdk

}  // namespace backlot
