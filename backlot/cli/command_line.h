// What a verb takes from the words behind it: options, flags and arguments. CLI11 reads them, behind one .cpp, for its
// header alone takes seconds to compile.
#pragma once
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace backlot::cli {

/// An option or argument that was added. What is said of it is kept in its command line.
class Option {
 public:
  explicit Option(CLI::Option* option) : option_(option) {}
  Option required();
  Option one_of(std::initializer_list<const char*> words);
  Option at_least(int least);
  Option shows_default();

 private:
  CLI::Option* option_;
};

class CommandLine {
 public:
  /// `name` is how it is called, "backlot run"; `help` one line of what it does.
  CommandLine(std::string help, std::string name);
  ~CommandLine();

  /// Names as "-o,--output" are options, a plain "run" is an argument. What is read goes to `into`, which must live
  /// until parse() has returned, and keeps its value when nothing is given.
  Option add(const char* names, std::string& into, const char* help);
  Option add(const char* names, int& into, const char* help);
  Option add(const char* names, std::size_t& into, const char* help);
  Option add(const char* names, std::int64_t& into, const char* help);
  /// An option that may be repeated, each time with one word; or all arguments that are left.
  Option add(const char* names, std::vector<std::string>& into, const char* help);
  void flag(const char* names, bool& into, const char* help);
  /// What is told behind the list of options.
  void footer(const char* text);

  struct Parsed {
    bool asks_for_help = false;
    std::vector<std::string> rest;  ///< words that are no option or argument of this command line
  };
  /// Throws Error usage, with the option that may be meant. Words it does not know are refused unless `keeps_rest`.
  Parsed parse(std::vector<std::string> words, bool keeps_rest);
  std::string help() const;
  /// "--output" …, without the short ones.
  std::vector<std::string> option_names() const;

 private:
  std::unique_ptr<CLI::App> app_;
};

}  // namespace backlot::cli
