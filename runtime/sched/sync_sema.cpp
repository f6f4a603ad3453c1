// Semaphores as packages sync, internal/sync and internal/poll are linked to them.
#include "sched/maxprocs.h"
#include "sched/proc.h"

namespace burrow::rt {

NEEDS_PROCS_FOLLOWER

GOABI void syncSemacquire(uint32_t* addr) GO_SYM("sync.runtime_Semacquire");
NO_TAIL_CALLS GOABI void syncSemacquire(uint32_t* addr) { semacquire1(addr, false, WaitReason::Semacquire, SemaProfile::Block); }
GOABI void syncSemacquireWaitGroup(uint32_t* addr, bool durable) GO_SYM("sync.runtime_SemacquireWaitGroup");
NO_TAIL_CALLS GOABI void syncSemacquireWaitGroup(uint32_t* addr, bool durable) {
  semacquire1(addr, false, durable ? WaitReason::SynctestWaitGroupWait : WaitReason::SyncWaitGroupWait, SemaProfile::Block);
}
GOABI void syncSemacquireMutex(uint32_t* addr, bool lifo, int64_t) GO_SYM("internal/sync.runtime_SemacquireMutex");
NO_TAIL_CALLS GOABI void syncSemacquireMutex(uint32_t* addr, bool lifo, int64_t skip) {
  semacquire1(addr, lifo, WaitReason::SyncMutexLock, SemaProfile::Mutex, int(skip));
}
GOABI void syncSemacquireRWR(uint32_t* addr, bool lifo, int64_t) GO_SYM("sync.runtime_SemacquireRWMutexR");
NO_TAIL_CALLS GOABI void syncSemacquireRWR(uint32_t* addr, bool lifo, int64_t skip) {
  semacquire1(addr, lifo, WaitReason::SyncRWMutexRLock, SemaProfile::Mutex, int(skip));
}
GOABI void syncSemacquireRW(uint32_t* addr, bool lifo, int64_t) GO_SYM("sync.runtime_SemacquireRWMutex");
NO_TAIL_CALLS GOABI void syncSemacquireRW(uint32_t* addr, bool lifo, int64_t skip) {
  semacquire1(addr, lifo, WaitReason::SyncRWMutexLock, SemaProfile::Mutex, int(skip));
}
GOABI void syncSemrelease(uint32_t* addr, bool handoff, int64_t) GO_SYM("sync.runtime_Semrelease");
GOABI void syncSemrelease(uint32_t* addr, bool handoff, int64_t skip) { semrelease1(addr, handoff, int(skip)); }
GOABI void isyncSemrelease(uint32_t* addr, bool handoff, int64_t) GO_SYM("internal/sync.runtime_Semrelease");
GOABI void isyncSemrelease(uint32_t* addr, bool handoff, int64_t skip) { semrelease1(addr, handoff, int(skip)); }
GOABI void pollSemacquire(uint32_t* addr) GO_SYM("internal/poll.runtime_Semacquire");
NO_TAIL_CALLS GOABI void pollSemacquire(uint32_t* addr) { semacquire1(addr, false, WaitReason::Semacquire, SemaProfile::Block); }
GOABI void pollSemrelease(uint32_t* addr) GO_SYM("internal/poll.runtime_Semrelease");
GOABI void pollSemrelease(uint32_t* addr) { semrelease1(addr, false); }

}  // namespace burrow::rt
