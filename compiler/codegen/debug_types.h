// Go types in DWARF: what a debugger needs to print a value with its fields, elements, keys and targets.
//
// Names are link names ("net/http.Request", "[]main.T", "map[string]int"), so that a type has one name in all units. Strings,
// slices, interfaces, maps and channels are structures with the members that gc's DWARF gives them (str/len, array/len/cap,
// tab/data, _type/data, used/dirPtr/dirLen, qcount/dataqsiz/buf), which is what printers look for. A map's directory pointer
// has the type of its groups of slots, a channel's buffer that of its elements.
//
// A structure type of another package that is only pointed to is a declaration: the package that declares it describes it
// whole, once (`describeOwn`), and debuggers join the two by name. Without that each unit would describe everything that
// can be reached from its imports, which is most of the library.
//
// Types that lead back to themselves: structures are entered in the table before their members are made; a defined type
// that is no structure is a placeholder until its underlying type is known.
#pragma once

#include "codegen/llvm.h"

#include "llvm/IR/TrackingMDRef.h"

namespace burrow::codegen {

class ModuleLowering;

class DebugTypes {
 public:
  DebugTypes(ModuleLowering& module, llvm::DIBuilder& builder, llvm::DICompileUnit* unit)
      : m_(module), builder_(builder), unit_(unit) {}

  llvm::DIType* type(ir::TypeId t);
  // Describes the types that this package declares and that something in it mentions, used by a variable or not.
  void describeOwn();

 private:
  struct Member {
    std::string_view name;
    llvm::DIType* type;
    uint64_t offset, size;  // bytes
  };

  llvm::DIType* make(ir::TypeId t);
  llvm::DIType* named(ir::TypeId t);
  llvm::DIType* pointee(ir::TypeId t);
  llvm::DIType* pointerTo(llvm::DIType* target, std::string_view name = {});
  llvm::DIType* arrayOf(llvm::DIType* element, int64_t length, int64_t bytes, int64_t align);
  llvm::DICompositeType* record(std::string_view name, uint64_t bytes, uint64_t align);
  void fill(llvm::DICompositeType*& record, std::initializer_list<Member> members);
  llvm::DIType* structure(ir::TypeId t, std::string_view name);
  llvm::DIType* slice(ir::TypeId t);
  llvm::DIType* map(ir::TypeId t);
  llvm::DIType* channel(ir::TypeId t);
  llvm::DIType* word() { return type(ir::TypeId{static_cast<uint32_t>(ir::TypeKind::Uintptr)}); }
  llvm::DIType* integer() { return type(ir::TypeId{static_cast<uint32_t>(ir::TypeKind::Int)}); }

  ModuleLowering& m_;
  llvm::DIBuilder& builder_;
  llvm::DICompileUnit* unit_;
  std::unordered_map<uint32_t, llvm::TypedTrackingMDRef<llvm::DIType>> types_;
  std::unordered_map<uint32_t, llvm::DIType*> declarations_;  // structures of other packages
};

}  // namespace burrow::codegen
