// Which of the series in a file explain what one of them did:
//   investigate run --series incident.csv --target 'latency{service="front"}'
//   backlot get Investigate/last/conclude/report
#include "apps/signals/flows/investigate.h"

int main(int argc, char** argv) { return backlot::main<Investigate>(argc, argv); }
