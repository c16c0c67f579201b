// `backlot tally keep NAME FILE`, `backlot tally forget NAME`: a value that a domain has in the store, beside the runs.
#include <memory>
#include <string>

#include "backlot/cli/terminal.h"
#include "backlot/value/file_value.h"
#include "backlot/verbs/pins.h"
#include "tests/domain/tally/verbs/verbs.h"

namespace backlot::tally {
namespace {

constexpr std::string_view domain = "tally";

cli::Action declare_keep(cli::CommandLine& line) {
  auto name = std::make_shared<std::string>(), file = std::make_shared<std::string>();
  line.add("name", *name, "what it is called from now on").required();
  line.add("file", *file, "whose bytes are kept").required();
  return [name, file](cli::Context& context) {
    ValueSaver saver(verbs::writer(context.open()));
    Reference value = codec::save_value(FileValue::from(*file), saver);
    Reference* saved[] = {&value};
    saver.finish(saved);
    verbs::keep(context.open(), domain, *name, {value});
    cli::print(value.identity().hex() + "\n");
    return 0;
  };
}

cli::Action declare_forget(cli::CommandLine& line) {
  auto name = std::make_shared<std::string>();
  line.add("name", *name, "what is kept no longer").required();
  return [name](cli::Context& context) {
    verbs::keep(context.open(), domain, *name, {});
    return 0;
  };
}

}  // namespace

const cli::Verb keep_verb{"keep", "keep a file in the store", declare_keep};
const cli::Verb forget_verb{"forget", "keep it no longer", declare_forget};

}  // namespace backlot::tally
