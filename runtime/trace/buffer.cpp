// See buffer.h.
#include "trace/buffer.h"

namespace burrow::rt {

constinit TraceShared trace;

void traceWakeReader() {
  if (!trace.readerWaits) return;
  trace.readerWaits = false;
  notewakeup(&trace.readerNote);
}

void traceBufFlush(TraceBuf* b, uint64_t gen) {
  // The length was left open: a varint of full width.
  uint64_t n = b->pos - (b->lenPos + kTraceNumber);
  for (uint32_t i = 0; i < kTraceNumber; i++, n >>= 7) {
    b->data[b->lenPos + i] = uint8_t(i < kTraceNumber - 1 ? (n & 0x7f) | 0x80 : n & 0x7f);
  }
  trace.full[gen % 2].push(b);
  traceWakeReader();
}

void TraceWriter::flush() {
  if (buf == nullptr) return;
  lock(&trace.lock);
  traceBufFlush(buf, gen);
  unlock(&trace.lock);
  buf = nullptr;
}

void TraceWriter::refill() {
  lock(&trace.lock);
  uint64_t last = 0;
  if (buf != nullptr) {
    last = buf->lastTime;
    traceBufFlush(buf, gen);
  }
  buf = trace.empty;
  if (buf != nullptr) trace.empty = buf->link;
  unlock(&trace.lock);
  if (buf == nullptr) {
    buf = static_cast<TraceBuf*>(sysAlloc(sizeof(TraceBuf)));
    if (buf == nullptr) throw_("trace: out of memory");
  }
  uint64_t now = traceClock();
  if (now <= last) now = last + 1;
  buf->lastTime = now;
  buf->link = nullptr;
  buf->pos = 0;
  byte(EvEventBatch);
  varint(gen);
  varint(mid);
  varint(now);
  buf->lenPos = buf->pos;
  buf->pos += kTraceNumber;
}

}  // namespace burrow::rt
