// SetFinalizer, AddCleanup and Pinner: what is to happen when an object became unreachable, in a hash table by object, for the
// collector. Without a collector no object ever becomes unreachable, so nothing of it runs.
#include "abi/type.h"
#include "iface/type_name.h"
#include "mem/malloc.h"
#include "mem/persistent_alloc.h"
#include "panic/panic.h"

namespace burrow::rt {

struct Finalizer {
  uintptr_t object;
  FuncVal* fn;
  const abi::Type* fnType;  // the finalizer's type; null for a cleanup or a pin
  uint64_t id;              // of a cleanup; 0 for the finalizer
  Finalizer* next;
};

namespace {

constexpr uint32_t kFinalizerBuckets = 1024;
Mutex finalizerLock = {{}, LockRank::Finalizer};
Finalizer* finalizers[kFinalizerBuckets];
Finalizer* freeFinalizers;

Finalizer** bucketOf(uintptr_t object) { return &finalizers[(object >> 4) * 0x9e3779b97f4a7c15u >> 54]; }

uint64_t lastCleanup;

Finalizer* newRecord() {
  Finalizer* f = freeFinalizers;
  if (f == nullptr) return static_cast<Finalizer*>(persistentAlloc(sizeof(Finalizer), alignof(Finalizer), nullptr));
  freeFinalizers = f->next;
  return f;
}
void unlinkRecord(Finalizer** at) {
  Finalizer* f = *at;
  *at = f->next;
  f->next = freeFinalizers;
  freeFinalizers = f;
}
Finalizer** findRecord(uintptr_t object, uint64_t id) {
  Finalizer** at = bucketOf(object);
  while (*at != nullptr && ((*at)->object != object || (*at)->id != id)) at = &(*at)->next;
  return at;
}
void addRecord(uintptr_t object, FuncVal* fn, uint64_t id) {
  Finalizer* f = newRecord();
  Finalizer** bucket = bucketOf(object);
  *f = {object, fn, nullptr, id, *bucket};
  *bucket = f;
}
constexpr uint64_t kPinId = ~uint64_t(0);

}  // namespace

GOABI void setfinalizer(const Eface* obj, const Eface* fin) GO_SYM("runtime.setfinalizer");
GOABI void setfinalizer(const Eface* obj, const Eface* fin) {
  if (obj->type == nullptr) throw_("runtime.SetFinalizer: first argument is nil");
  if (obj->type->kind != abi::kPointer) throw_("runtime.SetFinalizer: first argument is not a pointer");
  if (obj->data == nullptr) throw_("nil elem type!");
  uint64_t base, size;
  if (!findObject(uintptr_t(obj->data), &base, &size)) return;  // a global, or a zero-size object: never collected
  if (fin->type != nullptr && fin->type->kind != abi::kFunc) throw_("runtime.SetFinalizer: second argument is not a function");

  uintptr_t object = uintptr_t(obj->data);
  bool twice = false;
  lock(&finalizerLock);
  Finalizer** at = findRecord(object, 0);
  if (fin->type == nullptr) {
    if (*at != nullptr) unlinkRecord(at);
  } else if (*at != nullptr) {
    twice = true;
  } else {
    Finalizer* f = newRecord();
    *f = {object, static_cast<FuncVal*>(fin->data), fin->type, 0, nullptr};
    *at = f;
  }
  unlock(&finalizerLock);
  if (twice) throw_("runtime.SetFinalizer: finalizer already set");
}

GOABI uint64_t addcleanup(void* object, FuncVal* fn) GO_SYM("runtime.addcleanup");
GOABI uint64_t addcleanup(void* object, FuncVal* fn) {
  lock(&finalizerLock);
  uint64_t id = ++lastCleanup;
  addRecord(uintptr_t(object), fn, id);
  unlock(&finalizerLock);
  return id;
}
GOABI void stopcleanup(uintptr_t object, uint64_t id) GO_SYM("runtime.stopcleanup");
GOABI void stopcleanup(uintptr_t object, uint64_t id) {
  lock(&finalizerLock);
  Finalizer** at = findRecord(object, id);
  if (*at != nullptr) unlinkRecord(at);
  unlock(&finalizerLock);
}

GOABI void pinnerLive(void* refs, int64_t delta) GO_SYM("runtime.pinnerLive");
GOABI void pinnerLive(void* refs, int64_t delta) {
  lock(&finalizerLock);
  if (delta > 0) {
    addRecord(uintptr_t(refs), nullptr, kPinId);
  } else {
    Finalizer** at = findRecord(uintptr_t(refs), kPinId);
    if (*at != nullptr) unlinkRecord(at);
  }
  unlock(&finalizerLock);
}

}  // namespace burrow::rt
