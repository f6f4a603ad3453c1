// What internal/runtime/atomic takes from the runtime: everything else there is an instruction that the compiler emits in
// place.
#include "gc/barrier.h"
#include "mem/malloc.h"

namespace burrow::rt {

// Atomic stores of pointers, with the barrier.
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
