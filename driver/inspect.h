// `burrow inspect` and `burrow objdump`.
#pragma once

#include <string>
#include <vector>

namespace burrow::driver {

int inspectCommand(const std::vector<std::string>& words);
int objdumpCommand(const std::vector<std::string>& words);
extern const char* const kInspectHelp;
extern const char* const kObjdumpHelp;

}  // namespace burrow::driver
