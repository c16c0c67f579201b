// Secrets judged and kept: what is kept of one that was given out is its mark, from which it cannot be told.
#pragma once
#include <string>
#include <string_view>

namespace backlot::server {

/// The SHA-256 of a secret, as hex: what is kept in its place.
std::string mark_of(std::string_view secret);
/// How many bits a secret has at most, when it was drawn from the kinds of characters that it is made of.
double bits_of(std::string_view secret);

}  // namespace backlot::server
