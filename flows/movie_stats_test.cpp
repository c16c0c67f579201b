#include "flows/movie_stats.h"

#include <gtest/gtest.h>

namespace {

std::string write_json(const std::string& name, const std::string& json) {
  std::string path = testing::TempDir() + name;
  std::ofstream(path) << json;
  return path;
}

TEST(MovieStats, reads_rows_as_they_are_in_the_file) {
  auto movies = read_movies(write_json("movies.json", R"([
    {"Title": 300, "Major Genre": "Action", "Worldwide Gross": 456068181},
    {"Title": "Without genre", "Major Genre": null, "Worldwide Gross": 5},
    {"Title": "Unpaid", "Major Genre": "Drama", "Worldwide Gross": 0},
    {"Title": "Unknown", "Major Genre": "Drama", "Worldwide Gross": null}])"));
  ASSERT_EQ(movies.size(), 1u);
  EXPECT_EQ(movies[0].title, "300");
  EXPECT_EQ(movies[0].gross, 456068181);
}

TEST(MovieStats, a_missing_file_is_named) {
  try {
    read_movies("/nowhere/movies.json");
    FAIL();
  } catch (const std::runtime_error& e) { EXPECT_STREQ(e.what(), "cannot read /nowhere/movies.json"); }
}

TEST(MovieStats, start_lists_each_genre_once) {
  MovieStats flow;
  flow.movies_json = write_json("genres.json", R"([
    {"Title": "a", "Major Genre": "Drama", "Worldwide Gross": 1},
    {"Title": "b", "Major Genre": "Action", "Worldwide Gross": 2},
    {"Title": "c", "Major Genre": "Drama", "Worldwide Gross": 3}])");
  flow.start();
  EXPECT_EQ(*flow.genres, (std::vector<std::string>{"Action", "Drama"}));
}

TEST(MovieStats, compute_takes_the_middle_of_its_genre) {
  MovieStats flow;
  flow.movies = {{"a", "Drama", 9}, {"b", "Drama", 1}, {"c", "Drama", 3}, {"d", "War", 5}, {"e", "War", 10}};
  flow.compute("Drama");
  EXPECT_EQ(*flow.median, 3);
  EXPECT_EQ(*flow.best, "a");
  flow.compute("War");
  EXPECT_EQ(*flow.median, 7.5);
}

TEST(MovieStats, collect_keeps_what_each_genre_found) {
  MovieStats drama, war, joined;
  drama.median = 3, drama.best = "a";
  war.median = 7, war.best = "d";
  joined.collect({{"Drama", drama}, {"War", war}});
  EXPECT_EQ(*joined.medians, (std::map<std::string, double>{{"Drama", 3}, {"War", 7}}));
  EXPECT_EQ(joined.best_of->at("War"), "d");
}

TEST(MovieStats, is_a_good_flow) { EXPECT_TRUE(backlot::flow_code<MovieStats>()->check().empty()); }

}  // namespace
