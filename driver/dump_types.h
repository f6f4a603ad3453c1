// -dump=types: what the checker found out, as text.
#pragma once

#include "source/pos.h"
#include "types/objects.h"

#include <string>

namespace burrow::driver {

// The package's objects, then every expression with its place, type and value, in source order.
std::string dumpTypes(const types::Package& package, const source::SourceFiles& files);

}  // namespace burrow::driver
