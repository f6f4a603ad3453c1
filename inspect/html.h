// A page for the browser: everything about a target, or a boot, in one file that asks nobody for anything.
#pragma once

#include "inspect/boot.h"
#include "inspect/views.h"

namespace burrow::inspect {

// All views of a running target.
bool targetHtml(Target& target, std::string* out, std::string* error);
std::string bootHtml(const BootRun& run);

}  // namespace burrow::inspect
