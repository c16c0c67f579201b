// One blob in one file: written, opened, verified (docs/formats/blob.md). Errors do not name the blob: the caller does.
#pragma once
#include <functional>
#include <memory>
#include <string_view>

#include "backlot/base/files.h"
#include "backlot/store/blob_header.h"
#include "backlot/store/piece_chunks.h"

namespace backlot {

/// Hashes the value: a header with its identity, not yet with a codec. Reads every byte once.
BlobHeader describe_blob(TypeTag type, const Pieces& pieces, const std::vector<Digest>& refers_to);

/// The same, where the value's chunk i is that of `before` wherever `same[i]`. These are not read.
BlobHeader describe_changed_blob(const BlobHeader& before, const std::vector<bool>& same, const Pieces& pieces);

/// Writes a described value into an empty file, compressed when samples say that it pays, and syncs it.
void write_blob(File& file, BlobHeader header, const Pieces& pieces);

/// The header, checked against the name and the size of the file. Throws Error corrupt, newer_format.
BlobHeader read_blob_header(File& file, const Digest& id);

/// The raw bytes: a view of the mapped file, or a buffer when compressed. Those of small and of compressed blobs are
/// checked; others when `check_mapped` says so, which is asked for none else. Throws Error corrupt, naming the chunk,
/// and newer_format.
std::shared_ptr<const Mapping> open_blob(File& file, const Digest& id, const std::function<bool()>& check_mapped);

/// Whether the file of this blob holds these very raw bytes. Throws as open_blob does.
bool holds(File& file, const Digest& id, const Pieces& pieces);

/// Visits the raw bytes in order, chunk by chunk, each when it has been checked, with bounded memory. Throws Error
/// corrupt, naming the chunk, and newer_format.
void each_chunk(File& file, const Digest& id, const std::function<void(std::string_view raw)>& visit);

/// Reads and checks every byte; throws as each_chunk does.
void verify_blob(File& file, const Digest& id);

}  // namespace backlot
