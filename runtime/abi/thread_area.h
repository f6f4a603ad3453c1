// The thread area: what the FS register points to.
//
// Offsets that compiled code or assembly uses are constants here, so that .S files can include this header too.
// fs:112 is where LLVM's split-stack prologue looks for the stack limit; fs:40 is left alone because C code compiled with
// stack protectors reads its canary there.
#pragma once

#define BURROW_FS_SELF 0
#define BURROW_FS_G 48
#define BURROW_FS_M 56
// The allocation cache of the P that the thread has; 0 while it has none.
#define BURROW_FS_MCACHE 64
#define BURROW_FS_STACK_LIMIT 112
#define BURROW_THREAD_AREA_SIZE 256

// Bytes below the stack limit that are always usable (see docs/contract.md, "Stacks").
#define BURROW_STACK_SLACK 1024
// A stack limit above every address: the next prologue calls __morestack. Compared unsigned.
#define BURROW_STACK_PREEMPT 0xfffffffffffffade

#ifndef __ASSEMBLER__
#include <cstddef>
#include <cstdint>

namespace burrow::abi {

struct ThreadArea {
  ThreadArea* self;
  uint64_t reserved0[4];
  uint64_t canary;
  void* g;
  void* m;
  void* mcache;
  uint64_t reserved1[5];
  uint64_t stackLimit;
  uint64_t reserved2[17];
};
static_assert(offsetof(ThreadArea, self) == BURROW_FS_SELF);
static_assert(offsetof(ThreadArea, canary) == 40);
static_assert(offsetof(ThreadArea, g) == BURROW_FS_G);
static_assert(offsetof(ThreadArea, m) == BURROW_FS_M);
static_assert(offsetof(ThreadArea, mcache) == BURROW_FS_MCACHE);
static_assert(offsetof(ThreadArea, stackLimit) == BURROW_FS_STACK_LIMIT);
static_assert(sizeof(ThreadArea) == BURROW_THREAD_AREA_SIZE);

inline constexpr uint64_t kStackSlack = BURROW_STACK_SLACK;
inline constexpr uint64_t kStackPreempt = BURROW_STACK_PREEMPT;
inline constexpr uint64_t kThreadAreaSize = BURROW_THREAD_AREA_SIZE;

}  // namespace burrow::abi
#endif
