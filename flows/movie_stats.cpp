// Median worldwide gross of each genre, computed in parallel, from the movies table of vega-datasets.
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "backlot/sdk/flow.h"

using namespace backlot;
using namespace std::chrono_literals;

struct Movie {
  std::string genre;
  double gross;  // worldwide, in dollars
  BACKLOT_FIELDS(genre, gross)
};

std::vector<Movie> read_movies(const std::filesystem::path& file) {
  std::ifstream in(file);
  if (!in) throw std::runtime_error("cannot read " + file.string());
  std::vector<Movie> movies;
  for (const auto& row : nlohmann::json::parse(in)) {
    const auto &genre = row.at("Major Genre"), &gross = row.at("Worldwide Gross");
    if (genre.is_string() && gross.is_number() && gross > 0) movies.push_back({genre, gross});
  }
  return movies;
}

double median_gross(const std::vector<Movie>& movies, const std::string& genre) {
  std::vector<double> gross;
  for (const Movie& m : movies) {
    if (m.genre == genre) gross.push_back(m.gross);
  }
  std::sort(gross.begin(), gross.end());
  std::size_t n = gross.size();
  return n % 2 ? gross[n / 2] : (gross[n / 2 - 1] + gross[n / 2]) / 2;
}

struct MovieStats {
  Parameter<std::filesystem::path> movies_json{"The JSON array of movies"};
  Artifact<std::vector<Movie>> movies;
  Artifact<std::vector<std::string>> genres;
  Artifact<double> median;
  Artifact<std::map<std::string, double>> medians;
  BACKLOT_FIELDS(movies_json, movies, genres, median, medians)

  void start() {
    movies = read_movies(*movies_json);
    std::map<std::string, int> count;
    for (const Movie& m : *movies) ++count[m.genre];
    for (auto& [genre, unused] : count) genres.edit().push_back(genre);
  }
  void compute(const std::string& genre) { median = median_gross(*movies, genre); }
  void collect(const Inputs<MovieStats, std::string>& branches) {
    for (const auto& branch : branches) medians.edit()[branch.item] = *branch->median;
  }
  void end() {
    std::vector<std::pair<double, std::string>> ranked;
    for (auto& [genre, gross] : *medians) ranked.push_back({gross, genre});
    std::sort(ranked.rbegin(), ranked.rend());
    for (auto& [gross, genre] : ranked) std::printf("%-20s %8.1f M$\n", genre.c_str(), gross / 1e6);
  }

  template <class F>
  static constexpr auto graph() {
    return chain(step<&F::start>,
                 foreach<&F::genres>(step<&F::compute>.retry({.times = 3, .delay = 2s})).join(step<&F::collect>),
                 step<&F::end>);
  }
};

int main(int argc, char** argv) { return backlot::main<MovieStats>(argc, argv); }
