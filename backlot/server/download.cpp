#include "backlot/server/download.h"

#include "backlot/server/request_target.h"

namespace backlot::server {

std::string attachment_header(std::string_view file_name) {
  std::string ascii;
  for (char c : file_name) ascii += c < ' ' || c > '~' || c == '"' || c == '\\' || c == '/' ? '_' : c;
  return "attachment; filename=\"" + ascii + "\"; filename*=UTF-8''" + percent_encoded(file_name);
}

}  // namespace backlot::server
