// Deliberate bugs, each a mistake somebody could make. The simulator proves itself by finding every one of them.
#pragma once
#include <array>
#include <cstdint>
#include <string_view>

namespace backlot::sim {

enum class Bug : std::uint8_t {
  none,
  skip_directory_sync,  ///< blobs' names are not made durable before the manifest that needs them
  skip_blob_sync,       ///< nor are their bytes
  names_after_commit,   ///< they are made durable, but after the manifest
  unsynced_catalog,     ///< the catalog's log is never synced
  acknowledge_early,    ///< a task counts as done when its commit is asked for
  ignore_fence,         ///< a scheduler goes on after another one has taken its run
  reuse_number,         ///< a task gets the number of the one before it
  forget_attempt,       ///< now and then an attempt is left out of a commit
  mixed_up_manifests,   ///< now and then a task is given the manifest of the one before it
  skip_log_sync,        ///< log bytes are not durable before the index that names them
  ordinal_decision,     ///< a decision is the place of its case, read against the graph as it is now
  edited_graph,         ///< finished tasks are taken over without a look at how the graph was edited
  unverified_map,       ///< a mapped blob counts as checked though nobody has looked at it
  onto_damage,          ///< a writer takes a blob that is there for the value it holds
  replaced_catalog,     ///< nobody looks whether the catalog's path still leads to what is open
  dropped_tail,         ///< what a task prints above what is kept is dropped, and nobody says so
};
inline constexpr std::array all_bugs{
    Bug::skip_directory_sync, Bug::skip_blob_sync, Bug::names_after_commit, Bug::unsynced_catalog,
    Bug::acknowledge_early,   Bug::ignore_fence,   Bug::reuse_number,       Bug::forget_attempt,
    Bug::mixed_up_manifests,  Bug::skip_log_sync,  Bug::ordinal_decision,   Bug::edited_graph,
    Bug::unverified_map,      Bug::onto_damage,    Bug::replaced_catalog,   Bug::dropped_tail};
std::string_view name_of(Bug bug);

}  // namespace backlot::sim
