// All tasks of a run in few bytes: a column for each of what a timeline and a grid show (openapi.json, Columns).
#pragma once
#include <cstdint>
#include <nlohmann/json_fwd.hpp>

#include "backlot/client/run.h"

namespace backlot::server {

/// Tasks with a number > after, at most `limit`.
nlohmann::ordered_json columns_of(const client::Run& run, std::int64_t after, std::size_t limit);

/// A task that has changed, as a row of a live update (openapi.json, TaskChange).
nlohmann::ordered_json change_of(const TaskRow& task, Micros origin);

}  // namespace backlot::server
