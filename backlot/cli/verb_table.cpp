#include "backlot/cli/verb.h"

namespace backlot::cli {

extern const Verb run_verb, resume_verb, rerun_verb, spin_verb, check_verb, list_verb, show_verb, get_verb, logs_verb,
    graph_verb, diff_verb, serve_verb, tag_verb, cancel_verb, gc_verb, fsck_verb, backup_verb, restore_verb,
    upgrade_verb, doctor_verb, completion_verb, version_verb, complete_verb;

Verbs verb_table() {
  static constexpr const Verb* table[] = {&run_verb,        &resume_verb,  &rerun_verb,   &spin_verb,    &check_verb,
                                          &list_verb,       &show_verb,    &get_verb,     &logs_verb,    &graph_verb,
                                          &diff_verb,       &serve_verb,   &tag_verb,     &cancel_verb,  &gc_verb,
                                          &fsck_verb,       &backup_verb,  &restore_verb, &upgrade_verb, &doctor_verb,
                                          &completion_verb, &version_verb, &complete_verb};
  return table;
}

}  // namespace backlot::cli
