// Fields and methods that IR types have, looked up by name through embedded fields.
//
// The checker answers the same questions for its own types; generic code must ask again once it knows the concrete type,
// and descriptors, itabs and wrappers are made for IR types that no expression of the source has (`*T` of an instance).
// The rules are the spec's: the shallowest depth wins, two of one name at one depth hide each other and everything below.
#pragma once

#include "irgen/types.h"

#include <string>
#include <unordered_map>
#include <vector>

namespace burrow::irgen {

// One method that values or pointers of a type have.
struct MethodEntry {
  std::string name;
  std::string pkgPath;           // of an unexported name
  std::vector<int> path;         // embedded fields to go through
  TypeId holder;                 // what stands at the end of the path, without its pointer: a defined type or an interface
  types::Func* func = nullptr;   // the declared method; null: a method of the interface `holder`
  int ifaceIndex = -1;           // its number there
  bool pointerReceiver = false;  // declared on *holder
  bool indirect = false;         // a pointer is followed along the path
  TypeId type;                   // Func, without receiver; invalid for methods that no method table lists: generic ones, nointerface
  bool promoted() const { return !path.empty(); }
  // Whether the method set of the value type has it, not only that of the pointer.
  bool ofValue() const { return !pointerReceiver || indirect; }
};

class MethodSets {
 public:
  explicit MethodSets(TypeMap& map) : map_(map) {}

  // All methods of `base` and `*base`, sorted as run-time tables are: by name, then package path. `base` is not a pointer
  // (a defined pointer type has no methods). Stays valid.
  const std::vector<MethodEntry>& all(TypeId base);
  // The method x.name for an x of type t or *t, or null.
  const MethodEntry* find(TypeId t, std::string_view name, std::string_view pkgPath);

 private:
  struct Set {
    std::vector<MethodEntry> list;
    std::unordered_multimap<std::string_view, const MethodEntry*> byName;
  };
  const Set& set(TypeId base);
  std::vector<MethodEntry> compute(TypeId base);

  TypeMap& map_;
  std::unordered_map<uint32_t, Set> sets_;
};

}  // namespace burrow::irgen
