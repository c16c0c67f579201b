#include "tests/domain/tally/verbs/verbs.h"

int main(int argc, char** argv) {
  using namespace backlot::tally;
  const backlot::cli::Verb* verbs[] = {&count_verb, &keep_verb, &forget_verb};
  return backlot::cli::domain_main(argc, argv, {"tally", "counts words", verbs});
}
