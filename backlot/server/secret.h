// Secrets: made, compared, judged. What is kept of one that was given out is its mark, from which it cannot be told.
#pragma once
#include <string>
#include <string_view>

namespace backlot::server {

/// 256 random bits as 64 hex digits.
std::string new_secret();
/// The SHA-256 of a secret, as hex: what is kept in its place.
std::string mark_of(std::string_view secret);
/// True when the texts are equal; takes as long for any two of the same length.
bool equal_in_constant_time(std::string_view a, std::string_view b);
/// How many bits a secret has at most, when it was drawn from the kinds of characters that it is made of.
double bits_of(std::string_view secret);

}  // namespace backlot::server
