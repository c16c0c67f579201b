// Content that is made once and then sent at whatever pace and from whatever offset: it lies in a file without a name.
#pragma once
#include "backlot/base/unique_fd.h"
#include "backlot/server/http.h"

namespace backlot::server {

class Spool : public Content {
 public:
  /// In TMPDIR, else /tmp. Throws Error io, no_space, permission.
  Spool();
  void add(std::string_view bytes);
  std::uint64_t size() const override { return size_; }
  std::string read(std::uint64_t offset, std::size_t size) override;

 private:
  UniqueFd file_;
  std::uint64_t size_ = 0;
};

/// The value of Content-Disposition that makes a browser keep the answer under a name (RFC 6266).
std::string attachment_header(std::string_view file_name);

}  // namespace backlot::server
