// How Go values look in memory and how they are passed: what compiled code and the C++ runtime must agree on.
#pragma once

#include <cstddef>
#include <cstdint>

// A function that follows the Go calling convention (docs/contract.md) is declared GOABI; GO_SYM gives it Go's name as
// its ELF symbol. Both stand on a declaration; the definition follows plainly:
//   GOABI Map* makemap(const MapType* t, int64_t hint, Map* m) GO_SYM("runtime.makemap");
// Runtime functions that only C++ calls keep the C convention and use GO_SYM alone.
#ifdef __clang__
#define GOABI __attribute__((swiftcall))
#else
#define GOABI  // hosted tests that another compiler builds: the convention is never mixed there
#endif
#define GO_SYM(symbol) __asm__(symbol)
// The same as one word: GO_DECL("runtime.makemap", Map*, makemap, (const MapType* type, int64_t hint, Map* m));
#ifdef BURROW_HOSTED
#define GO_DECL(symbol, result, name, params) result name params  // the host's assembler may not read Go's names
#else
#define GO_DECL(symbol, result, name, params) \
  GOABI __attribute__((used, visibility("default"))) result name params __asm__(symbol)
#endif

namespace burrow::abi {

// A struct with at most this many scalar leaves travels as its leaves; a larger one through memory.
inline constexpr unsigned kMaxScalarLeaves = 6;
// All results together travel in registers up to these counts.
inline constexpr unsigned kMaxIntResults = 4;
inline constexpr unsigned kMaxFloatResults = 4;

struct GoString {
  const uint8_t* data;
  int64_t len;
};
struct GoSlice {
  void* data;
  int64_t len;
  int64_t cap;
};
struct Type;
struct ITab;
struct Eface {
  const Type* type;
  void* data;
};
struct Iface {
  const ITab* tab;
  void* data;
};
// What a func value points to; captured variables follow.
struct FuncVal {
  void* code;
};

// Elements of maps up to this size have one zero value in common, runtime.zeroVal; larger ones bring their own.
inline constexpr int64_t kZeroValueBytes = 1024;
// Integers below this have a permanent copy each, runtime.staticuint64s, which an interface may point to.
inline constexpr int64_t kSmallValues = 256;
// A map iterator in words; the compiler makes room for it.
inline constexpr int64_t kMapIterWords = 12;

// Package initialisation record `P..inittask`; `nfns` code pointers of functions without parameters follow.
struct InitTask {
  uint32_t state;  // 0: not started, 1: running, 2: done
  uint32_t nfns;
};
static_assert(sizeof(InitTask) == 8);

// One deferred call.
struct DeferRecord {
  DeferRecord* link;  // the one deferred before it in the same frame
  FuncVal* fn;
  bool heap;          // made by deferproc (not part of a function's frame)
};
static_assert(sizeof(DeferRecord) == 24);

// The part of a deferring function's frame that the runtime knows; see docs/contract.md. Linked from the innermost
// deferring function outwards. `deferenter` fills the register save area; assembly uses the offsets.
struct DeferFrame {
  DeferFrame* link;
  DeferRecord* head;
  uint64_t pc, sp, rbx, rbp, r12, r13, r14, r15;
  uint64_t reserved[2];
};
static_assert(offsetof(DeferFrame, pc) == 16 && sizeof(DeferFrame) == 96);
inline constexpr int64_t kGDeferTop = 72;  // where a goroutine has its innermost frame: offset in G

// One case of a select, as gc's scase: the channel and where the value comes from or goes to.
struct SelectCase {
  void* chan;
  void* elem;
};

}  // namespace burrow::abi
