// NumPy's file format .npy, version 1.0: a tensor's elements as they are, behind a head that says what they are.
#pragma once
#include <string>

#include "backlot/value/tensor_layout.h"

namespace backlot {

/// What goes before the elements. Throws Error unsupported when there are more dimensions than the format can say.
std::string npy_head(DType dtype, const Shape& shape);

}  // namespace backlot
