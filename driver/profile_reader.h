// Reading CPU profiles for -pgo; see profile_reader.cpp.
#pragma once

#include "passes/call_profile.h"

#include <memory>
#include <string>
#include <string_view>

namespace burrow::driver {

// A profile in pprof's format (compressed or not), or calls as gc's preprofile tool writes them. `hotPercent`: see CallProfile.
// Null, with *error set in gc's words, for anything else. A profile without samples is an empty one.
std::unique_ptr<passes::CallProfile> parseProfile(std::string_view content, double hotPercent, std::string* error);

// The same of a file; *error names neither file nor tool.
std::unique_ptr<passes::CallProfile> readProfile(const std::string& path, double hotPercent, std::string* error);

}  // namespace burrow::driver
