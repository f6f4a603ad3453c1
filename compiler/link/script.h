// The linker script: which sections an executable has, in which order, in which segments.
#pragma once

#include <string>

namespace burrow::link {

// Without unwind tables .eh_frame is left out: only debuggers read it, the runtime has the function table.
std::string linkerScript(bool withUnwindTables);

}  // namespace burrow::link
