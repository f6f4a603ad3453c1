// What packages reflect and internal/reflectlite take from the runtime: offsets of descriptors, allocation, typed moves, and
// the operations on maps and channels whose element types are known at run time only.
//
// All of it runs on the caller's goroutine and follows the calling convention of compiled code: a body-less Go declaration
// finds its function by its symbol. The functions add nothing to what they call; a second symbol on the called function
// itself would do too, but would spread the library's names over all folders.
#include "chan/chan.h"
#include "gc/barrier.h"
#include "iface/alg.h"
#include "iface/itab.h"
#include "iface/type_name.h"
#include "map/map.h"
#include "mem/heap_bitmap.h"
#include "mem/malloc.h"
#include "mem/persistent_alloc.h"
#include "slice/slice.h"
#include "string/bytes.h"

namespace burrow::rt {

// ---- offsets; the first parameter tells gc's runtime the module, of which there is one here

GO_DECL("internal/reflectlite.resolveNameOff", const void*, liteResolveNameOff, (const void* module, int32_t off));
GO_DECL("internal/reflectlite.resolveTypeOff", const void*, liteResolveTypeOff, (const void* type, int32_t off));
GO_DECL("reflect.resolveNameOff", const void*, reflectResolveNameOff, (const void* module, int32_t off));
GO_DECL("reflect.resolveTypeOff", const void*, reflectResolveTypeOff, (const void* type, int32_t off));
GO_DECL("reflect.resolveTextOff", const void*, reflectResolveTextOff, (const void* type, int32_t off));
GO_DECL("reflect.addReflectOff", int32_t, reflectAddReflectOff, (const void* p));
const void* liteResolveNameOff(const void*, int32_t off) { return resolveOff(off); }
const void* liteResolveTypeOff(const void*, int32_t off) { return resolveTypeOff(off); }
const void* reflectResolveNameOff(const void*, int32_t off) { return resolveOff(off); }
const void* reflectResolveTypeOff(const void*, int32_t off) { return resolveTypeOff(off); }
const void* reflectResolveTextOff(const void*, int32_t off) { return resolveTextOff(off); }
int32_t reflectAddReflectOff(const void* p) { return addReflectOff(p); }

// ---- memory

GO_DECL("internal/reflectlite.unsafe_New", void*, liteNew, (const Type* type));
GO_DECL("internal/reflectlite.typedmemmove", void, liteMove, (const Type* type, void* dst, const void* src));
GO_DECL("reflect.unsafe_New", void*, reflectNew, (const Type* type));
GO_DECL("reflect.unsafe_NewArray", void*, reflectNewArray, (const Type* type, int64_t n));
GO_DECL("reflect.typedmemmove", void, reflectMove, (const Type* type, void* dst, const void* src));
GO_DECL("reflect.typedmemclr", void, reflectClear, (const Type* type, void* p));
GO_DECL("reflect.typehash", uint64_t, reflectHash, (const Type* type, const void* p, uint64_t seed));
void* liteNew(const Type* type) { return newobject(type); }
void liteMove(const Type* type, void* dst, const void* src) { typedmemmove(type, dst, src); }
void* reflectNew(const Type* type) { return newobject(type); }
void* reflectNewArray(const Type* type, int64_t n) { return newarray(type, n); }
void reflectMove(const Type* type, void* dst, const void* src) { typedmemmove(type, dst, src); }
void reflectClear(const Type* type, void* p) { typedmemclr(type, p); }
uint64_t reflectHash(const Type* type, const void* p, uint64_t seed) { return typehash(type, p, seed); }

// For package reflect's tests: which words of the object that p points to are pointers, a byte for each, up to the last one. Of
// an object in the heap it is what the collector takes for pointers.
GO_DECL("reflect.gcbits", GoSlice, reflectGcBits, (const abi::PtrType* type, void* p));
GoSlice reflectGcBits(const abi::PtrType* type, void* p) {
  uint64_t base, size;
  if (findObject(uint64_t(p), &base, &size)) {
    MSpan* s = spanOfHeap(uint64_t(p));
    const uint64_t from = uint64_t(p);
    const uint64_t object =
        s->sizeClass() == 0 ? base : s->base() + s->objIndex(base) * s->elemsize;  // with its header
    int64_t n = 0;
    forEachPointerSlot(s, object, [&](uint64_t slot) { n = int64_t(slot - from) / int64_t(kPtrSize) + 1; });
    if (n <= 0) return {nullptr, 0, 0};
    auto* bits = static_cast<uint8_t*>(mallocgc(static_cast<uint64_t>(n), nullptr, true));
    forEachPointerSlot(s, object, [&](uint64_t slot) {
      if (slot >= from) bits[(slot - from) / kPtrSize] = 1;
    });
    return {bits, n, n};
  }
  const int64_t n = static_cast<int64_t>(type->elem->ptrBytes / kPtrSize);
  if (n == 0) return {nullptr, 0, 0};
  const uint8_t* mask = getGCMask(type->elem);
  auto* bits = static_cast<uint8_t*>(mallocgc(static_cast<uint64_t>(n), nullptr, false));
  for (int64_t i = 0; i < n; i++) bits[i] = mask[i / 8] >> (i % 8) & 1;
  return {bits, n, n};
}

// ---- interfaces: a value of type any becomes one of an interface type with methods

GO_DECL("internal/reflectlite.ifaceE2I", void, liteE2I,
        (const abi::InterfaceType* to, const Type* type, void* data, abi::Iface* dst));
GO_DECL("reflect.ifaceE2I", void, reflectE2I,
        (const abi::InterfaceType* to, const Type* type, void* data, abi::Iface* dst));
void liteE2I(const abi::InterfaceType* to, const Type* type, void* data, abi::Iface* dst) {
  reflectE2I(to, type, data, dst);
}
void reflectE2I(const abi::InterfaceType* to, const Type* type, void* data, abi::Iface* dst) {
  dst->tab = typeAssertItab(to, type, nullptr);
  storePointer(&dst->data, data);
}

// ---- maps and channels

GO_DECL("internal/reflectlite.maplen", int64_t, liteMapLen, (const Map* m));
GO_DECL("internal/reflectlite.chanlen", int64_t, liteChanLen, (const HChan* c));
GO_DECL("reflect.maplen", int64_t, reflectMapLen, (const Map* m));
GO_DECL("reflect.chanlen", int64_t, reflectChanLen, (const HChan* c));
GO_DECL("reflect.chancap", int64_t, reflectChanCap, (const HChan* c));
GO_DECL("reflect.makechan", HChan*, reflectMakeChan, (const abi::ChanType* type, int64_t size));
GO_DECL("reflect.makemap", Map*, reflectMakeMap, (const abi::MapType* type, int64_t hint));
GO_DECL("reflect.mapaccess", void*, reflectMapAccess, (const abi::MapType* type, Map* m, const void* key));
GO_DECL("reflect.mapdelete", void, reflectMapDelete, (const abi::MapType* type, Map* m, const void* key));
GO_DECL("reflect.mapclear", void, reflectMapClear, (const abi::MapType* type, Map* m));
GO_DECL("reflect.mapassign0", void, reflectMapAssign,
        (const abi::MapType* type, Map* m, const void* key, const void* elem));
int64_t liteMapLen(const Map* m) { return m ? static_cast<int64_t>(m->used) : 0; }
int64_t liteChanLen(const HChan* c) { return chanlen(c); }
int64_t reflectMapLen(const Map* m) { return m ? static_cast<int64_t>(m->used) : 0; }
int64_t reflectChanLen(const HChan* c) { return chanlen(c); }
int64_t reflectChanCap(const HChan* c) { return chancap(c); }
HChan* reflectMakeChan(const abi::ChanType* type, int64_t size) { return makechan(type, size); }
Map* reflectMakeMap(const abi::MapType* type, int64_t hint) { return makemap(type, hint, nullptr); }
// nil when the key is not in the map.
void* reflectMapAccess(const abi::MapType* type, Map* m, const void* key) {
  ElemOk found = mapaccess2(type, m, key);
  return found.ok ? found.elem : nullptr;
}
void reflectMapDelete(const abi::MapType* type, Map* m, const void* key) { mapdelete(type, m, key); }
void reflectMapClear(const abi::MapType* type, Map* m) { mapclear(type, m); }
void reflectMapAssign(const abi::MapType* type, Map* m, const void* key, const void* elem) {
  typedmemmove(type->elem, mapassign(type, m, key), elem);
}

GO_DECL("reflect.mapaccess_faststr", void*, reflectMapAccessStr, (const abi::MapType* type, Map* m, GoString key));
GO_DECL("reflect.mapassign_faststr0", void, reflectMapAssignStr,
        (const abi::MapType* type, Map* m, GoString key, const void* elem));
GO_DECL("reflect.mapdelete_faststr", void, reflectMapDeleteStr, (const abi::MapType* type, Map* m, GoString key));
void* reflectMapAccessStr(const abi::MapType* type, Map* m, GoString key) {
  ElemOk found = mapaccess2_faststr(type, m, key);
  return found.ok ? found.elem : nullptr;
}
void reflectMapAssignStr(const abi::MapType* type, Map* m, GoString key, const void* elem) {
  typedmemmove(type->elem, mapassign_faststr(type, m, key), elem);
}
void reflectMapDeleteStr(const abi::MapType* type, Map* m, GoString key) { mapdelete_faststr(type, m, key); }

GO_DECL("reflect.chanclose", void, reflectChanClose, (HChan * c));
GO_DECL("reflect.chansend0", bool, reflectChanSend, (HChan * c, const void* elem, bool nonBlocking));
GO_DECL("reflect.chanrecv", TwoBools, reflectChanRecv, (HChan * c, bool nonBlocking, void* elem));
void reflectChanClose(HChan* c) { closechan(c); }
bool reflectChanSend(HChan* c, const void* elem, bool nonBlocking) { return chansend(c, elem, !nonBlocking); }
TwoBools reflectChanRecv(HChan* c, bool nonBlocking, void* elem) {
  const RecvResult r = chanrecv(c, elem, !nonBlocking);
  return {r.selected, r.received};
}

// A select whose cases are a slice. selectgo wants sends first, then receives; the answer is translated back.
struct RuntimeSelect {
  int64_t dir;
  const Type* type;
  HChan* ch;
  void* val;
};
struct RselectResult {
  int64_t chosen;
  uint64_t received;
};
GO_DECL("reflect.rselect", RselectResult, reflectRselect, (const RuntimeSelect* cases, int64_t n, int64_t cap));
RselectResult reflectRselect(const RuntimeSelect* cases, int64_t n, int64_t) {
  constexpr int64_t kSend = 1, kRecv = 2, kDefault = 3;
  if (n == 0) block();
  // Pointer-free scratch memory for many cases: reflect's slice keeps channels and values reachable.
  constexpr int64_t kFew = 4;
  struct Scratch {
    abi::SelectCase list[kFew];
    int64_t original[kFew];
    uint16_t order[2 * kFew];
  } few;
  abi::SelectCase* list = few.list;
  int64_t* original = few.original;
  uint16_t* order = few.order;
  if (n > kFew) {
    list = static_cast<abi::SelectCase*>(rawmem(uint64_t(n) * (sizeof *list + sizeof *original + 2 * sizeof *order)));
    original = reinterpret_cast<int64_t*>(list + n);
    order = reinterpret_cast<uint16_t*>(original + n);
  }
  int64_t sends = 0, receives = 0, defaultCase = -1;
  for (int64_t i = 0; i < n; i++) {
    int64_t at;
    if (cases[i].dir == kDefault) {
      defaultCase = i;
      continue;
    }
    if (cases[i].dir == kSend) {
      at = sends++;
    } else {
      at = n - ++receives;
    }
    list[at] = {cases[i].ch, cases[i].val};
    original[at] = i;
  }
  static_assert(kRecv == kSend + 1);
  // Without a case to choose from: the default, or for ever.
  if (sends + receives == 0) return {defaultCase, 0};
  // A default leaves one place free between the sends and the receives.
  if (sends + receives < n) {
    memmove(list + sends, list + n - receives, uint64_t(receives) * sizeof(abi::SelectCase));
    memmove(original + sends, original + n - receives, uint64_t(receives) * 8);
  }
  const SelectResult r = selectgo(list, order, nullptr, sends, receives, defaultCase < 0);
  if (r.chosen < 0) return {defaultCase, 0};
  return {original[r.chosen], r.received};
}

// ---- slices and blocks of memory

GO_DECL("reflect.memmove", void, reflectMemmove, (void* dst, const void* src, uint64_t n));
GO_DECL("reflect.typedmemclrpartial", void, reflectClearPart, (const Type* type, void* p, uint64_t off, uint64_t size));
GO_DECL("reflect.typedarrayclear", void, reflectClearArray, (const Type* elem, void* p, int64_t n));
GO_DECL("reflect.typedslicecopy", int64_t, reflectSliceCopy,
        (const Type* elem, void* dst, int64_t dstLen, int64_t dstCap, const void* src, int64_t srcLen, int64_t srcCap));
GO_DECL("reflect.growslice", GoSlice, reflectGrowslice,
        (const Type* elem, void* p, int64_t len, int64_t cap, int64_t num));
GO_DECL("reflect.unsafeslice", void, reflectUnsafeSlice, (const Type* elem, void* p, int64_t len));
GO_DECL("reflect.verifyNotInHeapPtr", bool, reflectVerifyNotInHeap, (uint64_t p));
void reflectMemmove(void* dst, const void* src, uint64_t n) { memmove(dst, src, n); }
void reflectClearPart(const Type*, void* p, uint64_t off, uint64_t size) {
  (void)off;  // p is the address of the part already
  memclrHasPointers(p, size);
}
void reflectClearArray(const Type* elem, void* p, int64_t n) { typedArrayClear(elem, p, uint64_t(n)); }
int64_t reflectSliceCopy(const Type* elem, void* dst, int64_t dstLen, int64_t, const void* src, int64_t srcLen,
                         int64_t) {
  if (!elem->hasPointers()) return slicecopy(dst, dstLen, src, srcLen, elem->size);
  return typedslicecopy(elem, dst, dstLen, src, srcLen);
}
// Room for num more elements; len stays. What append would overwrite at once shows here, and must be zero.
GoSlice reflectGrowslice(const Type* elem, void* p, int64_t len, int64_t cap, int64_t num) {
  num -= cap - len;
  GoSlice grown = growslice(p, cap + num, cap, num, elem);
  if (!elem->hasPointers()) {
    const uint64_t from = uint64_t(cap) * elem->size, to = uint64_t(grown.len) * elem->size;
    memset(static_cast<uint8_t*>(grown.data) + from, 0, to - from);
  }
  grown.len = len;
  return grown;
}
void reflectUnsafeSlice(const Type* elem, void* p, int64_t len) { unsafeslicecheckptr(elem, p, len); }
// A pointer that a //go:notinheap type holds: nothing that the heap could have.
bool reflectVerifyNotInHeap(uint64_t p) {
  uint64_t base, size;
  return !findObject(p, &base, &size);
}

// ---- tables

// The unnamed types of the executable, by name: so that a type that reflect makes is the one that the program has, if it
// has it. The compiler lists them (section `typelink`), unsorted; sorted at the first question.
extern __attribute__((weak, visibility("hidden"))) const Type* const typelinkStart[] __asm__("__start_typelink");
extern __attribute__((weak, visibility("hidden"))) const Type* const typelinkStop[] __asm__("__stop_typelink");
namespace {

struct {
  Mutex lock = {{}, LockRank::Reflect};
  Atomic<const Type**> sorted;
  int64_t count;
} typelinks;

bool nameLess(const Type* a, const Type* b) { return cmpstring(typeString(a), typeString(b)) < 0; }

void siftDown(const Type** heap, int64_t i, int64_t n) {
  const Type* moved = heap[i];
  for (int64_t child; (child = 2 * i + 1) < n; i = child) {
    if (child + 1 < n && nameLess(heap[child], heap[child + 1])) child++;
    if (!nameLess(moved, heap[child])) break;
    heap[i] = heap[child];
  }
  heap[i] = moved;
}

const Type** sortedTypelinks(int64_t* count) {
  if (const Type** known = typelinks.sorted.loadAcquire()) {
    *count = typelinks.count;
    return known;
  }
  const int64_t n = typelinkStart ? typelinkStop - typelinkStart : 0;
  *count = n;
  if (n == 0) return nullptr;
  // In memory of its own: two goroutines may do this at the same time, and the later result is dropped.
  auto** list = static_cast<const Type**>(rawmem(uint64_t(n) * 8));
  memcpy(list, typelinkStart, uint64_t(n) * 8);
  for (int64_t i = n / 2; i-- > 0;) siftDown(list, i, n);
  for (int64_t end = n; end-- > 1;) {
    const Type* top = list[0];
    list[0] = list[end];
    list[end] = top;
    siftDown(list, 0, end);
  }
  lock(&typelinks.lock);
  if (typelinks.sorted.loadRelaxed() == nullptr) {
    auto** kept = static_cast<const Type**>(persistentAlloc(uint64_t(n) * 8, 8, nullptr));
    memcpy(kept, list, uint64_t(n) * 8);
    typelinks.count = n;
    typelinks.sorted.storeRelease(kept);
  }
  unlock(&typelinks.lock);
  return typelinks.sorted.loadAcquire();
}

}  // namespace

struct TypelinksResult {
  GoSlice first, rest;
};
GO_DECL("reflect.compiledTypelinks", void, reflectTypelinks, (TypelinksResult * result));
void reflectTypelinks(TypelinksResult* result) {
  int64_t n;
  const Type** list = sortedTypelinks(&n);
  *result = {{list, n, n}, {nullptr, 0, 0}};
}

GO_DECL("reflect.adjustAIXGCDataForRuntime", uint8_t*, reflectAdjustAIX, (uint8_t * p));
uint8_t* reflectAdjustAIX(uint8_t* p) { return p; }

// Small numbers, so that an interface value of one needs no memory.
struct Numbers {
  uint64_t value[256];
  constexpr Numbers() : value() {
    for (uint64_t i = 0; i < 256; i++) value[i] = i;
  }
};
constexpr Numbers numbers;
GO_DECL("runtime.getStaticuint64s", const void*, getStaticuint64s, ());
const void* getStaticuint64s() { return &numbers; }

}  // namespace burrow::rt
