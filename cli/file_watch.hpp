// Waits until somebody saves a rule file.
#pragma once

#include <set>
#include <string>

namespace toll::cli {

/// Watches folders (inotify). From its making on, Ctrl-C ends a wait rather than the command.
class FileWatch {
 public:
  FileWatch();
  ~FileWatch();
  FileWatch(const FileWatch&) = delete;
  FileWatch& operator=(const FileWatch&) = delete;

  /// Empty, or why nothing can be watched.
  [[nodiscard]] const std::string& problem() const { return problem_; }

  /// True if one of the folders was not watched before: a save in it may have been missed.
  bool add(const std::set<std::string>& folders);
  /// Returns when a rule file or table has been saved, moved or deleted, and for a moment nothing
  /// more has been; false: interrupted, or no longer possible.
  bool wait();

 private:
  /// Reads what has happened; true if any of it is about a file that a policy reads.
  bool read_changes();

  int changes_ = -1;
  int signals_ = -1;
  std::set<int> watched_;
  std::string problem_;
};

}  // namespace toll::cli
