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

  /// The reference whose part `number` lies exactly there and has not been written to; null when there is none.
  /// Looks at the page tables, not at the bytes.
  const Reference* unchanged(std::string_view memory, std::size_t number) const;

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
