#include "backlot/sdk/artifact.h"

#include <atomic>

#include "backlot/sdk/read_notes.h"

namespace backlot::sdk {

namespace {

thread_local int slots_made = 0;
std::mutex loading;

Error unset(std::string_view name) {
  std::string what = name.empty() ? "an artifact or parameter" : "'" + std::string(name) + "'";
  return Error(ErrorCode::unset, what + " was read before it was set", "set it in an earlier step, or ask has() first");
}

}  // namespace

std::unique_lock<std::mutex> lock_loading() { return std::unique_lock(loading); }

/// Never changes what it stands for; only loads it.
struct Cell {
  std::atomic<const void*> ready = nullptr;  ///< the value, once it is in memory and its reading has been noted
  std::atomic<bool> was_read = false;
  std::string_view name;
  ReadNotes* notes = nullptr;
  ValueLoader* loader = nullptr;
  std::optional<Reference> reference;
  std::shared_ptr<void> value;  ///< written once, by load, when there is a reference

  void note_read() {
    if (was_read || was_read.exchange(true)) return;
    if (notes) notes->add(name);
  }

  const void* load(const ValueOps& ops) {
    auto lock = lock_loading();
    if (!value && reference) value = ops.load(*reference, *loader);
    return value.get();
  }
};

void throw_engine_failure(const Error& error) {
  if (error.code() == ErrorCode::wrong_type) throw error;
  throw EngineFailure(error);
}

Slot::Slot() { ++slots_made; }
Slot::Slot(const Slot&) = default;
Slot& Slot::operator=(const Slot& other) {
  if (this == &other) return *this;
  if (other.cell_) other.cell_->note_read();
  cell_ = other.cell_;
  dirty_ = other.dirty_;
  return *this;
}
Slot::~Slot() = default;

int Slot::made() { return slots_made; }

bool Slot::has() const {
  if (cell_) cell_->note_read();
  return holds();
}

bool Slot::holds() const { return cell_ && (cell_->reference || cell_->value); }

void Slot::bind(std::string_view name, std::optional<Reference> from, ValueLoader& loader, ReadNotes* notes) {
  cell_ = bound_ = std::make_shared<Cell>();
  cell_->name = name;
  cell_->reference = std::move(from);
  cell_->loader = &loader;
  cell_->notes = notes;
  dirty_ = false;
}

void Slot::settle() {
  if (cell_) {  // it may be that of the flow's example, which an earlier task of this process has read
    cell_->ready = nullptr;
    cell_->was_read = false;
  }
  bound_ = cell_;
  dirty_ = false;
}

bool Slot::was_read() const { return bound_ && bound_->was_read; }

bool Slot::changed() const { return cell_ != bound_; }

const Reference* Slot::reference() const { return cell_ && cell_->reference ? &*cell_->reference : nullptr; }

const void* Slot::peek(const ValueOps& ops) const { return cell_ ? cell_->load(ops) : nullptr; }

void Slot::adopt(const Slot& other) {
  if (other.cell_) other.cell_->note_read();
  cell_ = other.cell_;
}

bool Slot::shares_with(const Slot& other) const {
  if (cell_ == other.cell_) return true;
  return reference() && other.reference() && reference()->same_value(*other.reference());
}

const void* Slot::get(const ValueOps& ops) const {
  if (!cell_) throw unset("");
  if (const void* value = cell_->ready.load(std::memory_order_acquire)) return value;
  cell_->note_read();
  const void* value = nullptr;
  try {
    value = cell_->load(ops);
  } catch (const Error& e) { throw_engine_failure(e.in("'" + std::string(cell_->name) + "'")); }
  if (!value) throw unset(cell_->name);
  cell_->ready.store(value, std::memory_order_release);
  return value;
}

void Slot::set(std::shared_ptr<void> value) {
  cell_ = std::make_shared<Cell>();
  cell_->ready = value.get();
  cell_->value = std::move(value);
  dirty_ = true;
}

void* Slot::exclusive() const {
  bool mine = dirty_ && cell_.use_count() == 1 && cell_->value && !cell_->reference;
  return mine ? cell_->value.get() : nullptr;
}

}  // namespace backlot::sdk
