// Samples of the CPU profile in a trace: what a thread was doing when the profiler's signal came.
//
//   SIGPROF -> the profiler's tick -> traceCpuSample: a record into the generation's buffer
//   the generation ends            -> traceDumpCpuSamples: records become events, their stacks go into the table
//
// A handler may interrupt the tracer itself, in the middle of an event or while it holds a lock of the tables. So a sample takes no
// lock of the tracer's and touches no buffer of events: it goes as it is into memory of its own, and its event is written when the
// generation is over. The events need not be in order, readers sort them. Writers take turns by a spin lock that is held in handlers only.
//
// The handler holds M::trace.writing like everybody who records (it may have interrupted somebody who does), so when the flags have been
// seen clear, nobody writes to the old generation's buffer any more, and it is read without a lock.
//
// A buffer that is full takes nothing more until its generation ends: 100 samples a second and thread of usual depth fill a tenth.
#include "boot/boot.h"
#include "symtab/symtab.h"
#include "trace/control.h"
#include "trace/table.h"

namespace burrow::rt {

namespace {

constexpr uint32_t kWords = 1 << 15;
constexpr uint32_t kHeaderWords = 5;  // time, thread, P, goroutine, how many addresses

struct Samples {
  Atomic<uint32_t> lock;
  uint32_t used = 0;
  uint64_t* words = nullptr;
};
constinit Samples samples[2];  // by generation % 2

}  // namespace

void traceCpuSamplesInit() {
  for (Samples& s : samples) {
    if (s.words == nullptr) s.words = static_cast<uint64_t*>(sysAlloc(kWords * sizeof(uint64_t)));
    if (s.words == nullptr) throw_("trace: out of memory");
  }
}

// In a signal handler. The stack is as runtime.Callers gives it.
void traceCpuSample(const uintptr_t* stack, uint32_t n) {
  M* m = getm();
  const bool inside = m->trace.writing.load() != 0;
  if (!inside) m->trace.writing.store(1);
  const uint64_t gen = trace.gen.load();
  if (gen != 0) {
    Samples& s = samples[gen % 2];
    while (!s.lock.cas(0, 1)) cpuRelax();
    if (kWords - s.used >= kHeaderWords + n) {
      uint64_t* at = s.words + s.used;
      at[0] = traceClock();
      at[1] = m->procid;
      at[2] = m->p != nullptr ? uint64_t(m->p->id) : ~uint64_t(0);
      at[3] = m->curg != nullptr ? m->curg->goid : 0;
      at[4] = n;
      memcpy(at + kHeaderWords, stack, n * sizeof(uint64_t));
      s.used += kHeaderWords + n;
    }
    s.lock.storeRelease(0);
  }
  if (!inside) m->trace.writing.store(0);
}

// On g0; nobody records in the generation any more.
void traceDumpCpuSamples(uint64_t gen) {
  Samples& s = samples[gen % 2];
  TraceWriter w{gen};
  for (uint32_t at = 0; at < s.used;) {
    const uint64_t* sample = s.words + at;
    const uint32_t n = uint32_t(sample[4]);
    // A stack of the table is made of frames; here each inlined call has an address of its own.
    uintptr_t pcs[kTraceFrames];
    uint32_t frames = 0;
    uint64_t last = 0;
    for (uint32_t i = 0; i < n && frames < kTraceFrames; i++) {
      const uint64_t pc = sample[kHeaderWords + i];
      if (frames == 0 || (pc & kPcMask) != (last & kPcMask) || pc >> kFrameShift <= last >> kFrameShift) pcs[frames++] = uintptr_t(pc & kPcMask);
      last = pc;
    }
    bool added;
    const uint64_t stack = traceStacks[gen % 2].put(pcs, frames * sizeof(pcs[0]), &added);
    if (w.ensure(2 + 5 * kTraceNumber)) w.byte(EvCPUSamples);
    w.byte(EvCPUSample);
    for (uint32_t i = 0; i < 4; i++) w.varint(sample[i]);
    w.varint(stack);
    at += kHeaderWords + n;
  }
  s.used = 0;
  w.flush();
}

}  // namespace burrow::rt
