// The HTTP API: what each address answers. openapi.json is its contract.
#pragma once
#include <functional>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "backlot/client/client.h"
#include "backlot/server/expected_tasks.h"
#include "backlot/server/router.h"

namespace backlot::server {

using Json = nlohmann::ordered_json;
class Live;

// Routes by what they are about, each in a file of its own.
std::vector<Route> run_list_routes(const Live& live);  ///< flows, runs, the grid of a flow
std::vector<Route> run_routes();                       ///< one run: its steps, graph, failures; comparing two
std::vector<Route> task_routes();                      ///< tasks of a run, as columns, by page, one
std::vector<Route> log_routes();
std::vector<Route> artifact_routes();
std::vector<Route> control_routes();  ///< what changes something

// What they share.
Response answer(const Json& json, int status = 200);
/// What {flow} and {run} name; {run} may be "last". Throws Error not_found, usage.
Pathspec run_spec(const Request& request);
client::Run run_of(const Request& request, const client::Client& client);
/// What {task} names: a number, or a step and a structural path as in "compute/[3]" with its slash encoded.
client::Task task_of(const Request& request, const client::Client& client);
/// The body of a request, as a JSON object. Throws Error usage naming the place of what is wrong.
Json body_of(const Request& request);

/// Runs `make`, which puts a part of an answer in. When it fails, the rest is answered all the same: troubles[name]
/// says what is wrong with that part, and what to do.
void put_part(Json& answer, const char* name, const std::function<void()>& make);
/// {"message", "hint"}: of a part that cannot be shown.
Json json_of_trouble(const Error& error);

/// Milliseconds from `origin`; -1 when the time is not known.
std::int64_t millis_after(Micros origin, Micros time);
Json link_to(const TaskRow& task);
/// json_of(run), how many tasks it will have, and which run it resumed.
Json json_of_run(const client::Run& run);
/// The steps of a run with what is known of their tasks to come.
Json json_of_steps(const client::Run& run, const ExpectedTasks& expected);
/// Why tasks wait, and how many for what; those that wait for nothing but their turn have no reason.
Json json_of_waiting(const client::Run& run, const ExpectedTasks& expected);

}  // namespace backlot::server
