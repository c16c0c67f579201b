#include "flows/hyperparameters.h"

#include <gtest/gtest.h>

namespace {

using backlot::flow_code;

/// mpg is 40 - 2 a + a² of a number a, exactly; a second number says nothing.
std::vector<Car> parabola(int count) {
  std::vector<Car> cars;
  for (int i = 0; i < count; ++i) {
    double a = i / 10.0;
    cars.push_back({40 - 2 * a + a * a, {a, std::sin(i)}});
  }
  return cars;
}

TEST(Ridge, finds_the_polynomial_that_made_the_numbers) {
  auto weights = fit_ridge(parabola(30), 2, 0);
  ASSERT_EQ(weights.size(), 5u);  // 1, a, b, a², b²
  EXPECT_NEAR(weights[0], 40, 1e-6);
  EXPECT_NEAR(weights[1], -2, 1e-6);
  EXPECT_NEAR(weights[3], 1, 1e-6);
  EXPECT_NEAR(error_of(weights, parabola(50), 2), 0, 1e-6);
}

TEST(Ridge, makes_weights_smaller) {
  auto free = fit_ridge(parabola(30), 1, 0), bound = fit_ridge(parabola(30), 1, 1000);
  EXPECT_LT(std::abs(bound[1]), std::abs(free[1]));
}

TEST(Ridge, columns_that_depend_on_each_other_are_refused_unless_ridged) {
  auto cars = parabola(20);
  for (Car& car : cars) car.numbers[1] = 3 * car.numbers[0];
  EXPECT_THROW(fit_ridge(cars, 1, 0), std::runtime_error);
  EXPECT_NO_THROW(fit_ridge(cars, 1, 0.1));
}

TEST(Ridge, cross_validation_prefers_the_true_degree) {
  EXPECT_LT(cross_validate(parabola(40), 2, 0, 5), cross_validate(parabola(40), 1, 0, 5));
}

TEST(Hyperparameters, standardizes_by_the_cars_that_are_not_held_out) {
  Hyperparameters flow;
  flow.cars = {{1, {10}}, {2, {30}}};
  flow.held_out = {{3, {40}}};
  flow.standardize();
  EXPECT_EQ(flow.cars->at(0).numbers[0], -1);
  EXPECT_EQ(flow.cars->at(1).numbers[0], 1);
  EXPECT_EQ(flow.held_out->at(0).numbers[0], 2);
}

TEST(Hyperparameters, the_best_ridge_passes_over_those_that_failed) {
  Hyperparameters failed, good, better, joined;
  failed.failure = "std::runtime_error: singular";
  good.error = 4.0, better.error = 3.0;
  joined.best_ridge(2, {{0, failed}, {1, good}, {10, better}});
  ASSERT_TRUE(*joined.best);
  EXPECT_EQ((*joined.best)->degree, 2);
  EXPECT_EQ((*joined.best)->ridge, 10);
}

TEST(Hyperparameters, without_any_model_the_last_join_fails) {
  Hyperparameters none, joined;
  none.best = std::optional<Model>();
  EXPECT_THROW(joined.best_degree({{1, none}}), std::runtime_error);
  none.best = Model{1, 0.5, 3};
  EXPECT_NO_THROW(joined.best_degree({{1, none}}));
}

TEST(Hyperparameters, is_a_good_flow) { EXPECT_TRUE(flow_code<Hyperparameters>()->check().empty()); }

}  // namespace
