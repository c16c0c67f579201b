// The tables of the catalog and how older ones become newer (docs/formats/catalog.md). Internal to this room.
#pragma once
#include "backlot/sql/database.h"

namespace backlot {

const Schema& catalog_schema();

}  // namespace backlot
