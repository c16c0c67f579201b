#include "backlot/cli/cli.h"

int main(int argc, char** argv) { return backlot::cli::main(argc, argv, {}); }
