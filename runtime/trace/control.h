// Between the tracer's files: labels, and what a change of generation asks of the event side.
#pragma once

#include "trace/buffer.h"

namespace burrow::rt {

enum TraceBlock : uint8_t {
  TraceBlockGeneric, TraceBlockForever, TraceBlockNet, TraceBlockSelect, TraceBlockCondWait, TraceBlockSync,
  TraceBlockChanSend, TraceBlockChanRecv, TraceBlockGCMarkAssist, TraceBlockGCSweep, TraceBlockSystemGoroutine,
  TraceBlockPreempted, TraceBlockDebugCall, TraceBlockUntilGCEnds, TraceBlockSleep, TraceBlockGCWeakToStrongWait,
  TraceBlockSynctest, kTraceBlocks,
};

// Strings that every generation has: their numbers.
struct TraceLabels {
  uint64_t markWorker[4];
  uint64_t stop[3];
  uint64_t block[kTraceBlocks];
};
extern TraceLabels traceLabels[2];

// ---- events.cpp
uint64_t traceOnEvent(TraceEvent e, uint64_t a, uint64_t b, uint64_t c);
// The goroutine that waits for this reason does so for the eyes of suspendG only; it runs.
bool waitsForSuspendG(WaitReason r);
uint64_t traceHeapGoal();
void traceTellP(P* pp);                // pp's owner, or one that keeps it from changing
void traceBegin(uint64_t frequency);   // a generation's first events
void traceThreadEnd(M* m);

// ---- cpu_samples.cpp
void traceCpuSamplesInit();
void traceCpuSample(const uintptr_t* stack, uint32_t n);
void traceDumpCpuSamples(uint64_t gen);

// ---- control.cpp
void traceSync(uint64_t gen, uint64_t frequency);

}  // namespace burrow::rt
