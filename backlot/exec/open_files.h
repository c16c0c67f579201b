// What a program had opened before its first task, and what a forked task does with it. A fork shares the position of
// every file with all other forks, so four of them that read one file would each get a part of it.
#pragma once
#include <cstddef>
#include <string>
#include <vector>

namespace backlot {

/// In a forked task:
/// - a file or folder opened for reading is opened again, at the position that it had, and so is a file opened for
///   appending: positions and locks (flock) are each task's own;
/// - a device stays as it is;
/// - a file that the program opened for writing without appending keeps its position and locks, which all tasks share:
/// notices()
///   says so;
/// - pipes, sockets and event queues of whoever started the program are closed.
/// What cannot be shared by processes at all (a pipe, a socket, an event queue, a database, a GPU) asks for fresh
/// processes instead.
class OpenFiles {
 public:
  /// Looks at what the calling process has open. Throws Error io.
  static OpenFiles of_this_process();

  /// Not empty: why tasks must not be forked from this process. For people.
  const std::string& reason_for_fresh() const { return reason_; }
  const std::vector<std::string>& notices() const { return notices_; }
  /// Whether the program itself opened a file: not a device, nor what whoever started it gave to it.
  bool has_own() const { return has_own_; }
  /// How many descriptors beyond the standard ones and the channel a forked task begins with.
  std::size_t count_in_task() const { return programs_.size() - strangers_.size(); }

  /// Called in the server, when it has opened all that it needs: closes what no task is to have, and notes what is the
  /// server's own. Throws Error io.
  void settle_in_server();
  /// Called in a forked task: closes what is the server's own and opens again what it must. Only makes system calls.
  /// False when a file could not be opened again.
  bool settle_in_task() const noexcept;

 private:
  struct Reopened {
    int fd, flags, descriptor_flags;
  };
  void look_at(int fd);

  std::vector<Reopened> reopened_;
  std::vector<int> programs_;   ///< all that the program had
  std::vector<int> strangers_;  ///< of those, what is closed
  std::vector<int> servers_;
  std::vector<std::string> notices_;
  std::string reason_;
  bool has_own_ = false;
};

/// Descriptors of ours have numbers from here on, so that those of the program keep theirs.
int first_high_descriptor() noexcept;

}  // namespace backlot
