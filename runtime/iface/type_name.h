// Names of types at run time, and what the 32-bit offsets in descriptors stand for.
#pragma once

#include "mem/env.h"

namespace burrow::rt {

// Where a 32-bit offset of a descriptor points to; nil for 0. In a position-independent executable offsets count from the
// image, else they are addresses. Negative ones belong to types that reflect made (addReflectOff).
const void* resolveOff(int32_t off);
inline abi::Name resolveNameOff(abi::NameOff off) { return {static_cast<const uint8_t*>(resolveOff(off))}; }
// The type of a method that the link step dropped is nil: it fits no interface.
inline const Type* resolveTypeOff(abi::TypeOff off) {
  return off == abi::kUnreachableMethod ? nullptr : static_cast<const Type*>(resolveOff(off));
}
// Code; a method that the link step dropped resolves to a function that says so.
void* resolveTextOff(abi::TextOff off);
// Gives a run-time made thing an offset: the same one each time. Negative, never kUnreachableMethod.
int32_t addReflectOff(const void* p);

// The type as messages show it: "main.T", "[]int", "map[string]int".
GO_DECL("runtime.typestring", GoString, typeString, (const Type* type));
// Import path of the package that defines the type; empty for unnamed and predeclared types.
GO_DECL("runtime.typepkgpath", GoString, typePkgPath, (const Type* type));

}  // namespace burrow::rt
