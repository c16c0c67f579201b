// What the author of a C++ flow includes: artifacts, tensors, parameters, the graph's pieces and current().
#pragma once
#include <chrono>

#include "backlot/sdk/artifact.h"
#include "backlot/sdk/compose.h"
#include "backlot/sdk/current.h"
#include "backlot/sdk/inputs.h"
#include "backlot/sdk/main.h"
#include "backlot/sdk/merge.h"
#include "backlot/sdk/parameter.h"
#include "backlot/sdk/program_code.h"
#include "backlot/sdk/steps.h"
#include "backlot/value/fields.h"
#include "backlot/value/name.h"
#include "backlot/value/tensor.h"
