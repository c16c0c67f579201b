// `backlot tally count TEXT`
#include <memory>
#include <string>

#include "backlot/card/words.h"
#include "backlot/cli/terminal.h"
#include "tests/domain/tally/tally.h"
#include "tests/domain/tally/verbs/verbs.h"

namespace backlot::tally {
namespace {

cli::Action declare(cli::CommandLine& line) {
  auto text = std::make_shared<std::string>();
  line.add("text", *text, "whose words are counted").required();
  return [text](cli::Context&) {
    cli::print(card::plural_words(count_words(*text), "word") + "\n");
    return 0;
  };
}

}  // namespace

const cli::Verb count_verb{"count", "how many words a text has", declare};

}  // namespace backlot::tally
