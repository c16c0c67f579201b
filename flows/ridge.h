// Ridge regression on cars: how far they drive on a gallon, from polynomials of what else is known of them.
#pragma once
#include <Eigen/Dense>
#include <cmath>
#include <stdexcept>
#include <vector>

#include "backlot/value/fields.h"

struct Car {
  double mpg;                   ///< miles per US gallon
  std::vector<double> numbers;  ///< all else: cylinders, displacement, horsepower, weight, acceleration, year, origin
  BACKLOT_FIELDS(mpg, numbers)
};

/// A row a car: 1, then each number to the powers 1 to `degree`.
inline Eigen::MatrixXd design(const std::vector<Car>& cars, int degree) {
  const auto numbers = static_cast<Eigen::Index>(cars.at(0).numbers.size());
  Eigen::MatrixXd x(static_cast<Eigen::Index>(cars.size()), 1 + numbers * degree);
  for (Eigen::Index row = 0; row < x.rows(); ++row) {
    x(row, 0) = 1;
    for (Eigen::Index i = 0; i < numbers * degree; ++i) {
      const Car& car = cars[static_cast<std::size_t>(row)];
      x(row, 1 + i) = std::pow(car.numbers[static_cast<std::size_t>(i % numbers)], 1 + i / numbers);
    }
  }
  return x;
}

/// The weights w that make |X w - mpg|² + ridge |w|² smallest; the intercept's is free. Throws std::runtime_error when
/// the cars do not determine them.
inline std::vector<double> fit_ridge(const std::vector<Car>& cars, int degree, double ridge) {
  const Eigen::MatrixXd x = design(cars, degree);
  Eigen::VectorXd y(x.rows());
  for (Eigen::Index row = 0; row < y.size(); ++row) y(row) = cars[static_cast<std::size_t>(row)].mpg;
  Eigen::MatrixXd a = x.transpose() * x;
  a.diagonal().tail(a.rows() - 1).array() += ridge;
  const Eigen::LDLT<Eigen::MatrixXd> solver(a);
  if (!(solver.rcond() > 1e-12)) throw std::runtime_error("singular: the columns depend on each other");
  const Eigen::VectorXd w = solver.solve(x.transpose() * y);
  return {w.begin(), w.end()};
}

/// Root of the mean squared error, in miles per gallon.
inline double error_of(const std::vector<double>& weights, const std::vector<Car>& cars, int degree) {
  const Eigen::Map<const Eigen::VectorXd> w(weights.data(), static_cast<Eigen::Index>(weights.size()));
  const Eigen::VectorXd predicted = design(cars, degree) * w;
  double sum = 0;
  for (std::size_t i = 0; i < cars.size(); ++i)
    sum += std::pow(predicted(static_cast<Eigen::Index>(i)) - cars[i].mpg, 2);
  return std::sqrt(sum / static_cast<double>(cars.size()));
}

/// Mean error on each of `folds` parts of the cars, of the model fitted on the other parts.
inline double cross_validate(const std::vector<Car>& cars, int degree, double ridge, std::size_t folds) {
  double sum = 0;
  for (std::size_t fold = 0; fold < folds; ++fold) {
    std::vector<Car> fitted, tested;
    for (std::size_t i = 0; i < cars.size(); ++i) (i % folds == fold ? tested : fitted).push_back(cars[i]);
    sum += error_of(fit_ridge(fitted, degree, ridge), tested, degree);
  }
  return sum / static_cast<double>(folds);
}
