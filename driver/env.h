// `burrow env` and `burrow version`.
#pragma once

#include <string>
#include <vector>

namespace burrow::driver {

int printEnvironment(const std::vector<std::string>& words);
int printVersion();

}  // namespace burrow::driver
