// A flow whose cached step and join tell each time that they are really run.
#include <fstream>

#include "backlot/sdk/flow.h"

using namespace backlot;

struct Cached {
  Parameter<std::vector<int>> items{"What to multiply", std::vector<int>{1, 2, 3}};
  Parameter<int> factor{"By how much", 2};
  Parameter<int> unread{"Nobody reads it", 0};
  Parameter<FileContent> addends{"Characters to add to the product", std::nullopt};
  Artifact<int> product, total, note;
  Artifact<std::string> ballast;
  BACKLOT_FIELDS(items, factor, unread, addends, product, total, note, ballast)

  void start() { note = *unread; }
  void work(const int& item) {
    std::printf("worked on %d\n", item);
    product = item * *factor;
    if (addends.has()) {
      for (char c : addends->text()) product.edit() += c;
    }
    note = 7;
    ballast = std::string(400, '.');
  }
  void join(const Inputs<Cached, int>& in) {
    std::printf("joined %zu\n", in.size());
    total = 0;
    for (const auto& branch : in) total.edit() += *branch->product + 1000 * *branch->note;
  }
  template <class F>
  static constexpr auto graph() {
    return chain(step<&F::start>, foreach<&F::items>(step<&F::work>.cache()).join(step<&F::join>.cache()));
  }
};

int main(int argc, char** argv) { return backlot::main<Cached>(argc, argv); }
