// Tasks that crash, hang, leak, flood and flake: see flows/chaos.h.
#include "flows/chaos.h"

int main(int argc, char** argv) { return backlot::main<Chaos, Retried, Timed, Caught>(argc, argv); }
