// Room on the disk where a home lies, and the ballast: a small file beside the catalog that only takes up room, so that
// a full disk has some to give when runs must be removed from the catalog.
#pragma once
#include "backlot/home/home.h"

namespace backlot::verbs {

/// Next to nothing is free there, of bytes or of names.
bool is_disk_full(const Home& home);

enum class Spare { plenty, any };

/// Makes the ballast where there is none, if the disk has plenty of room, or else of any that is left. Where it cannot
/// be made, the home goes without: then nothing happens.
void keep_ballast(const Home& home, Spare of);

/// Gives its room back to the disk; false when there was none.
bool drop_ballast(const Home& home);

}  // namespace backlot::verbs
