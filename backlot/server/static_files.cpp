#include "backlot/server/static_files.h"

#include <array>
#include <filesystem>

#include "backlot/base/digest.h"
#include "backlot/base/files.h"
#include "backlot/base/system_files.h"
#include "backlot/server/gzip.h"

namespace backlot::server {
namespace {

namespace fs = std::filesystem;

/// What the page itself may do: nothing but talk to where it came from.
constexpr std::string_view page_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; frame-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'self'; form-action 'none'; "
    "frame-ancestors 'none'";

std::string type_of(const std::string& path) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 8> types{{
      {".html", "text/html; charset=utf-8"},
      {".js", "text/javascript; charset=utf-8"},
      {".css", "text/css; charset=utf-8"},
      {".svg", "image/svg+xml"},
      {".png", "image/png"},
      {".ico", "image/x-icon"},
      {".json", "application/json"},
      {".txt", "text/plain; charset=utf-8"},
  }};
  for (auto [extension, type] : types)
    if (path.ends_with(extension)) return std::string(type);
  return "application/octet-stream";
}

/// Everything that the page asks for is told against its <base>.
void set_base(std::string& page, const std::string& base) {
  constexpr std::string_view at_the_root = "<base href=\"/\"";
  std::size_t at = page.find(at_the_root);
  if (at != std::string::npos) page.replace(at, at_the_root.size(), "<base href=\"" + base + "/\"");
}

}  // namespace

StaticFiles::StaticFiles(const std::string& folder, const std::string& base) {
  Files& files = system_files();
  std::error_code failed;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder, failed)) {
    std::string path = fs::relative(entry.path(), folder).string();
    if (!entry.is_regular_file() || path.ends_with(".gz")) continue;
    File file;
    file.bytes = files.open(entry.path().string(), OpenMode::read)->map()->bytes();
    if (path == "index.html") set_base(file.bytes, base);
    file.gzip = gzipped(file.bytes);
    file.type = type_of(path);
    file.tag = "\"" + sha256(file.bytes).hex().substr(0, 32) + "\"";
    file.is_immutable = path.starts_with("assets/");
    files_[path] = std::move(file);
  }
  if (!files_.contains("index.html"))
    throw Error(ErrorCode::not_found, "there is no console in " + folder, "build it, or give --console FOLDER");
}

Response StaticFiles::answer(const File& file, const Request& request) {
  Response response;
  response.with("Content-Type", file.type)
      .with("Cache-Control", file.is_immutable ? "public, max-age=31536000, immutable" : "no-cache")
      .with("ETag", file.tag)
      .with("Vary", "Accept-Encoding")
      .with("Content-Security-Policy", std::string(page_policy));
  if (request.header("if-none-match") == file.tag) {
    response.status = 304;
  } else if (accepts_gzip(request.header("accept-encoding")) && file.gzip.size() < file.bytes.size()) {
    response.body = file.gzip;
    response.with("Content-Encoding", "gzip");
  } else {
    response.body = file.bytes;
  }
  return response;
}

std::optional<Response> StaticFiles::find(const Request& request) const {
  if (files_.empty()) return std::nullopt;
  std::string path;
  for (const std::string& segment : request.path) path += (path.empty() ? "" : "/") + segment;
  if (auto file = files_.find(path); file != files_.end()) return answer(file->second, request);
  // Whoever wants a page is shown the console, which says so when it has none for the address.
  const std::string first = request.path.empty() ? "" : request.path[0];
  bool wants_page = request.path.empty() || request.header("accept").find("text/html") != std::string_view::npos;
  if (first == "api" || first == "assets" || !wants_page) return std::nullopt;
  return answer(files_.at("index.html"), request);
}

}  // namespace backlot::server
