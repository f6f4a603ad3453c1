// What the allocator, maps, channels and strings need from the rest of the runtime, in one place: locks, giving up, running
// on g0, the operating system's memory, panics. Built hosted (BURROW_HOSTED, for the unit tests) the same functions come
// from tests/runtime_hosted/host_env.cpp: locks are spin locks, throw_ aborts, g0 is the test's own thread.
#pragma once

#include "abi/type.h"
#include "base/atomic.h"
#include "base/defs.h"
#include "os/os.h"
#include "panic/panic.h"
#include "sched/sched.h"

namespace burrow::rt {
using abi::ITab;
using abi::Type;
}  // namespace burrow::rt
