// What sync/atomic and internal/runtime/atomic take from the runtime: everything else there is an instruction that the
// compiler emits in place.
#include "gc/barrier.h"
#include "mem/malloc.h"
#include "sched/sched.h"

namespace burrow::rt {

GO_DECL("sync/atomic.runtime_procPin", int64_t, atomicProcPin, ());
int64_t atomicProcPin() { return procPin(); }
GO_DECL("sync/atomic.runtime_procUnpin", void, atomicProcUnpin, ());
void atomicProcUnpin() { procUnpin(); }

// Atomic stores of pointers that internal/runtime/atomic leaves to the runtime for the barrier's sake.
GO_DECL("internal/runtime/atomic.storePointer", void, atomicStorePointer, (void** slot, void* value));
void atomicStorePointer(void** slot, void* value) {
  if (writeBarrierEnabled()) gcWriteBarrier(slot, value);
  __atomic_store_n(slot, value, __ATOMIC_SEQ_CST);
}
GO_DECL("internal/runtime/atomic.casPointer", bool, atomicCasPointer, (void** slot, void* old, void* value));
bool atomicCasPointer(void** slot, void* old, void* value) {
  if (writeBarrierEnabled()) gcWriteBarrier(slot, value);
  return __atomic_compare_exchange_n(slot, &old, value, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
}

}  // namespace burrow::rt
