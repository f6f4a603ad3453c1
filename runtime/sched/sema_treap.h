// The waiters of all semaphores in one bucket of the table: a balanced tree by address, and per address a list.
//
//   root                       a node per address, which is the waiter that came first:
//   ├── 0x10 ─► w ─► w         waitlink: the other waiters of that address, in the order in which they are to be woken
//   └── 0x58                   waittail: the last of them
//       └── 0x60 ─► w          prev, next: smaller and larger addresses; parent
//
// The tree is a treap: in order by address, and a heap by a random ticket. It stays balanced whatever the addresses are,
// with code for rotation only. A program with a million mutexes in use has thousands of addresses in a bucket; a list would
// be walked each time.
//
// A waiter's ticket is not 0 while it is the node of its address, and 0 otherwise (the caller uses it for its own purposes
// once the waiter is out). The caller locks. T is a Sudog; tests bring their own.
#pragma once

#include <cstdint>

namespace burrow::rt {

template <class T>
struct SemaTreap {
  T* root = nullptr;

  T* find(const void* addr) const {
    T* t = root;
    while (t != nullptr && t->elem != addr) t = uintptr_t(addr) < uintptr_t(t->elem) ? t->prev : t->next;
    return t;
  }

  // s waits for addr: as the last one, or, lifo, as the first. `random` is any number.
  void queue(T* s, void* addr, bool lifo, uint32_t random) {
    s->elem = addr;
    s->next = s->prev = s->parent = s->waitlink = s->waittail = nullptr;
    s->ticket = 0;
    T* last = nullptr;
    T** link = &root;
    while (T* t = *link) {
      if (t->elem == addr) {
        if (lifo) {
          // s takes t's place; t heads the list of the others.
          substitute(t, s);
          s->waitlink = t;
          s->waittail = t->waittail != nullptr ? t->waittail : t;
          t->waittail = nullptr;
        } else {
          (t->waittail != nullptr ? t->waittail->waitlink : t->waitlink) = s;
          t->waittail = s;
        }
        return;
      }
      last = t;
      link = uintptr_t(addr) < uintptr_t(t->elem) ? &t->prev : &t->next;
    }
    s->ticket = random | 1;
    s->parent = last;
    *link = s;
    while (s->parent != nullptr && s->parent->ticket > s->ticket) rotateUp(s);
  }

  // The first waiter of addr leaves; null when there is none.
  T* dequeue(const void* addr) {
    T* s = find(addr);
    if (s == nullptr) return nullptr;
    if (T* t = s->waitlink) {
      substitute(s, t);
      t->waittail = s->waittail != t ? s->waittail : nullptr;
    } else {
      // Down to a leaf, then off.
      while (s->next != nullptr || s->prev != nullptr)
        rotateUp(s->next == nullptr || (s->prev != nullptr && s->prev->ticket < s->next->ticket) ? s->prev : s->next);
      *linkTo(s) = nullptr;
    }
    s->next = s->prev = s->parent = s->waitlink = s->waittail = nullptr;
    s->elem = nullptr;
    s->ticket = 0;
    return s;
  }

 private:
  T** linkTo(T* s) {
    if (s->parent == nullptr) return &root;
    return s->parent->prev == s ? &s->parent->prev : &s->parent->next;
  }
  // `to` becomes the node in place of `from`.
  void substitute(T* from, T* to) {
    *linkTo(from) = to;
    to->ticket = from->ticket;
    to->parent = from->parent;
    to->prev = from->prev;
    to->next = from->next;
    if (to->prev != nullptr) to->prev->parent = to;
    if (to->next != nullptr) to->next->parent = to;
    from->parent = from->prev = from->next = nullptr;
    from->ticket = 0;
  }
  // s changes places with its parent.
  void rotateUp(T* s) {
    T* p = s->parent;
    T** link = linkTo(p);
    T* inner;
    if (p->prev == s) {
      inner = s->next;
      s->next = p;
      p->prev = inner;
    } else {
      inner = s->prev;
      s->prev = p;
      p->next = inner;
    }
    if (inner != nullptr) inner->parent = p;
    s->parent = p->parent;
    p->parent = s;
    *link = s;
  }
};

}  // namespace burrow::rt
