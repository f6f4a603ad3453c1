// Making the runtime's own C++ functions small and legible in the function table.
//
// Go functions keep every inlined call, because tracebacks show them. Of C++ functions nobody is shown the calls of little
// helpers that were inlined into them; but they are many (two thirds of a small program's table before they were left
// out). So their rows say only where the function itself stands. Their names are demangled and put into Go's form.
#pragma once

#include "abi/functab.h"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace burrow::link {

// The column `rows` of line rows again, each row at the place in the function itself from which its innermost inlined call
// was made. `column` is a whole column, `tree` its function's inline tree; both name files by numbers that `file` turns
// into the result's. (A unit's headers are many, and most are in none of the rows that are left.)
std::string withoutInlining(const uint8_t* column, const std::vector<abi::functab::InlineNode>& tree,
                            uint32_t startLine, uint32_t startFile, const std::function<uint32_t(uint32_t)>& file);

// "_ZN6burrow2rt8chansendEPNS0_5HChanEPKvb" -> "runtime.chansend". Other names are returned as they are. Template
// arguments and parameters are left out.
std::string displayName(std::string_view symbol);

}  // namespace burrow::link
