// Which failures are of one kind: those whose messages differ only in their data. One rule for the engine, which stores
// the signature of each failed attempt, and for all who show failures in groups.
#pragma once
#include <string>
#include <string_view>

#include "backlot/value/manifest.h"

namespace backlot {

/// The message with its data left out: numbers (but codes: "exit status 137" keeps its number), quoted texts of up to
/// three words, paths, addresses and ids, and lists of them, each as "#". "index 7 is out of bounds for axis 0 with
/// size 5" becomes "index # is out of bounds for axis # with size #".
std::string masked_message(std::string_view message);

/// The same for failures of one kind, at one place, whose masked messages are equal.
std::string failure_signature(const Failure& failure);

/// Whether it was made by a version that compared whole messages: such failures form groups of their own.
bool is_of_whole_message(std::string_view signature);

}  // namespace backlot
