#include "backlot/base/compress.h"

#include <zstd.h>

#include <memory>

#include "backlot/base/error.h"

namespace backlot {
namespace {

[[noreturn]] void throw_corrupt(const std::string& why) {
  throw Error(ErrorCode::corrupt, "compressed bytes are damaged: " + why);
}

std::size_t raw_size_of(std::string_view frame) {
  if (ZSTD_findFrameCompressedSize(frame.data(), frame.size()) != frame.size()) throw_corrupt("not one whole frame");
  unsigned long long size = ZSTD_getFrameContentSize(frame.data(), frame.size());
  if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN) throw_corrupt("no size in the frame");
  return size;
}

}  // namespace

std::string compress(std::string_view raw, int level) {
  std::unique_ptr<ZSTD_CCtx, std::size_t (*)(ZSTD_CCtx*)> context(ZSTD_createCCtx(), ZSTD_freeCCtx);
  if (!context) throw std::bad_alloc();
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, level);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_checksumFlag, 1);
  std::string frame(ZSTD_compressBound(raw.size()), '\0');
  std::size_t size = ZSTD_compress2(context.get(), frame.data(), frame.size(), raw.data(), raw.size());
  if (ZSTD_isError(size)) throw Error(ErrorCode::internal, std::string("zstd: ") + ZSTD_getErrorName(size));
  frame.resize(size);
  return frame;
}

std::string decompress(std::string_view frame, std::size_t limit) {
  std::size_t size = raw_size_of(frame);
  if (size > limit) throw_corrupt("holds " + std::to_string(size) + " bytes, at most " + std::to_string(limit));
  std::string raw(size, '\0');
  decompress_into(frame, raw.data(), raw.size());
  return raw;
}

void decompress_into(std::string_view frame, char* raw, std::size_t size) {
  if (raw_size_of(frame) != size) throw_corrupt("holds another number of bytes than expected");
  std::size_t got = ZSTD_decompress(raw, size, frame.data(), frame.size());
  if (ZSTD_isError(got)) throw_corrupt(ZSTD_getErrorName(got));
  if (got != size) throw_corrupt("ends early");
}

}  // namespace backlot
