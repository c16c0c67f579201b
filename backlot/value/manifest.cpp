#include "backlot/value/manifest.h"

#include <algorithm>

#include "backlot/base/error.h"
#include "backlot/value/reference_codec.h"
#include "backlot/value/utf8.h"

namespace backlot {
namespace {

constexpr std::uint64_t newest = 2;
// A reader need not know the fields from here on: new ones may come without a new version.
constexpr std::uint64_t first_optional = 64;
// A manifest is a map from these numbers; what is empty is left out.
enum Key : std::uint64_t { k_version, k_failure, k_artifacts, k_own, k_decisions, k_fan_out, k_reads, k_metadata };

void write_reads(CborWriter& out, const std::vector<Manifest::Read>& reads) {
  out.map(reads.size());
  for (const Manifest::Read& read : reads) {
    out.text(read.name);
    if (read.id)
      out.bytes(read.id->view());
    else
      out.null();
  }
}

std::vector<Manifest::Read> read_reads(CborReader& in) {
  std::vector<Manifest::Read> all;
  for (std::uint64_t n = in.map(); n > 0; --n) {
    Manifest::Read& read = all.emplace_back();
    read.name = in.text();
    if (in.next_type() == CborType::null) {
      in.null();
    } else {
      read.id = read_digest(in);
    }
  }
  return all;
}

void read_field(CborReader& in, std::uint64_t key, Manifest& m) {
  switch (key) {
    case k_failure: m.failure = read_failure(in); break;
    case k_artifacts:
      m.artifacts = read_references(in);
      m.own = static_cast<std::uint32_t>(m.artifacts.size());
      break;
    case k_own: m.own = static_cast<std::uint32_t>(in.natural(UINT32_MAX)); break;
    case k_decisions:
      for (std::uint64_t n = in.list(); n > 0; --n) {
        if (m.version == 1)
          m.next.ordinals.push_back(static_cast<std::uint32_t>(in.natural(UINT32_MAX)));
        else
          m.next.decisions.emplace_back(in.text());
      }
      break;
    case k_fan_out: {
      in.list_of(m.version == 1 ? 2 : 3);
      std::uint64_t count = in.natural();
      m.next.fan_out = Transition::FanOut{count, read_reference(in), {}};
      if (m.version > 1) m.next.fan_out->field = in.text();
      break;
    }
    case k_reads: m.reads = read_reads(in); break;
    case k_metadata:
      for (std::uint64_t n = in.map(); n > 0; --n) {
        std::string name(in.text());
        m.metadata.emplace_back(std::move(name), in.text());
      }
      break;
    default:
      if (m.version == 1 || key < first_optional) in.fail("an unknown field of a manifest");
      m.optional.emplace_back(key, in.skip());
  }
}

}  // namespace

std::string_view name_of(FailureKind kind) {
  switch (kind) {
    case FailureKind::exception: return "exception";
    case FailureKind::signal: return "signal";
    case FailureKind::exit_code: return "exit code";
    case FailureKind::timeout: return "timeout";
    case FailureKind::out_of_memory: return "out of memory";
    case FailureKind::cancelled: return "cancelled";
    case FailureKind::lost: return "lost";
    case FailureKind::engine: return "engine";
  }
  return "unknown";
}

std::string describe(const Failure& failure) {
  auto with_message = [&](const std::string& text) {
    return failure.message.empty() ? text : text + ": " + failure.message;
  };
  switch (failure.kind) {
    case FailureKind::exception: return with_message(failure.type.empty() ? "an exception" : failure.type);
    case FailureKind::signal: return with_message("killed by signal " + std::to_string(failure.code));
    case FailureKind::exit_code: return with_message("exited with code " + std::to_string(failure.code));
    case FailureKind::timeout: return with_message("ran longer than its timeout");
    case FailureKind::out_of_memory: return with_message("out of memory");
    case FailureKind::cancelled: return with_message("cancelled");
    case FailureKind::lost: return with_message("its process was lost");
    case FailureKind::engine: return with_message("the engine failed");
  }
  return with_message("failed");
}

const Reference* Manifest::find(std::string_view name) const {
  auto found = std::find_if(artifacts.begin(), artifacts.end(), [&](auto& a) { return a.name == name; });
  return found == artifacts.end() ? nullptr : &found->value;
}

std::string encode(const Manifest& m) {
  bool all_own = m.own == m.artifacts.size();
  bool in_names = m.version > 1;
  std::size_t decisions = in_names ? m.next.decisions.size() : m.next.ordinals.size();
  std::uint64_t fields = 1u + m.failure.has_value() + !m.artifacts.empty() + !all_own + (decisions > 0) +
                         m.next.fan_out.has_value() + !m.reads.empty() + !m.metadata.empty() + m.optional.size();
  std::string bytes;
  CborWriter out(bytes);
  out.map(fields);
  out.natural(k_version);
  out.natural(m.version);
  if (m.failure) out.natural(k_failure), write(out, *m.failure);
  if (!m.artifacts.empty()) out.natural(k_artifacts), write(out, m.artifacts);
  if (!all_own) out.natural(k_own), out.natural(m.own);
  if (decisions > 0) {
    out.natural(k_decisions);
    out.list(decisions);
    if (in_names)
      for (const std::string& way : m.next.decisions) out.text(way);
    else
      for (std::uint32_t d : m.next.ordinals) out.natural(d);
  }
  if (m.next.fan_out) {
    out.natural(k_fan_out);
    out.list(in_names ? 3 : 2);
    out.natural(m.next.fan_out->count);
    write(out, m.next.fan_out->list);
    if (in_names) out.text(m.next.fan_out->field);
  }
  if (!m.reads.empty()) out.natural(k_reads), write_reads(out, m.reads);
  if (!m.metadata.empty()) {
    out.natural(k_metadata);
    out.map(m.metadata.size());
    for (auto& [name, value] : m.metadata) {
      out.text(repaired_utf8(name));
      out.text(repaired_utf8(value));
    }
  }
  for (auto& [key, item] : m.optional) {
    out.natural(key);
    out.raw(item);
  }
  return bytes;
}

Manifest decode_manifest(std::string_view bytes) {
  CborReader in(bytes);
  std::uint64_t fields = in.map();
  if (fields == 0 || in.natural() != k_version) in.fail("not a manifest");
  Manifest m;
  m.version = static_cast<std::uint8_t>(read_version(in, newest, "manifest"));
  std::uint64_t last = k_version;
  while (--fields > 0) {
    std::uint64_t key = in.natural();
    if (key <= last) in.fail("fields of a manifest out of order");
    read_field(in, last = key, m);
  }
  in.end();
  if (m.own > m.artifacts.size()) in.fail("more own artifacts than artifacts");
  if (encode(m) != bytes) in.fail("a manifest with an empty field");
  return m;
}

std::vector<Digest> blobs_of(const Manifest& manifest) {
  std::vector<Digest> blobs;
  auto add = [&](const Reference& r) {
    if (r.place == Reference::Place::blob) blobs.push_back(r.id);
    if (r.place == Reference::Place::packed) blobs.push_back(r.pack);
  };
  for (const NamedReference& artifact : manifest.artifacts) add(artifact.value);
  if (manifest.next.fan_out) add(manifest.next.fan_out->list);
  std::sort(blobs.begin(), blobs.end());
  blobs.erase(std::unique(blobs.begin(), blobs.end()), blobs.end());
  return blobs;
}

}  // namespace backlot
