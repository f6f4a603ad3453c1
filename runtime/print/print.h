// print and println, and how the runtime itself writes to standard error.
//
// A print statement compiles to printlock, one call per operand, printunlock. Between them the output collects in a buffer
// that the lock guards, and leaves with one write when the outermost lock of the thread is released, so that the lines of
// goroutines that print at the same time do not mix. When the program is dying every piece is written at once.
#pragma once

#include "mem/env.h"

namespace burrow::rt {

GO_DECL("runtime.printlock", void, printlock, ());
GO_DECL("runtime.printunlock", void, printunlock, ());
GO_DECL("runtime.printbool", void, printbool, (bool v));
GO_DECL("runtime.printfloat64", void, printfloat64, (double v));
GO_DECL("runtime.printfloat32", void, printfloat32, (double v));  // v is the float32's value
GO_DECL("runtime.printint", void, printint, (int64_t v));
GO_DECL("runtime.printuint", void, printuint, (uint64_t v));
GO_DECL("runtime.printhex", void, printhex, (uint64_t v));
GO_DECL("runtime.printcomplex128", void, printcomplex128, (double re, double im));
GO_DECL("runtime.printcomplex64", void, printcomplex64, (double re, double im));
GO_DECL("runtime.printstring", void, printstring, (GoString s));
GO_DECL("runtime.printpointer", void, printpointer, (void* p));
GO_DECL("runtime.printuintptr", void, printuintptr, (uint64_t v));
GO_DECL("runtime.printslice", void, printslice, (void* data, int64_t len, int64_t cap));
GO_DECL("runtime.printeface", void, printeface, (const void* type, void* data));
GO_DECL("runtime.printiface", void, printiface, (const void* tab, void* data));
GO_DECL("runtime.printsp", void, printsp, ());
GO_DECL("runtime.printnl", void, printnl, ());

// A duration in milliseconds as gc's reports have it: "12", or with as many decimals as make two digits: "0.012", "1.2".
void printNSAsMS(uint64_t ns);
// Writes bytes as a print operand would; takes no lock of its own.
void gwrite(const void* data, uint64_t n);
// Writes what is buffered; for the way to exit.
void printFlush();
// A second file for what a dying program prints (debug.SetCrashOutput); ~0: none.
extern Atomic<uint64_t> crashFD;

}  // namespace burrow::rt
