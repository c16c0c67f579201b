// What user code threw, as the record of a failure.
#pragma once
#include <string>

#include "backlot/value/manifest.h"

namespace backlot::sdk {

/// Of the exception that is being handled (call it in a catch block). `place` names the code that threw it.
Failure failure_of_exception(std::string place);

}  // namespace backlot::sdk
