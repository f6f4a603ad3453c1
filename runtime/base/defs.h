// Words that every runtime file uses: attributes, thread-area access, small helpers.
//
// Everything in the runtime is compiled with split stacks, so any function may run on a goroutine's small stack and
// grows it when it must. The few functions that may not (they run while the stack is being switched, or in a signal
// handler before the limit is set aside) say so with NO_SPLIT; such a function, together with everything it calls without
// a check, must fit into abi::kStackSlack bytes.
#pragma once

#include <cstddef>
#include <cstdint>

#include "abi/thread_area.h"
#include "abi/value.h"

#define NO_SPLIT __attribute__((no_split_stack))
#define NO_INLINE __attribute__((noinline))
// Never a frame of its own, for debuggers and tracebacks too.
#define ALWAYS_INLINE inline __attribute__((always_inline, nodebug))
// The function keeps a frame below what it calls last.
#define NO_TAIL_CALLS __attribute__((disable_tail_calls))
#define COLD __attribute__((cold))
#define LIKELY(x) __builtin_expect(!!(x), 1)
#define UNLIKELY(x) __builtin_expect(!!(x), 0)
#define NORETURN [[noreturn]]

#ifdef BURROW_HOSTED
#include <cstring>  // the host's own; declaring them again would not agree with it on every compiler
#else
extern "C" {
void* memcpy(void* dst, const void* src, size_t n);
void* memmove(void* dst, const void* src, size_t n);
void* memset(void* dst, int c, size_t n);
int memcmp(const void* a, const void* b, size_t n);
size_t strlen(const char* s);
}
#endif

namespace burrow::rt {

using abi::Eface;
using abi::FuncVal;
using abi::GoSlice;
using abi::GoString;
using abi::Iface;

inline constexpr size_t kPtrSize = 8;
inline constexpr size_t kCacheLine = 64;
inline constexpr size_t kPhysPageSize = 4096;

template <class T>
constexpr T alignUp(T n, size_t align) {
  return (n + T(align) - 1) & ~(T(align) - 1);
}
template <class T>
constexpr T alignDown(T n, size_t align) {
  return n & ~(T(align) - 1);
}
template <class T>
constexpr T minOf(T a, T b) {
  return a < b ? a : b;
}
template <class T>
constexpr T maxOf(T a, T b) {
  return a > b ? a : b;
}

// A Go string over a C++ literal; `goString("x")` allocates nothing.
ALWAYS_INLINE GoString goString(const char* s) {
  return {reinterpret_cast<const uint8_t*>(s), int64_t(__builtin_strlen(s))};
}

}  // namespace burrow::rt
