// A P's run queue: a ring of N pointers that one owner pushes to and pops from, and that any number of thieves take half of,
// without locks; plus `runnext`, a slot for the G that is to run next.
//
//   head (atomic, moved by the owner's pop and by thieves)      tail (moved by the owner only)
//     |                                                            |
//   [ g, g, g, g, g ........................................... ]  0 <= tail - head <= N
//
// Both counters run free (uint32, wrap around); index = counter % N. Invariants: slots in [head, tail) hold runnable Gs;
// whoever moves head from h to h+n by compare-and-swap owns the Gs in [h, h+n). A thief copies the slots out first and
// then tries to move head; when that fails its copy is worthless and it starts again. The owner publishes a new slot by a
// release store of tail; a thief's acquire load of tail sees the slot's contents.
//
// runnext is a G readied by the one that runs now: it inherits the time slice, so a pair that talks over a channel does
// not go through the queue. It can be stolen too, but only by a CAS to null and, by policy of the caller, last and late.
//
// A Chase-Lev deque (LIFO for the owner) was rejected: FIFO order is what makes goroutines fair among each other.
// The queue knows nothing of G except that it is a pointer; tests instantiate it with integers under ThreadSanitizer.
#pragma once

#include <cstdint>

#include "base/atomic.h"

namespace burrow::rt {

template <class T, uint32_t N>
struct RunQueue {
  static_assert((N & (N - 1)) == 0);

  Atomic<uint32_t> head;
  Atomic<uint32_t> tail;
  Atomic<T*> ring[N];
  Atomic<T*> runnext;

  // empty reports whether nothing is queued: true means that there was a moment, during the call, when that was so.
  // Three separate loads could miss a G that moves from runnext to the ring; re-reading tail closes that window.
  bool empty() const {
    for (;;) {
      uint32_t h = head.loadAcquire();
      uint32_t t = tail.loadAcquire();
      T* next = runnext.load();
      if (t == tail.loadAcquire()) return h == t && next == nullptr;
    }
  }

  uint32_t size() const {
    uint32_t h = head.loadAcquire(), t = tail.loadAcquire();
    return t - h;
  }

  // Owner only. push reports false when the ring is full: the caller then takes half away with takeHalfOfFull.
  bool push(T* g) {
    uint32_t h = head.loadAcquire();
    uint32_t t = tail.loadRelaxed();
    if (t - h >= N) return false;
    ring[t % N].storeRelaxed(g);
    tail.storeRelease(t + 1);
    return true;
  }

  // Owner only, ring full as seen by push: moves the older half into batch[0..N/2) and reports whether it did (a thief may
  // have been faster; then push works again).
  bool takeHalfOfFull(T** batch) {
    uint32_t h = head.loadAcquire();
    uint32_t t = tail.loadRelaxed();
    if (t - h != N) return false;
    uint32_t n = N / 2;
    for (uint32_t i = 0; i < n; i++) batch[i] = ring[(h + i) % N].loadRelaxed();
    return head.casRelease(h, h + n);
  }

  // Owner only: the next G, runnext first. `inherits` says that it continues the current time slice. Null when empty.
  T* pop(bool& inherits) {
    T* next = runnext.loadRelaxed();
    // Only a thief can take runnext away from the owner (others do not set it), so one failed CAS means it is gone.
    if (next != nullptr && runnext.cas(next, nullptr)) {
      inherits = true;
      return next;
    }
    inherits = false;
    for (;;) {
      uint32_t h = head.loadAcquire();
      uint32_t t = tail.loadRelaxed();
      if (t == h) return nullptr;
      T* g = ring[h % N].loadRelaxed();
      if (head.casRelease(h, h + 1)) return g;
    }
  }

  // Owner only: makes g the next to run; returns the one that was, which the caller must queue.
  T* setNext(T* g) { return runnext.xchg(g); }

  // Any thread: copies up to half of the ring into out[] (room for N/2) and takes it; 0 when there is nothing.
  uint32_t grab(T** out) {
    for (;;) {
      uint32_t h = head.loadAcquire();
      uint32_t t = tail.loadAcquire();
      uint32_t n = t - h;
      n = n - n / 2;
      if (n == 0) return 0;
      if (n > N / 2) continue;  // head and tail were read at different times
      for (uint32_t i = 0; i < n; i++) out[i] = ring[(h + i) % N].loadRelaxed();
      if (head.casRelease(h, h + n)) return n;
    }
  }

  // Any thread: takes runnext; null when there is none or its owner was faster.
  T* grabNext() {
    T* next = runnext.loadAcquire();
    if (next != nullptr && runnext.cas(next, nullptr)) return next;
    return nullptr;
  }
};

}  // namespace burrow::rt
