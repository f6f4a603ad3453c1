// The world around the collector's hosted parts (pacer, work buffers): what the scheduler and the marking would own.
#pragma once

#include "gc/gc.h"
#include "host_env.h"

namespace burrow::rt {

// `procs` Ps, made once and kept, with nothing in them; the pacer as at a program's start.
void resetCollector(int32_t procs, int32_t gcPercent, int64_t memoryLimit);

}  // namespace burrow::rt
