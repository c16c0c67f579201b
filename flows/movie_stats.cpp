// Median worldwide gross of each genre, computed in parallel, from the movies table of vega-datasets:
//   movie_stats run --movies-json movies.json
#include "flows/movie_stats.h"

int main(int argc, char** argv) { return backlot::main<MovieStats>(argc, argv); }
