// What compiled code knows of a P's allocation cache (mem/mcache.h): where the runs of free slots are.
//
//     fs:BURROW_FS_MCACHE -> MCache { runs[span class] {next, end}; tiny {next, end}; count of tiny objects; ... }
//
// An allocation of constant size is `p = next; if (p + size > end) slow; next = p + size`. The slots of a run are zero and
// have no pointer bits. Only the goroutine that runs on the P touches its cache, and there is no safe point in between.
#pragma once

#include "abi/thread_area.h"

#ifndef __ASSEMBLER__
namespace burrow::abi {

// Larger slots are not handed out in runs.
inline constexpr uint64_t kMaxRunSlot = 512;
inline constexpr unsigned kNumRunClasses = 54;
inline constexpr uint64_t kMCacheRuns = 0;       // 16 bytes for each span class
inline constexpr uint64_t kMCacheTiny = 16 * kNumRunClasses;
inline constexpr uint64_t kMCacheTinyAllocs = kMCacheTiny + 16;
inline constexpr uint64_t kTinyBlock = 16;

// Spans with pointer bits are one page; the bits, one for each word, are its last bytes.
inline constexpr uint64_t kRunSpanBytes = 8192;
inline constexpr uint64_t kRunBitsOffset = kRunSpanBytes - kRunSpanBytes / 64;

}  // namespace burrow::abi
#endif
