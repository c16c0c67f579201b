#include "backlot/cli/command_line.h"

#include <CLI/CLI.hpp>
#include <algorithm>

#include "backlot/base/error.h"
#include "backlot/base/nearest.h"

namespace backlot::cli {
namespace {

/// CLI11's complaint, and for an option that it does not know the one that may be meant.
Error usage_error(const CommandLine& line, const std::string& name, const CLI::ParseError& e) {
  std::string message = e.what();
  std::string hint = "see `" + name + " --help`";
  std::size_t at = message.find("--");
  if (dynamic_cast<const CLI::ExtrasError*>(&e) && at != message.npos) {
    std::string word = message.substr(at, message.find_first_of(" =", at) - at);
    if (auto near = nearest(word, line.option_names())) hint = "did you mean " + *near + "?";
  }
  return {ErrorCode::usage, message, hint};
}

}  // namespace

Option Option::required() {
  option_->required();
  return *this;
}

Option Option::one_of(std::initializer_list<const char*> words) {
  option_->check(CLI::IsMember(std::vector<std::string>(words.begin(), words.end())));
  return *this;
}

Option Option::at_least(int least) {
  least > 0 ? option_->check(CLI::PositiveNumber) : option_->check(CLI::NonNegativeNumber);
  return *this;
}

Option Option::shows_default() {
  option_->capture_default_str();
  return *this;
}

CommandLine::CommandLine(std::string help, std::string name)
    : app_(std::make_unique<CLI::App>(std::move(help), std::move(name))) {}
CommandLine::~CommandLine() = default;

Option CommandLine::add(const char* names, std::string& into, const char* help) {
  return Option(app_->add_option(names, into, help));
}
Option CommandLine::add(const char* names, int& into, const char* help) {
  return Option(app_->add_option(names, into, help));
}
Option CommandLine::add(const char* names, std::size_t& into, const char* help) {
  return Option(app_->add_option(names, into, help));
}
Option CommandLine::add(const char* names, std::int64_t& into, const char* help) {
  return Option(app_->add_option(names, into, help));
}
Option CommandLine::add(const char* names, std::vector<std::string>& into, const char* help) {
  CLI::Option* option = app_->add_option(names, into, help);
  if (names[0] == '-') option->allow_extra_args(false);
  return Option(option);
}

void CommandLine::flag(const char* names, bool& into, const char* help) { app_->add_flag(names, into, help); }
void CommandLine::footer(const char* text) { app_->footer(text); }

CommandLine::Parsed CommandLine::parse(std::vector<std::string> words, bool keeps_rest) {
  app_->allow_extras(keeps_rest);
  std::reverse(words.begin(), words.end());  // as CLI11 wants them
  try {
    app_->parse(words);
  } catch (const CLI::CallForHelp&) { return {true, {}}; } catch (const CLI::ParseError& e) {
    throw usage_error(*this, app_->get_name(), e);
  }
  return {false, app_->remaining()};
}

std::string CommandLine::help() const { return app_->help(); }

std::vector<std::string> CommandLine::option_names() const {
  std::vector<std::string> names;
  for (const CLI::Option* option : app_->get_options())
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  return names;
}

}  // namespace backlot::cli
