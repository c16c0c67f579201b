// Median worldwide gross of each genre: a foreach over the genres and a join.
#pragma once
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "backlot/sdk/flow.h"

struct Movie {
  std::string title, genre;
  double gross;  ///< worldwide, in dollars
  BACKLOT_FIELDS(title, genre, gross)
};

/// The movies of known genre that somebody paid for. Titles that are numbers, such as 300, are numbers in the file.
inline std::vector<Movie> read_movies(const std::filesystem::path& file) {
  std::ifstream in(file);
  if (!in) throw std::runtime_error("cannot read " + file.string());
  std::vector<Movie> movies;
  for (const auto& row : nlohmann::json::parse(in)) {
    const auto &title = row.at("Title"), &genre = row.at("Major Genre"), &gross = row.at("Worldwide Gross");
    if (!genre.is_string() || !gross.is_number() || gross <= 0) continue;
    movies.push_back({title.is_string() ? title.get<std::string>() : title.dump(), genre, gross});
  }
  return movies;
}

struct MovieStats {
  backlot::Parameter<std::filesystem::path> movies_json{"The JSON array of movies"};
  backlot::Artifact<std::vector<Movie>> movies;
  backlot::Artifact<std::vector<std::string>> genres;
  backlot::Artifact<double> median;
  backlot::Artifact<std::string> best;
  backlot::Artifact<std::map<std::string, double>> medians;
  backlot::Artifact<std::map<std::string, std::string>> best_of;
  BACKLOT_FIELDS(movies_json, movies, genres, median, best, medians, best_of)

  void start() {
    movies = read_movies(*movies_json);
    std::set<std::string> found;
    for (const Movie& m : *movies) found.insert(m.genre);
    genres = std::vector(found.begin(), found.end());
    std::printf("%zu movies of %zu genres\n", movies->size(), genres->size());
  }

  void compute(const std::string& genre) {
    std::vector<std::pair<double, std::string>> ranked;
    for (const Movie& m : *movies) {
      if (m.genre == genre) ranked.push_back({m.gross, m.title});
    }
    std::sort(ranked.begin(), ranked.end());
    const std::size_t n = ranked.size();
    median = (ranked[(n - 1) / 2].first + ranked[n / 2].first) / 2;
    best = ranked.back().second;
  }

  void collect(const backlot::Inputs<MovieStats, std::string>& branches) {
    for (const auto& branch : branches) {
      medians.edit()[branch.item] = *branch->median;
      best_of.edit()[branch.item] = *branch->best;
    }
  }

  void end() {
    for (const auto& [genre, gross] : *medians) {
      std::printf("%-20s %6.1f M$   most: %s\n", genre.c_str(), gross / 1e6, best_of->at(genre).c_str());
    }
  }

  template <class F>
  static constexpr auto graph() {
    using namespace backlot;
    using namespace std::chrono_literals;
    return chain(step<&F::start>,
                 foreach<&F::genres>(step<&F::compute>.retry({.times = 3, .delay = 2s})).join(step<&F::collect>),
                 step<&F::end>);
  }
};
