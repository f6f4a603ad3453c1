// SetFinalizer, and GC until there is a collector: finalizers are checked and recorded, in a hash table by object; the
// collector will take them from there. Without a collector no object ever becomes unreachable, so none runs.
#include "abi/type.h"
#include "iface/type_name.h"
#include "mem/malloc.h"
#include "mem/persistent_alloc.h"
#include "panic/panic.h"

namespace burrow::rt {

struct Finalizer {
  uintptr_t object;
  FuncVal* fn;
  const abi::Type* fnType;
  Finalizer* next;
};

namespace {

constexpr uint32_t kFinalizerBuckets = 1024;
Mutex finalizerLock = {{}, LockRank::Finalizer};
Finalizer* finalizers[kFinalizerBuckets];
Finalizer* freeFinalizers;

Finalizer** bucketOf(uintptr_t object) { return &finalizers[(object >> 4) * 0x9e3779b97f4a7c15u >> 54]; }

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
  Finalizer** at = bucketOf(object);
  while (*at != nullptr && (*at)->object != object) at = &(*at)->next;
  if (fin->type == nullptr) {
    if (Finalizer* f = *at) {
      *at = f->next;
      f->next = freeFinalizers;
      freeFinalizers = f;
    }
  } else if (*at != nullptr) {
    twice = true;
  } else {
    Finalizer* f = freeFinalizers;
    if (f != nullptr) freeFinalizers = f->next;
    else f = static_cast<Finalizer*>(persistentAlloc(sizeof(Finalizer), alignof(Finalizer), nullptr));
    *f = {object, static_cast<FuncVal*>(fin->data), fin->type, nullptr};
    *at = f;
  }
  unlock(&finalizerLock);
  if (twice) throw_("runtime.SetFinalizer: finalizer already set");
}

}  // namespace burrow::rt
