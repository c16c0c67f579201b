// References as CBOR, wherever they are part of something larger (docs/formats/manifest.md).
#pragma once
#include "backlot/value/cbor.h"
#include "backlot/value/manifest.h"

namespace backlot {

void write(CborWriter& out, const Reference& reference);
Reference read_reference(CborReader& in);
void write(CborWriter& out, const std::vector<NamedReference>& references);
std::vector<NamedReference> read_references(CborReader& in);
void write(CborWriter& out, const Failure& failure);
Failure read_failure(CborReader& in);
Digest read_digest(CborReader& in);

/// The version of a format, from 1 to `newest`. Throws Error newer_format when it is a later one of `what`.
std::uint64_t read_version(CborReader& in, std::uint64_t newest, std::string_view what);

}  // namespace backlot
