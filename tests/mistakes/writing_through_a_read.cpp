// error: discards qualifiers
#include "base.h"

void write(Base& flow) { flow.names->push_back("x"); }
