// What the test programs of this folder use: they are main packages written in C++ against the runtime's Go-facing
// functions, in the same calling convention and with the same prologues as compiled Go code.
#pragma once

#include "abi/type.h"
#include "os/os.h"
#include "panic/panic.h"
#include "panic/panic_record.h"
#include "panic/rt_print.h"
#include "sched/proc.h"
#include "stack/stack.h"

GOABI void mainMain() GO_SYM("main.main");

namespace burrow::rt {
GOABI int32_t deferenter(abi::DeferFrame* f) GO_SYM("runtime.deferenter") __attribute__((returns_twice));
// What compiled code does for a defer statement outside of loops.
inline void deferprocStack(abi::DeferFrame* f, abi::DeferRecord* d, FuncVal* fn) {
  *d = {f->head, fn, false};
  f->head = d;
}
GOABI void deferproc(abi::DeferFrame* f, FuncVal* fn) GO_SYM("runtime.deferproc");
GOABI void deferreturn(abi::DeferFrame* f) GO_SYM("runtime.deferreturn");
GOABI Eface gorecover(uintptr_t slot) GO_SYM("runtime.gorecover");
GOABI void Goexit() GO_SYM("runtime.Goexit");
GOABI int64_t goGOMAXPROCS(int64_t n) GO_SYM("runtime.GOMAXPROCS");
}  // namespace burrow::rt

namespace test {

using namespace burrow::rt;
using burrow::abi::DeferFrame;
using burrow::abi::DeferRecord;

extern burrow::abi::Type textType;
inline Eface textValue(const char* s) { return {&textType, const_cast<char*>(s)}; }
[[noreturn]] inline void panicText(const char* s) { gopanic(textValue(s)); }

#define CHECK(x)                                                                              \
  do {                                                                                        \
    if (!(x)) {                                                                               \
      burrow::rt::rtPrint("FAIL ", __FILE__, ":", __LINE__, ": " #x "\n");                    \
      burrow::rt::exitProcess(1);                                                             \
    }                                                                                         \
  } while (0)

inline bool differ(const char* a, const char* b) {
  while (*a && *a == *b) a++, b++;
  return *a != *b;
}

// A closure object with one captured word. The function finds it in R10, which C++ cannot name: `thunk` moves it into the
// first argument.
struct Closure {
  void (*code)();
  void (*fn)(Closure*);
  void* captured;
  uint64_t more;
};
extern "C" void closureThunk();
inline Closure closure(void (*fn)(Closure*), void* captured = nullptr, uint64_t more = 0) {
  return {closureThunk, fn, captured, more};
}
template <class T>
FuncVal* asFunc(T* c) { return reinterpret_cast<FuncVal*>(c); }

// Needs n frames of more than 100 bytes; the result is above 0.
__attribute__((noinline)) inline int64_t deep(int64_t n) {
  volatile char room[100];
  room[n % 100] = 1;
  if (n == 0) return room[0];
  return deep(n - 1) + room[n % 100];
}

// recover() of the function whose frame this is: its return address lies above the frame pointer.
#define RECOVER() burrow::rt::gorecover(uintptr_t(__builtin_frame_address(0)) + 8)

}  // namespace test
