// Search for the best polynomial and ridge of a regression, by cross-validation over a grid: a foreach in a foreach,
// whose innermost step may crash, hang or fail without ending the run.
#pragma once
#include <array>
#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "backlot/sdk/flow.h"
#include "flows/ridge.h"

struct Model {
  int degree;
  double ridge, error;  ///< error: in cross-validation, miles per gallon
  BACKLOT_FIELDS(degree, ridge, error)
};

/// The cars of which all is known.
inline std::vector<Car> read_cars(const std::filesystem::path& file) {
  std::ifstream in(file);
  if (!in) throw std::runtime_error("cannot read " + file.string());
  std::vector<Car> cars;
  for (const auto& row : nlohmann::json::parse(in)) {
    if (row.at("Miles_per_Gallon").is_null() || row.at("Horsepower").is_null()) continue;
    Car car{row.at("Miles_per_Gallon"), {}};
    for (auto name : {"Cylinders", "Displacement", "Horsepower", "Weight_in_lbs", "Acceleration"})
      car.numbers.push_back(row.at(name));
    car.numbers.push_back(std::stod(row.at("Year").get<std::string>()));  // "1970-01-01"
    for (auto origin : {"USA", "Europe"}) car.numbers.push_back(row.at("Origin") == origin);
    cars.push_back(car);
  }
  return cars;
}

struct Hyperparameters {
  using Me = Hyperparameters;
  backlot::Parameter<std::filesystem::path> cars_json{"The JSON array of cars"};
  backlot::Parameter<std::vector<int>> degrees{"Degrees of the polynomials to try", std::vector{1, 2, 3}};
  backlot::Parameter<std::vector<double>> ridges{"Ridges to try", std::vector{0.0, 0.01, 0.1, 1.0, 10.0, 100.0}};
  backlot::Parameter<int> folds{"Parts of the cross-validation", 5, backlot::between(2, 20)};
  backlot::Parameter<std::string> scale{"How to scale the numbers", "standard", backlot::one_of("standard", "none")};
  backlot::Artifact<std::vector<Car>> cars, held_out;
  backlot::Artifact<double> error, held_out_error;
  backlot::Artifact<std::string> failure;
  backlot::Artifact<std::optional<Model>> best;
  backlot::Artifact<std::vector<double>> weights;
  BACKLOT_FIELDS(cars_json, degrees, ridges, folds, scale, cars, held_out, error, held_out_error, failure, best,
                 weights)

  void start() {
    const std::vector<Car> all = read_cars(*cars_json);
    for (std::size_t i = 0; i < all.size(); ++i) (i % 5 == 4 ? held_out : cars).edit().push_back(all[i]);
  }
  /// Mean 0 and deviation 1 of each number, measured on the cars that are not held out.
  void standardize() {
    for (std::size_t i = 0; i < cars->at(0).numbers.size(); ++i) {
      double sum = 0, squares = 0;
      for (const Car& car : *cars) sum += car.numbers[i], squares += car.numbers[i] * car.numbers[i];
      const double mean = sum / double(cars->size()),
                   deviation = std::sqrt(squares / double(cars->size()) - mean * mean);
      for (auto* set : {&cars, &held_out})
        for (Car& car : set->edit()) car.numbers[i] = (car.numbers[i] - mean) / deviation;
    }
  }
  void open_degree(const int& degree) { std::printf("degree %d: %zu ridges\n", degree, ridges->size()); }
  void validate(const int& degree, const double& ridge) {
    error = cross_validate(*cars, degree, ridge, static_cast<std::size_t>(*folds));
  }
  void best_ridge(const int& degree, const backlot::Inputs<Me, double>& branches) {
    best = std::nullopt;
    for (const auto& branch : branches) {
      if (branch->failure.has())
        std::printf("ridge %g: %s\n", branch.item, branch->failure->c_str());
      else
        consider({degree, branch.item, *branch->error});
    }
    backlot::merge_artifacts(*this, branches, backlot::except<&Me::error, &Me::failure>());
  }
  void best_degree(const backlot::Inputs<Me, int>& branches) {
    best = std::nullopt;
    for (const auto& branch : branches)
      if (*branch->best) consider(**branch->best);
    backlot::merge_artifacts(*this, branches);
    if (!*best) throw std::runtime_error("no model could be fitted");
  }
  void end() {
    weights = fit_ridge(*cars, (*best)->degree, (*best)->ridge);
    held_out_error = error_of(*weights, *held_out, (*best)->degree);
    std::printf("best: degree %d, ridge %g: %.2f mpg in cross-validation, %.2f mpg on %zu held-out cars\n",
                (*best)->degree, (*best)->ridge, (*best)->error, *held_out_error, held_out->size());
  }
  void consider(const Model& model) {
    if (!*best || model.error < (*best)->error) best = model;
  }

  template <class F>
  static constexpr auto graph() {
    using namespace backlot;
    using namespace std::chrono_literals;
    constexpr auto on_crash = Retry{.times = 2, .delay = 1s}.on({FailureKind::signal, FailureKind::out_of_memory});
    return chain(
        step<&F::start>, choose<&F::scale>(when<"standard">(step<&F::standardize>), otherwise()),
        foreach<&F::degrees>(
            step<&F::open_degree>,
            foreach<&F::ridges>(
                step<&F::validate>.cache({.version = "1"}).retry(on_crash).timeout(1min).catch_into(&F::failure))
                .join(step<&F::best_ridge>))
            .join(step<&F::best_degree>),
        step<&F::end>);
  }
};
