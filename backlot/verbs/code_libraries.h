// The shared libraries that a flow's program runs with besides the system's: they are code of the run, too.
#pragma once
#include <string>
#include <vector>

#include "backlot/catalog/catalog.h"

namespace backlot {

/// The key of the run's metadatum that holds them.
inline constexpr std::string_view libraries_key = "libraries";

/// Those of this process that lie in no folder of the system: a JSON object from path to SHA-256 in hex. Empty when
/// there are none.
std::string own_libraries();

/// Of the libraries that a run was made with, those that are gone or other ones now, a line each.
std::vector<std::string> changed_libraries(const std::vector<Metadatum>& metadata_of_run);

}  // namespace backlot
