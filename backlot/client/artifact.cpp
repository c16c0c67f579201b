#include "backlot/client/artifact.h"

namespace backlot::client {

Artifact::Artifact(ConnectionPtr home, std::string task, std::string name, Reference reference)
    : home_(std::move(home)), task_(std::move(task)), name_(std::move(name)), reference_(std::move(reference)) {}

}  // namespace backlot::client
