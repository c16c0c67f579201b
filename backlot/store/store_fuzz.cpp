// Any bytes as a blob file: they are refused with Error corrupt or newer_format, or they are exactly a blob.
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>

#include "backlot/base/error.h"
#include "backlot/base/test_memory_files.h"
#include "backlot/store/blob_file.h"

namespace {

using namespace backlot;

bool is_expected(const Error& e) { return e.code() == ErrorCode::corrupt || e.code() == ErrorCode::newer_format; }

/// As a file under the name that its own chunk table gives it, so that the checks behind the name are reached.
void read_as_blob(std::string_view bytes, const BlobHeader& header) {
  constexpr std::uint64_t most_memory = 64 << 20;
  MemoryFiles files;
  auto file = files.open("/blob", OpenMode::create_new);
  file->write(0, bytes);
  try {
    verify_blob(*file, header.identity());
    if (header.raw_size <= most_memory &&
        open_blob(*file, header.identity(), [] { return true; })->bytes().size() != header.raw_size) {
      std::abort();
    }
  } catch (const Error& e) {
    if (!is_expected(e)) throw;
  }
}

std::uint32_t number_at(const std::string& bytes, std::size_t at) {
  std::uint32_t number;
  std::memcpy(&number, bytes.data() + at, sizeof number);
  return number;
}

/// Makes the checksum right, where it is all that is wrong: no fuzzer finds a SHA-256 by trying.
void mend_checksum(std::string& bytes) {
  if (bytes.size() < blob_header_minimum) return;
  const std::uint64_t references = number_at(bytes, 12), chunks = number_at(bytes, 16);
  const std::uint64_t at = blob_header_minimum + 32 * (references + chunks) + (bytes[11] == 1 ? 4 * chunks : 0);
  if (at + 32 <= bytes.size()) bytes.replace(at, 32, sha256(std::string_view(bytes).substr(0, at)).view());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  std::string bytes(reinterpret_cast<const char*>(data), size);
  mend_checksum(bytes);
  try {
    BlobHeader header = parse_blob_header(bytes);
    if (!bytes.starts_with(encode_blob_header(header))) std::abort();
    read_as_blob(bytes, header);
  } catch (const Error& e) {
    if (!is_expected(e)) throw;
  }
  return 0;
}
