// The CPU limit of the process's control group (cgroup_linux.cpp).
#pragma once

#include "base/defs.h"

namespace burrow::rt {

// Once, at boot: finds the group's files and keeps them open.
void cgroupOpen();
// The limit in CPUs, rounded up, at least 2; 0: none. Reads the files again.
int32_t cgroupLimit();

}  // namespace burrow::rt
