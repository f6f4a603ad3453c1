// The linker script: which sections an executable has, in which order, in which segments.
#pragma once

#include <string>

namespace burrow::link {

std::string linkerScript(bool positionIndependent);
const char* entrySymbol(bool positionIndependent);

}  // namespace burrow::link
