#include "backlot/client/artifact.h"

#include "backlot/value/to_json.h"

namespace backlot::client {

Artifact::Artifact(ConnectionPtr home, std::string task, std::string name, Reference reference)
    : home_(std::move(home)), task_(std::move(task)), name_(std::move(name)), reference_(std::move(reference)) {}

std::string Artifact::json(int indent) const {
  ValueLoader loader(*home_->store);
  return to_json(reference_, loader, indent);
}

}  // namespace backlot::client
