// What sync/atomic and internal/runtime/atomic take from the runtime: everything else there is an instruction that the
// compiler emits in place.
#include "mem/malloc.h"
#include "sched/sched.h"

namespace burrow::rt {

GO_DECL("sync/atomic.runtime_procPin", int64_t, atomicProcPin, ());
int64_t atomicProcPin() { return procPin(); }
GO_DECL("sync/atomic.runtime_procUnpin", void, atomicProcUnpin, ());
void atomicProcUnpin() { procUnpin(); }

}  // namespace burrow::rt
