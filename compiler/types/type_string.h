// Types and objects as text: for diagnostics, and for the names of symbols and of types at run time.
//
// Diagnostics name a type as the reader of the package being checked would write it: its own names bare, others with the
// package's name. When two packages of one name meet, the path in quotes tells them apart. Symbol names use full package
// paths and no spaces after commas in type argument lists, as gc's linker symbols do: `List[int,example.com/m.Key]`.
// Names at run time (reflect's Type.String) use package names: `map[string]time.Time`.
#pragma once

#include <string>

#include "types/objects.h"
#include "types/types.h"

namespace burrow::types {

enum class Qualify : uint8_t {
  Diagnostic,   // relative to `from`: own names bare, other packages by name (or by quoted path on a clash of names)
  PackageName,  // always the package's name, as reflect prints
  PackagePath,  // always the package's path: for link names
};

struct StringStyle {
  Qualify qualify = Qualify::Diagnostic;
  const Package* from = nullptr;  // Diagnostic: the package of the reader; null: every name is qualified
  bool paramNames = true;         // print parameter names in signatures
  bool typeParamIds = false;      // tell type parameters of one name apart by subscripts
  bool spaced = false;            // struct { A int }, interface {}, aliases resolved: as -m shows types
  bool packageComments = false;   // name the package of a struct's first unexported field in a comment
};

std::string typeString(Type* t, const StringStyle& style);
// For diagnostics in package `from`.
std::string typeString(Type* t, const Package* from = nullptr);
// The type's part of a link name: `pkgpath.T[int,main.U]`, local types with their number: `main.T·1`.
std::string linkName(Type* t);
// "name(params) results", as gc shows methods that differ.
std::string funcString(Func* f, const StringStyle& style);
// "var x int", "func f()", "type T struct{...}", "field a int": as gc's messages describe an object.
std::string objectString(Object* o, const Package* from);
// Signature without the leading "func".
std::string signatureString(Signature* s, const StringStyle& style);

}  // namespace burrow::types
