// How far a car drives on a gallon: the best of a grid of ridge regressions, from the cars table of vega-datasets:
//   hyperparameters run --cars-json cars.json
#include "flows/hyperparameters.h"

int main(int argc, char** argv) { return backlot::main<Hyperparameters>(argc, argv); }
