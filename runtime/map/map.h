// Maps: what compiled code and reflect call. Keys and elements travel by address; see abi/functions.def.
#pragma once

#include "map/group.h"

namespace burrow::rt {

GO_DECL("runtime.makemap_small", Map*, makemap_small, ());
GO_DECL("runtime.makemap", Map*, makemap, (const MapType* t, int64_t hint, Map* m));
GO_DECL("runtime.mapaccess1", void*, mapaccess1, (const MapType* t, Map* m, const void* key));
struct ElemOk {
  void* elem;
  bool ok;
};
GO_DECL("runtime.mapaccess2", ElemOk, mapaccess2, (const MapType* t, Map* m, const void* key));
GO_DECL("runtime.mapaccess1_fat", void*, mapaccess1_fat, (const MapType* t, Map* m, const void* key, void* zero));
GO_DECL("runtime.mapaccess2_fat", ElemOk, mapaccess2_fat, (const MapType* t, Map* m, const void* key, void* zero));
GO_DECL("runtime.mapassign", void*, mapassign, (const MapType* t, Map* m, const void* key));
GO_DECL("runtime.mapdelete", void, mapdelete, (const MapType* t, Map* m, const void* key));

GO_DECL("runtime.mapaccess1_fast32", void*, mapaccess1_fast32, (const MapType* t, Map* m, uint32_t key));
GO_DECL("runtime.mapaccess2_fast32", ElemOk, mapaccess2_fast32, (const MapType* t, Map* m, uint32_t key));
GO_DECL("runtime.mapassign_fast32", void*, mapassign_fast32, (const MapType* t, Map* m, uint32_t key));
GO_DECL("runtime.mapdelete_fast32", void, mapdelete_fast32, (const MapType* t, Map* m, uint32_t key));
GO_DECL("runtime.mapaccess1_fast64", void*, mapaccess1_fast64, (const MapType* t, Map* m, uint64_t key));
GO_DECL("runtime.mapaccess2_fast64", ElemOk, mapaccess2_fast64, (const MapType* t, Map* m, uint64_t key));
GO_DECL("runtime.mapassign_fast64", void*, mapassign_fast64, (const MapType* t, Map* m, uint64_t key));
GO_DECL("runtime.mapassign_fast64ptr", void*, mapassign_fast64ptr, (const MapType* t, Map* m, void* key));
GO_DECL("runtime.mapdelete_fast64", void, mapdelete_fast64, (const MapType* t, Map* m, uint64_t key));
GO_DECL("runtime.mapaccess1_faststr", void*, mapaccess1_faststr, (const MapType* t, Map* m, GoString key));
GO_DECL("runtime.mapaccess2_faststr", ElemOk, mapaccess2_faststr, (const MapType* t, Map* m, GoString key));
GO_DECL("runtime.mapassign_faststr", void*, mapassign_faststr, (const MapType* t, Map* m, GoString key));
GO_DECL("runtime.mapdelete_faststr", void, mapdelete_faststr, (const MapType* t, Map* m, GoString key));

GO_DECL("runtime.mapclear", void, mapclear, (const MapType* t, Map* m));
GO_DECL("runtime.mapclone", Map*, mapcloneMap, (const MapType* t, Map* m));
GO_DECL("runtime.mapIterStart", void, mapIterStart, (const MapType* t, Map* m, Iter* it));
GO_DECL("runtime.mapIterNext", void, mapIterNext, (Iter* it));

// Where a read of an absent key points to, for elements of up to kZeroValSize bytes.
inline constexpr uint64_t kZeroValSize = abi::kZeroValueBytes;
extern uint8_t zeroVal[kZeroValSize] __asm__("runtime.zeroVal");

}  // namespace burrow::rt
