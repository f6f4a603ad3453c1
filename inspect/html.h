// A page for the browser: everything about a target, or a boot, in one file that asks nobody for anything.
#pragma once

#include "inspect/boot.h"
#include "inspect/views.h"

namespace burrow::inspect {

// All views of a running target.
bool targetHtml(Target& target, std::string* out, std::string* error);
// The heap over time; `samples` is a list of the documents of `heap -sample -json`.
std::string samplesHtml(Target& target, const std::string& samples);
std::string bootHtml(const BootRun& run);

}  // namespace burrow::inspect
