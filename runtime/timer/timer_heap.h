// A min-heap of timers by the time at which they are due, with four children per node.
//
//   at[0] ............ due next
//   children of at[i]: at[4i+1] .. at[4i+4]         16 bytes an entry: the four children share a cache line or two
//
// The entry repeats the timer's time, so that sifting does not touch the timers of the entries it compares. A timer knows
// its entry (`heapIndex`), so that any timer can be taken out or moved in O(log n): a stopped timer leaves at once, and the
// heap never holds what will not fire. gc instead marks stopped timers and sweeps them out later, which spares the store of
// the index while sifting, but needs three state bits, their transitions and a second minimum to be kept right.
//
// Entries with the same time are ordered by the timers' `tie`, which is random for timers on a fake clock (many of them
// are due at exactly the same instant there) and zero for all others.
//
// The heap knows nothing of its timers but these two fields, and of memory only what `Memory` offers; tests fill it with
// their own. Nothing here locks.
#pragma once

#include <cstddef>
#include <cstdint>

namespace burrow::rt {

// T has `uint32_t heapIndex` and `uint32_t tie`. Memory has `static void* alloc(size_t)` (zero or not, never null) and
// `static void free(void*, size_t)`; sizes are multiples of 4096.
template <class T, class Memory>
struct TimerHeap {
  struct Entry {
    int64_t when;
    T* timer;
  };

  static constexpr uint32_t kChildren = 4;
  static constexpr uint32_t kFirstCap = 4096 / sizeof(Entry);

  Entry* at = nullptr;
  uint32_t len = 0;
  uint32_t cap = 0;

  // The earliest time; 0 when there is none.
  int64_t minWhen() const { return len == 0 ? 0 : at[0].when; }

  void push(T* t, int64_t when) {
    if (len == cap) grow();
    len++;
    siftUp(len - 1, {when, t});
  }

  // The entry at i goes.
  void remove(uint32_t i) {
    Entry last = at[--len];
    if (i == len) return;
    reorder(i, last);
  }

  T* popMin() {
    T* t = at[0].timer;
    remove(0);
    return t;
  }

  // The entry at i gets another time.
  void update(uint32_t i, int64_t when) { reorder(i, {when, at[i].timer}); }

  void clear() {
    if (at != nullptr) Memory::free(at, cap * sizeof(Entry));
    at = nullptr;
    len = cap = 0;
  }

  // Is the order right, and does each timer know its place?
  bool valid() const {
    for (uint32_t i = 0; i < len; i++) {
      if (at[i].timer->heapIndex != i) return false;
      if (i > 0 && less(at[i], at[(i - 1) / kChildren])) return false;
    }
    return true;
  }

 private:
  static bool less(const Entry& a, const Entry& b) {
    return a.when < b.when || (a.when == b.when && a.timer->tie < b.timer->tie);
  }
  void put(uint32_t i, const Entry& e) {
    at[i] = e;
    e.timer->heapIndex = i;
  }
  // e belongs somewhere on the paths through i, whose entry is dead.
  void reorder(uint32_t i, const Entry& e) {
    if (i > 0 && less(e, at[(i - 1) / kChildren])) {
      siftUp(i, e);
    } else {
      siftDown(i, e);
    }
  }
  void siftUp(uint32_t i, const Entry& e) {
    while (i > 0) {
      uint32_t parent = (i - 1) / kChildren;
      if (!less(e, at[parent])) break;
      put(i, at[parent]);
      i = parent;
    }
    put(i, e);
  }
  void siftDown(uint32_t i, const Entry& e) {
    for (;;) {
      uint32_t child = i * kChildren + 1;
      if (child >= len) break;
      uint32_t end = child + kChildren < len ? child + kChildren : len;
      uint32_t best = child;
      for (uint32_t c = child + 1; c < end; c++)
        if (less(at[c], at[best])) best = c;
      if (!less(at[best], e)) break;
      put(i, at[best]);
      i = best;
    }
    put(i, e);
  }
  void grow() {
    uint32_t more = cap == 0 ? kFirstCap : cap * 2;
    Entry* fresh = static_cast<Entry*>(Memory::alloc(more * sizeof(Entry)));
    for (uint32_t i = 0; i < len; i++) fresh[i] = at[i];
    if (at != nullptr) Memory::free(at, cap * sizeof(Entry));
    at = fresh;
    cap = more;
  }
};

}  // namespace burrow::rt
