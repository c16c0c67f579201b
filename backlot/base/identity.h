// Who and where we are, as the catalog notes it.
#pragma once
#include <string>

namespace backlot {

/// $BACKLOT_USER, else the system's name of the user.
std::string current_user();
std::string current_host();
/// Another one each time the machine is started; empty where it cannot be told.
std::string boot_id();
/// "host/pid/boot id": whose lease it is.
std::string lease_owner();

}  // namespace backlot
