#include "backlot/server/card_policy.h"

#include <gtest/gtest.h>

namespace backlot::server {
namespace {

TEST(CardPolicy, our_script_stands_behind_the_doctype_alone) {
  EXPECT_EQ(place_of_card_script("<!doctype html>\n<html>"), 15u);
  EXPECT_EQ(place_of_card_script("\xef\xbb\xbf \n<!DOCTYPE html><head>"), 20u);
  EXPECT_EQ(place_of_card_script("<html><meta http-equiv='Content-Security-Policy'>"), 0u) << "quirks stay quirks";
  EXPECT_EQ(place_of_card_script("<!doctype html"), 0u);
  EXPECT_EQ(place_of_card_script(""), 0u);
}

TEST(CardPolicy, lets_our_script_run_and_its_authors_only_when_asked) {
  EXPECT_NE(card_policy(false).find("script-src 'sha256-"), std::string::npos);
  EXPECT_EQ(card_policy(false).find("script-src 'unsafe-inline'"), std::string::npos);
  EXPECT_NE(card_policy(true).find("script-src 'unsafe-inline'"), std::string::npos);
}

}  // namespace
}  // namespace backlot::server
