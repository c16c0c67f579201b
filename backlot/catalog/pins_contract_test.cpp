// What every catalog does with pins.
#include <gtest/gtest.h>

#include "backlot/catalog/test_catalog_contract.h"

namespace backlot {
namespace {

using Blobs = std::vector<Digest>;

TEST_P(PinsContract, are_kept_by_domain_and_name) {
  const Digest a = sha256("a"), b = sha256("b");
  EXPECT_TRUE(catalog_->pins().empty());
  catalog_->set_pins("rank", "model/7", {a}, 5);
  catalog_->set_pins("rank", "model/8", {b}, 6);
  catalog_->set_pins("notebook", "model/7", {a}, 7);
  const Pin of_notebook{"notebook", "model/7", a, 7}, seven{"rank", "model/7", a, 5}, eight{"rank", "model/8", b, 6};
  EXPECT_EQ(catalog_->pins(), (std::vector<Pin>{of_notebook, seven, eight}));
  EXPECT_EQ(place_->open()->pins().size(), 3u) << "whoever opens it reads them";
}

TEST_P(PinsContract, of_a_name_are_replaced_as_a_whole) {
  const Digest a = sha256("a"), b = sha256("b"), c = sha256("c");
  auto blobs = [&] {
    Blobs found;
    for (const Pin& pin : catalog_->pins()) found.push_back(pin.blob);
    return found;
  };
  catalog_->set_pins("rank", "m", {a, b, a}, 5);
  EXPECT_EQ(blobs().size(), 2u);
  catalog_->set_pins("rank", "m", {c}, 6);
  EXPECT_EQ(blobs(), Blobs{c});
  catalog_->set_pins("rank", "m", {}, 7);
  EXPECT_TRUE(blobs().empty());
  catalog_->set_pins("rank", "m", {}, 8);  // there was nothing
}

TEST_P(PinsContract, need_a_domain_and_a_name) {
  EXPECT_THROW(catalog_->set_pins("", "m", {sha256("a")}, 5), Error);
  EXPECT_THROW(catalog_->set_pins("rank", "", {sha256("a")}, 5), Error);
  EXPECT_TRUE(catalog_->pins().empty());
}

TEST_P(PinsContract, outlive_the_runs_that_made_the_blobs) {
  auto [run, lease] = catalog_->create_run(test_run(), "a");
  catalog_->set_pins("rank", "m", {sha256("a")}, 5);
  end_run(*catalog_, lease);
  catalog_->remove_runs({run.key});
  EXPECT_EQ(catalog_->pins().size(), 1u);
}

TEST_P(DurabilityContract, a_pin_is_durable_when_the_call_returns) {
  catalog_->set_pins("rank", "m", {sha256("a")}, 5);
  catalog_.reset();
  place_->lose_power();
  EXPECT_EQ(place_->open()->pins().size(), 1u);
}

}  // namespace
}  // namespace backlot
