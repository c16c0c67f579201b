// One artifact: what is shown of it, its rows, its content, and a card in its sandbox.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "backlot/client/scope.h"
#include "backlot/server/api.h"
#include "backlot/server/preview.h"
#include "backlot/server/spool.h"
#include "backlot/verbs/json_of.h"

namespace backlot::server {
namespace {

using client::Artifact;
using client::Client;
using client::Run;

constexpr std::size_t most_readers = 100;

Artifact artifact_of(const Request& request, Client& client) {
  const std::string& name = request.parts.at("name");
  if (request.parts.contains("task")) return task_of(request, client).artifact(name);
  for (const Artifact& p : run_of(request, client).parameters())
    if (p.name() == name) return p;
  throw Error(ErrorCode::not_found, run_of(request, client).pathspec() + " has no parameter \"" + name + "\"");
}

/// The task whose manifest holds it; null: it is a parameter.
Json holder_of(const Artifact& artifact, const Run& run, Catalog& catalog) {
  Pathspec spec = Pathspec::parse(artifact.task());
  if (!spec.task) return nullptr;
  auto task = catalog.task(run.key(), std::get<std::int64_t>(*spec.task));
  return task ? link_to(*task) : Json(nullptr);
}

/// Tasks of the run whose manifests note that they read this value under this name.
Json readers_of(const Artifact& artifact, const Run& run, Catalog& catalog) {
  Json readers = Json::array();
  const Digest id = artifact.identity();
  catalog.each_finished(run.key(), [&](const TaskRow& task, const AttemptRow& attempt) {
    if (readers.size() == most_readers || attempt.manifest.empty()) return;
    Manifest manifest = decode_manifest(attempt.manifest);
    bool reads = std::any_of(manifest.reads.begin(), manifest.reads.end(),
                             [&](const Manifest::Read& r) { return r.name == artifact.name() && r.id == id; });
    if (reads) readers.push_back(link_to(task));
  });
  return readers;
}

/// Only steps with `cache` note what they read.
bool notes_reads(const Graph& graph) {
  return std::any_of(graph.nodes.begin(), graph.nodes.end(), [](const Node& node) { return node.with.cache; });
}

Response show(const Request& request, Client& client) {
  const Artifact artifact = artifact_of(request, client);
  const Run run = run_of(request, client);
  Catalog& catalog = *client.connection()->catalog;
  BlobStore& store = *client.connection()->store;
  Json json = verbs::json_of(artifact);
  json["task"] = holder_of(artifact, run, catalog);
  json["preview"] = preview_of(artifact.reference(), store);
  if (json["preview"]["kind"] == "html") json["card"] = true;
  json["read_by"] = notes_reads(run.graph()) ? readers_of(artifact, run, catalog) : Json::array();
  json["content_type"] = content_type_of(artifact.reference(), store);
  json["command"] = "backlot get " + artifact.pathspec();
  return answer(json);
}

Response rows(const Request& request, Client& client) {
  const Artifact artifact = artifact_of(request, client);
  auto from = static_cast<std::uint64_t>(request.number("from", 0, 0, INT64_MAX));
  auto limit = static_cast<std::uint64_t>(request.number("limit", 100, 1, 1000));
  return answer(rows_of(artifact.reference(), *client.connection()->store, from, limit));
}

Response content(const Request& request, Client& client) {
  const Artifact artifact = artifact_of(request, client);
  BlobStore& store = *client.connection()->store;
  if (artifact.type() == TypeTag::folder) {
    throw Error(ErrorCode::unsupported, "a folder cannot be downloaded as one file",
                "`backlot get " + artifact.pathspec() + " --output FOLDER` writes it");
  }
  auto spool = std::make_shared<Spool>();
  artifact.read([&](std::string_view piece) { spool->add(piece); });
  Response response;
  response.content = std::move(spool);
  return response.with("Content-Type", content_type_of(artifact.reference(), store))
      .with("Content-Disposition", attachment_header(file_name_of(artifact.name(), artifact.reference(), store)))
      .with("ETag", "\"" + artifact.identity().hex() + "\"");
}

/// A page that somebody's task wrote: it may run scripts, but as a stranger to this site and without a network.
Response card(const Request& request, Client& client) {
  const Artifact artifact = artifact_of(request, client);
  if (!is_page(artifact.reference(), *client.connection()->store))
    throw Error(ErrorCode::wrong_type, artifact.pathspec() + " is no HTML page");
  auto spool = std::make_shared<Spool>();
  artifact.read([&](std::string_view piece) { spool->add(piece); });
  Response response;
  response.content = std::move(spool);
  return response.with("Content-Type", "text/html; charset=utf-8")
      .with("Content-Security-Policy",
            "sandbox allow-scripts; default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval' data: blob:; "
            "style-src 'unsafe-inline' data:; img-src data: blob:; font-src data:; media-src data: blob:; "
            "connect-src 'none'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'");
}

}  // namespace

std::vector<Route> artifact_routes() {
  const std::string run = "/api/v1/runs/{flow}/{run}";
  const std::string of_task = run + "/tasks/{task}/artifacts/{name}", of_run = run + "/parameters/{name}";
  std::vector<Route> routes;
  for (const std::string& artifact : {of_task, of_run}) {
    routes.push_back({"GET", artifact, Role::reader, show});
    routes.push_back({"GET", artifact + "/rows", Role::reader, rows});
    routes.push_back({"GET", artifact + "/content", Role::reader, content});
    routes.push_back({"GET", artifact + "/card", Role::reader, card});
  }
  return routes;
}

}  // namespace backlot::server
