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
#include "mem/malloc.h"

namespace burrow::rt {

// ---- offsets; the first parameter tells gc's runtime the module, of which there is one here

GO_DECL("internal/reflectlite.resolveNameOff", const void*, liteResolveNameOff, (const void* module, int32_t off));
GO_DECL("internal/reflectlite.resolveTypeOff", const void*, liteResolveTypeOff, (const void* type, int32_t off));
GO_DECL("reflect.resolveNameOff", const void*, reflectResolveNameOff, (const void* module, int32_t off));
GO_DECL("reflect.resolveTypeOff", const void*, reflectResolveTypeOff, (const void* type, int32_t off));
GO_DECL("reflect.resolveTextOff", const void*, reflectResolveTextOff, (const void* type, int32_t off));
GO_DECL("reflect.addReflectOff", int32_t, reflectAddReflectOff, (const void* p));
const void* liteResolveNameOff(const void*, int32_t off) { return resolveOff(off); }
const void* liteResolveTypeOff(const void*, int32_t off) { return resolveOff(off); }
const void* reflectResolveNameOff(const void*, int32_t off) { return resolveOff(off); }
const void* reflectResolveTypeOff(const void*, int32_t off) { return resolveOff(off); }
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

// ---- interfaces: a value of type any becomes one of an interface type with methods

GO_DECL("internal/reflectlite.ifaceE2I", void, liteE2I, (const abi::InterfaceType* to, const Type* type, void* data, abi::Iface* dst));
GO_DECL("reflect.ifaceE2I", void, reflectE2I, (const abi::InterfaceType* to, const Type* type, void* data, abi::Iface* dst));
namespace {
void storeIface(abi::Iface* dst, const abi::ITab* tab, void* data) {
  dst->tab = tab;
  storePointer(&dst->data, data);
}
}  // namespace
void liteE2I(const abi::InterfaceType* to, const Type* type, void* data, abi::Iface* dst) { storeIface(dst, typeAssertItab(to, type, nullptr), data); }
void reflectE2I(const abi::InterfaceType* to, const Type* type, void* data, abi::Iface* dst) { storeIface(dst, typeAssertItab(to, type, nullptr), data); }

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
GO_DECL("reflect.mapassign0", void, reflectMapAssign, (const abi::MapType* type, Map* m, const void* key, const void* elem));
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

}  // namespace burrow::rt
