// Which memory was loaded from the store, and whether it is still what was loaded.
#pragma once
#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

#include "backlot/value/reference.h"

namespace backlot::python {

/// Parts of blobs that are mapped privately and writable. Keeps the mappings alive, so that no address is ever given to
/// other memory.
class LoadedPages {
 public:
  /// `part` number `number` of the value of `reference`.
  void add(std::string_view part, const Reference& reference, std::size_t number, std::shared_ptr<const void> owner);

  struct Found {
    const Reference* reference = nullptr;  ///< whose part lies exactly there; null when there is none
    std::vector<bool> written;             ///< by page of `memory`; empty: not one
  };
  /// What is known of part `number`. Looks at the page tables, not at the bytes.
  Found find(std::string_view memory, std::size_t number) const;

 private:
  struct Part {
    std::string_view memory;
    Reference reference;
    std::size_t number;
    std::shared_ptr<const void> owner;
  };
  std::vector<Part> parts_;
};

}  // namespace backlot::python
