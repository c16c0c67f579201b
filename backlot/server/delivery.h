// How an answer goes out: only when it has changed, only the part that was asked for, compressed when that is wanted.
#pragma once
#include "backlot/server/http.h"

namespace backlot::server {

/// Applies If-None-Match, If-Range, Range and Accept-Encoding to the answer of a GET (RFC 9110), and the headers that
/// every answer has.
Response delivered(Response response, const Request& request);

}  // namespace backlot::server
