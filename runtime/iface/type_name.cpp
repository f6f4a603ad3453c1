// Offsets and names; see type_name.h.
#include "iface/type_name.h"

#ifndef BURROW_HOSTED
#include "gc/gc.h"
#endif
#include "mem/persistent_alloc.h"

// The ELF header, which the linker places at the start of the image.
extern "C" __attribute__((weak, visibility("hidden"))) const uint8_t __ehdr_start[];

namespace burrow::rt {

void unreachableMethod() __asm__("runtime.unreachableMethod");

namespace {

uint64_t imageBase() {
  constexpr uint16_t kEtDyn = 3;
  const uint8_t* header = __ehdr_start;
  uint16_t type;
  if (header == nullptr) return 0;
  memcpy(&type, header + 16, sizeof type);
  return type == kEtDyn ? uint64_t(header) : 0;
}

// Things that reflect made, by number. Few (a program that makes types at run time makes dozens), never removed.
struct {
  Mutex lock = {{}, LockRank::Reflect};
  const void** items;
  int32_t len, cap;
} reflectOffs;
constexpr int32_t kFirstReflectOff = -2;

}  // namespace

const void* resolveOff(int32_t off) {
  if (off == 0) return nullptr;
  if (LIKELY(off > 0)) return reinterpret_cast<const void*>(imageBase() + uint32_t(off));
  lock(&reflectOffs.lock);
  const int32_t i = kFirstReflectOff - off;
  const void* p = i >= 0 && i < reflectOffs.len ? reflectOffs.items[i] : nullptr;
  unlock(&reflectOffs.lock);
  if (p == nullptr) throw_("runtime: type or name offset out of range");
  return p;
}

void* resolveTextOff(abi::TextOff off) {
  if (off == abi::kUnreachableMethod) return reinterpret_cast<void*>(&unreachableMethod);
  return const_cast<void*>(resolveOff(off));
}

int32_t addReflectOff(const void* p) {
  lock(&reflectOffs.lock);
  int32_t i = 0;
  while (i < reflectOffs.len && reflectOffs.items[i] != p) i++;
  if (i == reflectOffs.len) {
    if (reflectOffs.len == reflectOffs.cap) {
      const int32_t cap = reflectOffs.cap ? reflectOffs.cap * 2 : 64;
      auto** items = static_cast<const void**>(persistentAlloc(uint64_t(cap) * 8, 8, nullptr));
      memcpy(items, reflectOffs.items, uint64_t(reflectOffs.len) * 8);
      reflectOffs.items = items;
#ifndef BURROW_HOSTED
      gcAddRoot(items, uint64_t(cap) * 8);  // nobody else may know what reflect made
#endif
      reflectOffs.cap = cap;
    }
    reflectOffs.items[reflectOffs.len++] = p;
#ifndef BURROW_HOSTED
    gcShade(p);
#endif
  }
  unlock(&reflectOffs.lock);
  return kFirstReflectOff - i;
}

GoString typeString(const Type* type) {
  GoString s = resolveNameOff(type->str).name();
  if ((type->tflag & abi::kTFlagExtraStar) && s.len > 0) return {s.data + 1, s.len - 1};
  return s;
}

GoString typePkgPath(const Type* type) {
  if (const abi::UncommonType* u = type->uncommon()) return resolveNameOff(u->pkgPath).name();
  switch (type->kind) {
    case abi::kStruct: return static_cast<const abi::StructType*>(type)->pkgPath.name();
    case abi::kInterface: return static_cast<const abi::InterfaceType*>(type)->pkgPath.name();
    default: return {nullptr, 0};
  }
}

}  // namespace burrow::rt
