// What the mistakes are made with: each file beside this one makes one, and its first line says how the compiler must
// answer. fine.cpp makes none.
#pragma once
#include "backlot/sdk/flow.h"

using namespace backlot;

enum class Size { small, large };

struct Base {
  Artifact<std::vector<std::string>> names;
  Artifact<std::string> mode;
  Artifact<int> count;
  BACKLOT_FIELDS(names, mode, count)
  bool again() const { return false; }
  Size size() const { return Size::small; }
  std::vector<std::string> changing() { return {}; }
  void start() {}
  void each(const std::string&) {}
  void each_number(const int&) {}
  void gather(const Inputs<Base, std::string>&) {}
  void gather_numbers(const Inputs<Base, int>&) {}
  void left() {}
  void right() {}
  void both(From<&Base::left>, From<&Base::right>) {}
  void left_and_start(From<&Base::left>, From<&Base::start>) {}
};
