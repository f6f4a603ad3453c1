// Function bodies on their way from the module that defines them to one that calls them.
//
// The inliner wants the bodies of other packages' functions. A package's module is gone by then, so the bodies are written
// down as text (docs/ir.md) and kept in the build cache beside the package's object. Three kinds of records, each parsed
// only when something asks for it:
//
//   func NAME       the function, and declarations of the functions and variables that it refers to
//   type NAME       the underlying type of a defined type
//   methods NAME    the method tables of T and *T
//
// A module that exports a body promises that what the body refers to exists as a symbol: local functions become visible, and
// what would only be emitted where it is used is kept (FunctionAttributes::keep). Two kinds of bodies are not exported. Those
// whose types would make the importer emit a descriptor whose methods the importer does not have: instances of generic types
// and unnamed structs, which no package owns. And those that refer to static data without a name of its own: the data are
// numbered, and a package that is compiled once more with its tests has other numbers, in the same store.
//
// Rejected: binary records (text is half as fast to read, but only what is used is read); lowering imported bodies from
// their source again (the trees would have to be in memory, and checked).
#pragma once

#include "ir/ir.h"
#include "ir/record_index.h"

#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace burrow::ir {

// Writes records. One per module.
class BodyExporter {
 public:
  explicit BodyExporter(Module& module) : module_(module) {}
  // Writes the function's body down, unless that is impossible. Returns whether it did.
  bool add(const Function& fn);
  // All records, types included.
  std::string finish();

 private:
  bool reachable(const Inst& inst, const Function& fn);
  bool owned(TypeId t, int level = 0);
  void use(TypeId t);
  void typeRecord(TypeId t);

  Module& module_;
  std::string out_;
  std::unordered_map<uint32_t, bool> owned_;
  std::unordered_set<uint32_t> used_;
  bool any_ = false;
};

// The records of many packages, which it keeps. What a module may use are those of packages that it imports, directly or not: a
// command has others too, and may have one twice, with its tests and without. What is compiled must not depend on them.
class BodyStore {
 public:
  void add(uint32_t package, std::string records);
  std::string_view function(std::string_view name, const PackageSet& visible) const { return functions_.find(name, visible); }
  std::string_view type(std::string_view name, const PackageSet& visible) const { return types_.find(name, visible); }
  std::string_view methods(std::string_view name, const PackageSet& visible) const { return methods_.find(name, visible); }

 private:
  std::deque<std::string> texts_;
  RecordIndex functions_, types_, methods_;
};

// Reads what one module asks for.
class BodyImporter {
 public:
  BodyImporter(Module& module, const BodyStore& store, const PackageSet& visible) : module_(module), store_(store), visible_(visible) {}
  // The function of that name, which is no part of the module, or null. What it refers to is declared in the module.
  const Function* find(std::string_view name);
  // The defined type of that link name, which another package declares, with its methods. Invalid: there is none.
  TypeId type(std::string_view name);

 private:
  bool resolve(std::vector<TypeId> named);
  bool readMethods(TypeId named);

  Module& module_;
  const BodyStore& store_;
  const PackageSet& visible_;
  std::unordered_map<std::string, std::unique_ptr<Function>> found_;
  std::unordered_set<uint32_t> seen_, tabled_;
};

}  // namespace burrow::ir
