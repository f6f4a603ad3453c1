// See table.h.
#include "trace/table.h"

#include "stack/stack.h"
#include "symtab/symtab.h"

namespace burrow::rt {

extern "C" char sigpanicCode[] GO_SYM("runtime.sigpanic");

constinit TraceTable traceStacks[2];
constinit TraceStrings traceStrings[2];

namespace {

uint64_t hashBytes(const void* data, uint64_t n) {
  const uint8_t* p = static_cast<const uint8_t*>(data);
  uint64_t h = n * 0x9e3779b97f4a7c15;
  auto mix = [&](uint64_t w) {
    const unsigned __int128 r = static_cast<unsigned __int128>(h ^ w) * 0xa0761d6478bd642f;
    h = uint64_t(r) ^ uint64_t(r >> 64);
  };
  for (; n >= 8; p += 8, n -= 8) {
    uint64_t w;
    memcpy(&w, p, 8);
    mix(w);
  }
  uint64_t w = 0;
  if (n > 0) memcpy(&w, p, n);
  mix(w);
  return h;
}

// In a stack's first word: the address is the start of a goroutine, to be shown whatever it is.
constexpr uintptr_t kStartFlag = uintptr_t(1) << 63;

}  // namespace

void TraceTable::init() {
  if (buckets != nullptr) return;
  buckets = static_cast<Atomic<Entry*>*>(sysAlloc(sizeof(*buckets) * kBuckets));
  if (buckets == nullptr) throw_("trace: out of memory");
}

TraceTable::Entry* TraceTable::allocate(uint64_t size) {
  const uint64_t need = alignUp(sizeof(Entry) + size, 8);
  lock(&memLock);
  if (chunks == nullptr || kChunk - chunks->used < need) {
    auto* c = static_cast<Chunk*>(sysAlloc(kChunk));
    if (c == nullptr) throw_("trace: out of memory");
    c->link = chunks;
    c->used = sizeof(Chunk);
    chunks = c;
  }
  auto* e = reinterpret_cast<Entry*>(reinterpret_cast<uint8_t*>(chunks) + chunks->used);
  chunks->used += need;
  unlock(&memLock);
  return e;
}

uint64_t TraceTable::put(const void* data, uint64_t size, bool* added) {
  *added = false;
  if (size == 0) return 0;
  const uint64_t hash = hashBytes(data, size);
  Atomic<Entry*>* head = &buckets[hash % kBuckets];
  Entry* made = nullptr;
  Entry* seen = nullptr;  // where the part of the chain begins that was looked at already
  for (;;) {
    Entry* first = head->loadAcquire();
    for (Entry* e = first; e != seen; e = e->next)
      if (e->hash == hash && e->size == size && memcmp(e->data(), data, size) == 0) return e->id;
    seen = first;
    if (made == nullptr) {
      made = allocate(size);
      made->hash = hash;
      made->size = size;
      made->id = seq.xadd(1);
      memcpy(made + 1, data, size);
    }
    made->next = first;
    if (head->cas(first, made)) {
      *added = true;
      return made->id;
    }
  }
}

void TraceTable::reset() {
  for (uint32_t i = 0; i < kBuckets; i++) buckets[i].store(nullptr);
  seq.store(0);
  while (chunks != nullptr) {
    Chunk* c = chunks;
    chunks = c->link;
    sysFree(c, kChunk);
  }
}

// ---- strings

void TraceStrings::write(uint64_t gen, uint64_t id, const void* s, uint64_t n) {
  lock(&lock_);
  TraceWriter w{gen};
  w.buf = buf;
  if (w.ensure(uint32_t(2 + 2 * kTraceNumber + n))) w.byte(EvStrings);
  w.byte(EvString);
  w.varint(id);
  w.varint(n);
  w.bytes(s, uint32_t(n));
  buf = w.buf;
  unlock(&lock_);
}

uint64_t TraceStrings::put(uint64_t gen, const void* s, uint64_t n) {
  n = minOf(n, uint64_t(kTraceStringMax));
  bool added;
  const uint64_t id = table.put(s, n, &added);
  if (added) write(gen, id, s, n);
  return id;
}

uint64_t TraceStrings::emit(uint64_t gen, const void* s, uint64_t n) {
  if (n == 0) return 0;
  n = minOf(n, uint64_t(kTraceStringMax));
  const uint64_t id = table.stealId();
  write(gen, id, s, n);
  return id;
}

void TraceStrings::finish(uint64_t gen) {
  TraceWriter w{gen};
  w.buf = buf;
  w.flush();
  buf = nullptr;
  table.reset();
}

// ---- stacks

namespace {

// Most events have a stack, and the same few addresses are on all of them. What the function table says of an address is kept, by
// thread, so that a frame costs some nanoseconds instead of a look through the table. Frames that are not plain go through Unwinder:
// segment boundaries, faults, goroutines that were stopped in a prologue.
struct CachedFrame {
  uintptr_t pc;
  uint32_t cfaOffset;  // 0: not a plain frame
  uint32_t fpSlot;
  bool cfaIsFp, native, last;
};

}  // namespace

struct TraceFrameCache {
  static constexpr uint32_t kSize = 512;
  CachedFrame frames[kSize];
};

namespace {

bool isPlain(const ft::FuncRecord* f) {
  switch (f->funcId) {
    case ft::kFuncNormal:
    case ft::kFuncRuntimeMain:
    case ft::kFuncGopanic:
    case ft::kFuncCallDeferred:
    case ft::kFuncDeferreturn: return functab.entry(*f) != uintptr_t(sigpanicCode);
    default: return false;
  }
}

CachedFrame lookUp(uintptr_t pc) {
  CachedFrame c = {pc, 0, 0, false, false, false};
  const ft::FuncRecord* f = findfunc(pc - 1);
  if (f == nullptr || pc == uintptr_t(morestackReturn)) return c;
  c.native = (f->flags & ft::kNative) != 0;
  ft::SpRow row;
  if ((f->flags & ft::kTopFrame) != 0 || f->funcId == ft::kFuncGoexit) {
    c.last = true;
    c.cfaOffset = 8;
  } else if (isPlain(f) && functab.frameAt(*f, pc - 1, row) && row.cfaOffset > 0) {
    c.cfaOffset = uint32_t(row.cfaOffset);
    c.fpSlot = row.fpSlot;
    c.cfaIsFp = row.cfaIsFp;
  }
  return c;
}

uint64_t walk(uint64_t gen, G* gp, uintptr_t pc, uintptr_t sp, uintptr_t fp) {
  M* m = getm();
  if (m->trace.frames == nullptr) {
    m->trace.frames = static_cast<TraceFrameCache*>(sysAlloc(alignUp(sizeof(TraceFrameCache), kPhysPageSize)));
    if (m->trace.frames == nullptr) throw_("trace: out of memory");
  }
  auto* cache = m->trace.frames;
  uintptr_t pcs[kTraceFrames];
  uint32_t n = 0;
  uintptr_t end = 0;  // of the piece of stack that holds sp; 0: not known yet
  while (pc != 0 && n < kTraceFrames) {
    CachedFrame& c = cache->frames[(pc ^ pc >> 9) % TraceFrameCache::kSize];
    if (c.pc != pc) c = lookUp(pc);
    if (c.cfaOffset == 0) {
      Unwinder u;
      u.init(gp, pc, sp, fp, false);
      // Past a boundary, the frame it stands on is a plain one again.
      if (u.valid() && !u.exact && (u.pc != pc || u.sp != sp)) {
        pc = u.pc, sp = u.sp, fp = u.fp, end = 0;
        continue;
      }
      if (u.valid() && u.fn != nullptr && (u.fn->flags & ft::kNative) == 0) pcs[n++] = u.exact ? u.pc + 1 : u.pc;
      if (u.valid()) u.next();
      if (!u.valid()) break;
      // After a fault or a stop in a prologue comes the frame itself, at an exact address: Unwinder has it.
      if (u.exact) {
        if (u.fn != nullptr && (u.fn->flags & ft::kNative) == 0 && n < kTraceFrames) pcs[n++] = u.pc + 1;
        u.next();
        if (!u.valid()) break;
      }
      pc = u.pc, sp = u.sp, fp = u.fp, end = 0;
      continue;
    }
    if (!c.native) pcs[n++] = pc;
    if (c.last) break;
    if (end == 0) {
      const StackSegment* s = gp->segment != nullptr ? segmentOf(gp, sp) : nullptr;
      end = s != nullptr ? s->top : gp->stack.hi;
    }
    const uintptr_t cfa = (c.cfaIsFp ? fp : sp) + c.cfaOffset;
    if (cfa < sp + 8 || cfa > end) break;
    if (c.fpSlot != 0) fp = *reinterpret_cast<uintptr_t*>(cfa - c.fpSlot);
    pc = *reinterpret_cast<uintptr_t*>(cfa - 8);
    sp = cfa;
  }
  bool added;
  return traceStacks[gen % 2].put(pcs, n * sizeof(pcs[0]), &added);
}

// The tail of a name that is too long says more than its head.
uint64_t putName(uint64_t gen, ft::Name n) {
  const uint32_t cut = n.size > kTraceStringMax ? n.size - kTraceStringMax : 0;
  return traceStrings[gen % 2].put(gen, n.data + cut, n.size - cut);
}

void dumpStack(TraceWriter& w, const TraceTable::Entry* e) {
  struct Frame {
    uint64_t pc, function, file, line;
  } frames[kTraceFrames];
  uint32_t n = 0;
  uintptr_t pcs[kTraceFrames];
  const uint32_t count = uint32_t(e->size / sizeof(pcs[0]));
  memcpy(pcs, e->data(), e->size);
  for (uint32_t i = 0; i < count && n < kTraceFrames; i++) {
    const bool start = (pcs[i] & kStartFlag) != 0;
    const uintptr_t pc = pcs[i] & ~kStartFlag;
    const ft::FuncRecord* f = findfunc(pc - 1);
    if (f == nullptr) continue;
    // Readers know a frame by its address: calls that were inlined need one each. There is room in the call instruction.
    uint64_t at = pc;
    for (ft::FrameWalk frame = framesAt(f, pc - 1); frame.valid() && n < kTraceFrames; frame.next()) {
      if (start && frame.isInlined()) continue;
      if (!start && (frame.flags & ft::kWrapper) != 0) continue;
      frames[n++] = {pc - at < 4 ? at-- : at += uint64_t(1) << 48, putName(w.gen, frame.function), putName(w.gen, frame.fileName()), frame.line};
    }
  }
  if (w.ensure(1 + 1 + (2 + 4 * n) * kTraceNumber)) w.byte(EvStacks);
  w.byte(EvStack);
  w.varint(e->id);
  w.varint(n);
  for (uint32_t i = 0; i < n; i++) {
    w.varint(frames[i].pc);
    w.varint(frames[i].function);
    w.varint(frames[i].file);
    w.varint(frames[i].line);
  }
}

}  // namespace

uint64_t traceStack(uint64_t gen, G* gp) {
  if ((readgstatus(gp) & ~uint32_t(Gscan)) == Gsyscall) return traceSyscallStack(gen, gp);
  // As mcall and systemstack left it: six registers, rbp the last, and the return address.
  const auto* at = reinterpret_cast<const uintptr_t*>(gp->sched.sp);
  return walk(gen, gp, at[6], uintptr_t(at + 7), at[5]);
}

uint64_t traceSyscallStack(uint64_t gen, G* gp) { return walk(gen, gp, gp->syscallpc, gp->syscallsp, 0); }

uint64_t traceStartStack(uint64_t gen, uintptr_t pc) {
  const uintptr_t at = (pc + 1) | kStartFlag;
  bool added;
  return traceStacks[gen % 2].put(&at, sizeof at, &added);
}

void traceDumpStacks(uint64_t gen) {
  TraceTable& table = traceStacks[gen % 2];
  TraceWriter w{gen};
  for (uint32_t i = 0; i < TraceTable::kBuckets; i++) {
    // One at a time on g0, so that this thread can be asked to yield in between.
    for (const TraceTable::Entry* e = table.buckets[i].load(); e != nullptr; e = e->next) systemstack([&] { dumpStack(w, e); });
  }
  systemstack([&] {
    w.flush();
    table.reset();
  });
}

}  // namespace burrow::rt
