#include "backlot/cli/run_progress.h"

namespace backlot::cli {

std::unique_ptr<verbs::RunWatcher> make_progress(const ProgressStyle& style) {
  return style.json ? make_json_progress() : make_text_progress(style);
}

}  // namespace backlot::cli
