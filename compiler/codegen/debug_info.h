// DWARF for one module: a compile unit, a subprogram per function, locations with their inlined call chains.
//
// Functions carry Go's names as both name and linkage name, so that `break main.main` works in every debugger. A scope of
// Burrow IR (a call that was inlined there) becomes an inlined-at location under the subprogram of the function that was
// inlined; LLVM's own inliner adds to these chains. Line tables are made even when the program asks for no DWARF: the
// function table is read off them.
#pragma once

#include "codegen/debug_types.h"
#include "codegen/llvm.h"

namespace burrow::codegen {

class ModuleLowering;
struct Shape;

class DebugInfo {
 public:
  explicit DebugInfo(ModuleLowering& module);

  void beginFunction(const ir::Function& fn, llvm::Function& f);
  // Where an instruction of the current function comes from.
  llvm::DILocation* location(const ir::Loc& loc);
  // A variable of the current function that lives in `slot`.
  void declareVariable(llvm::Value* slot, std::string_view name, ir::TypeId type, const ir::Loc& loc, llvm::IRBuilder<>& at);
  // A parameter whose parts are these arguments (or, in memory class, behind the pointer that is its only part), from the
  // function's entry on. Null if it has no name, or nothing is to be described.
  llvm::DILocalVariable* describeParameter(std::string_view name, ir::TypeId type, unsigned number, const Shape& shape,
                                           llvm::ArrayRef<llvm::Value*> parts, llvm::BasicBlock& entry);
  // From here on the parameter is in `slot`.
  void moveParameter(llvm::DILocalVariable* parameter, llvm::Value* slot, llvm::IRBuilder<>& at);
  // A variable of the package, by its link name ("main.x").
  void describeGlobal(const ir::Global& global, llvm::GlobalVariable& g);
  void finish();

 private:
  llvm::DIFile* file(uint32_t index);
  llvm::DISubprogram* subprogram(std::string_view name, uint32_t file, uint32_t line);

  ModuleLowering& m_;
  llvm::DIBuilder builder_;
  llvm::DICompileUnit* unit_ = nullptr;
  std::vector<llvm::DIFile*> files_;
  llvm::StringMap<llvm::DISubprogram*> subprograms_;
  std::optional<DebugTypes> types_;  // in the constructor, once there is a unit
  const ir::Function* fn_ = nullptr;
  llvm::DISubprogram* current_ = nullptr;
  std::vector<llvm::DILocation*> inlinedAt_;  // by scope of the current function
};

}  // namespace burrow::codegen
