// Panics as C++ code of the runtime raises them. The panic values are Go types (runtime.errorString and its like), made by
// Go functions in std/runtime; the C++ side names what happened.
//
// Each of these unwinds the goroutine: no lock may be held and m->locks must be 0.
#pragma once

#include "sched/sched.h"

namespace burrow::rt {

// panic(runtime.Error) with the text "runtime error: " + text.
NORETURN COLD GOABI void panicErrorString(GoString text) GO_SYM("runtime.panicErrorString");
// panic(runtime.Error) whose text is exactly `text`: "send on closed channel", "assignment to entry in nil map".
NORETURN COLD GOABI void panicPlainError(GoString text) GO_SYM("runtime.panicPlainError");
// panic(runtime.Error): "runtime error: " + text + the type's name ("hash of unhashable type []int").
NORETURN COLD GOABI void panicTypeText(GoString text, const abi::Type* t) GO_SYM("runtime.panicTypeText");
// panic(*runtime.TypeAssertionError); null for what is not known.
NORETURN COLD GOABI void panicTypeAssertion(const abi::Type* iface, const abi::Type* concrete, const abi::Type* asserted,
                                            GoString missingMethod) GO_SYM("runtime.panicTypeAssertion");
NORETURN COLD inline void panicErrorString(const char* s) { panicErrorString(goString(s)); }
NORETURN COLD inline void panicPlainError(const char* s) { panicPlainError(goString(s)); }

// The run-time panics without arguments; the index family, which compiled code calls, is Go code only.
NORETURN GOABI void panicmem() GO_SYM("runtime.panicmem");
NORETURN GOABI void panicmemAddr(uintptr_t addr) GO_SYM("runtime.panicmemAddr");
NORETURN GOABI void panicdivide() GO_SYM("runtime.panicdivide");
NORETURN GOABI void panicoverflow() GO_SYM("runtime.panicoverflow");
NORETURN GOABI void panicfloat() GO_SYM("runtime.panicfloat");

NORETURN GOABI void gopanic(Eface value) GO_SYM("runtime.gopanic");

// The newest panic, if it runs the deferred call whose return address lies at `slot`. Else null.
Panic* calledByPanic(uintptr_t slot);

// A zeroed DeferRecord on the heap.
void* newDeferRecord();

}  // namespace burrow::rt
