// Where things live: a home folder with the catalog, the store and what each run keeps beside them.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace backlot {

struct Home {
  std::string root;  ///< absolute, without a trailing slash

  std::string catalog() const { return root + "/catalog.sqlite"; }
  std::string store() const { return root + "/store"; }
  std::string runs() const { return root + "/runs"; }
  /// Binaries of earlier runs, written out of the store to be run again; a cache.
  std::string programs() const { return root + "/programs"; }
  /// What one run keeps: its log and its lease's lock.
  std::string run(std::string_view flow, std::int64_t run_id) const;
  std::string log(std::string_view flow, std::int64_t run_id) const { return run(flow, run_id) + "/log"; }
  /// Held by the run's scheduler as long as it lives.
  std::string lease(std::string_view flow, std::int64_t run_id) const { return run(flow, run_id) + "/lease"; }
};

/// What decides where the home is; an empty text is an unset variable.
struct HomeSources {
  std::string backlot_home;       ///< $BACKLOT_HOME
  std::string xdg_data_home;      ///< $XDG_DATA_HOME
  std::string user_home;          ///< $HOME
  std::string working_directory;  ///< absolute
};

/// BACKLOT_HOME, else the nearest folder .backlot in the working directory or above it, else XDG_DATA_HOME/backlot,
/// else ~/.local/share/backlot. Makes nothing. Throws Error usage when none of them is known.
Home find_home(const HomeSources& sources);

/// The same for this process.
Home find_home();

/// Makes the folder of a home where there is none: for its owner alone (0700), or for a group (2770) where the folder
/// above has the set-group-ID bit or BACKLOT_GROUP names one. The name survives a crash. Throws Error usage for a group
/// that there is not, permission, io.
void make_home(const Home& home);

}  // namespace backlot
