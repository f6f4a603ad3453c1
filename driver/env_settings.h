// `burrow env -w` and `-u`.
#pragma once

#include <string>
#include <vector>

namespace burrow::driver {

// Writes NAME=VALUE settings to the file of settings (goEnvironmentFile), takes names out of it. Either reports what is wrong on the
// standard error, changes nothing then, and returns the exit status.
int writeSettings(const std::vector<std::string>& settings);
int removeSettings(const std::vector<std::string>& names);

}  // namespace burrow::driver
