// Specials: what hangs on single objects without being part of them. A span has a list of its objects' specials, sorted by
// offset; the page bit HeapArena::pageSpecials says that there is one.
//
//     MSpan::specials -> {offset 48, Finalizer} -> {offset 48, WeakHandle} -> {offset 112, Cleanup} -> nil
//
//   Finalizer   fn(obj) is to be called when obj became unreachable; obj lives once more. What obj refers to is a root (for
//               the finalizer will see it), obj itself is not.
//   Cleanup     fn() is to be called when obj was freed. fn is a root.
//   WeakHandle  the indirection that weak pointers to obj share: a heap object of one word, which holds obj's address
//               until obj is found unreachable (or is going to be finalized), then 0. The handle is a root.
//   Pin         obj is a root.
//   Profile     obj was sampled by the memory profile; its free is to be counted for `bucket`, the stack that allocated it.
//
// A list is guarded by the span's speciallock; its span is swept first, so that nobody deals with a special of an object that
// is already known to be dead.
#pragma once

#include "gc/gc.h"

namespace burrow::rt {

enum class SpecialKind : uint8_t { Finalizer = 1, WeakHandle, Cleanup, Pin, Profile, Bubble };

struct Special {
  Special* next;
  uint64_t offset;  // of the object's address in the span
  SpecialKind kind;
  union {
    struct {
      FuncVal* fn;
      const abi::PtrType* ot;  // type of the object's pointer
      const Type* fint;        // type of the finalizer's parameter
      uint64_t resultBytes;    // room for its results in memory; 0: they fit into registers
    } fin;
    struct {
      FuncVal* fn;
      uint64_t id;
    } cleanup;
    uintptr_t* handle;
    void* bucket;
    uint64_t bubble;  // sched/synctest.cpp: the id of the one that the object belongs to
  };
};

// Adds s (a copy of it) to the object at p. Reports false, and changes nothing, when one of the kind is there already
// (Finalizer, WeakHandle, Pin, Bubble; cleanups can be many). p is into a live heap object.
bool addspecial(void* p, const Special& s) __asm__("runtime.addspecial");
// Takes the first that matches away; reports whether there was one.
bool removespecial(void* p, SpecialKind kind, uint64_t id = 0) __asm__("runtime.removespecial");
// Copies the first of the kind at p, an address in the heap; false: there is none.
bool findspecial(void* p, SpecialKind kind, Special* found);
uintptr_t* findWeakHandle(void* p);

// The specials of unmarked objects of an unswept span; called by its sweeper.
void sweepSpecials(MSpan* s);
// Brings s to the present sweepgen. The caller knows an object in it to be alive, and holds the M.
void ensureSwept(MSpan* s);

// ---- finalizers.cpp
void queuefinalizer(void* obj, const Special& s) __asm__("runtime.queuefinalizer");
void queueCleanup(FuncVal* fn);
void markQueues(GcWork* gcw);

}  // namespace burrow::rt
