// What the runtime tells about itself: the list.
//
// The inspector, and the script that gdb loads, read the runtime's structures in another process, a core or a snapshot, of
// whatever version of the runtime that program was built with. So each executable carries a description of them: structures
// with their fields' names, offsets and types, enumerations, constants, and the addresses of the variables that everything
// hangs on. This file says where to begin; all that is reachable from here by fields and pointers is described.
//
// It is compiled like the rest of the runtime but never linked: runtime/describe/tool.cpp reads its debug information, and
// writes the assembly file whose section ends up in executables. docs/snapshot.md is the format. So nothing can be described
// that the compiler sees differently, and a new field needs no second mention.
//
// Rejected: tables of offsetof (each field twice, private ones not at all); the executable's own debug information (stripped
// programs are the ones that run where it matters, and it is a hundred times as large).
#include "boot/boot.h"
#include "chan/chan.h"
#include "gc/gc.h"
#include "gc/specials.h"
#include "gc/sweep.h"
#include "map/map.h"
#include "mem/malloc.h"
#include "mem/mem_stats.h"
#include "os/boot_info.h"
#include "os/os.h"
#include "profile/buckets.h"
#include "sched/offsets.h"
#include "sched/proc.h"
#include "stack/stack.h"
#include "timer/timer.h"

namespace burrow::rt {

extern "C" {
extern char sigpanicCode[] GO_SYM("runtime.sigpanic");
extern abi::InitTask* const inittasks[] GO_SYM("runtime.inittasks");
extern const uint64_t ninittasks GO_SYM("runtime.ninittasks");
}
extern int64_t runtimeInitTime;

namespace described {

// ---- variables. The initial value makes the relocation that names the variable's symbol.
#define ROOT(name) __attribute__((used)) auto* root_##name = &::burrow::rt::name;
ROOT(g0)
ROOT(m0)
ROOT(sched)
ROOT(allp)
ROOT(gomaxprocs)
ROOT(ncpu)
ROOT(allgs)
ROOT(allglen)
ROOT(allm)
ROOT(mheap_)
ROOT(mcache0)
ROOT(allmcaches)
ROOT(gcphase)
ROOT(gcBlackenEnabled)
ROOT(work)
ROOT(gcTotals)
ROOT(gcController)
ROOT(workPool)
ROOT(stackStats)
ROOT(waitReasonTexts)
ROOT(worldsema)
ROOT(panicking)
ROOT(runtimeInitTime)
ROOT(inittasks)
ROOT(ninittasks)
ROOT(morestackReturn)
ROOT(sigpanicCode)
ROOT(buckets)
#undef ROOT

// ---- structures that no variable leads to by its type.
#define STRUCTURE(name) __attribute__((used)) name* structure_##name;
STRUCTURE(WorkBuf)
STRUCTURE(StackSegment)
STRUCTURE(HChan)
#undef STRUCTURE
__attribute__((used)) abi::Type* structure_Type;

// ---- enumerations that fields hold as plain numbers.
__attribute__((used)) GStatus enumeration_GStatus;
__attribute__((used)) PStatus enumeration_PStatus;
__attribute__((used)) GcPhase enumeration_GcPhase;
__attribute__((used)) GcMarkWorkerMode enumeration_GcMarkWorkerMode;

// ---- numbers.
enum Constants : uint64_t {
  pageSize = kPageSize,
  heapArenaBytes = kHeapArenaBytes,
  numSizeClasses = kNumSizeClasses,
  tinySize = kTinySize,
  minSizeForMallocHeader = kMinSizeForMallocHeader,
  mallocHeaderSize = kMallocHeaderSize,
  pallocChunkBytes = kPallocChunkBytes,
  runQueueSize = kRunQueueSize,
  spanDead = SpanState::dead,
  spanInUse = SpanState::inUse,
  spanManual = SpanState::manual,
  preemptWanted = PREEMPT_WANTED,
  arenaL2Bits = kArenaL2Bits,
};
__attribute__((used)) Constants constants;

}  // namespace described
}  // namespace burrow::rt
