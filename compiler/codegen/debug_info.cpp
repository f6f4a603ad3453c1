// See debug_info.h.
#include "codegen/debug_info.h"
#include "ir/scopes.h"

#include "codegen/module_lowering.h"

#include "llvm/BinaryFormat/Dwarf.h"

namespace burrow::codegen {

using namespace llvm;
using ir::TypeId;
using ir::TypeKind;

DebugInfo::DebugInfo(ModuleLowering& module) : m_(module), builder_(module.module) {
  const ir::Module& ir = m_.ir;
  m_.module.addModuleFlag(llvm::Module::Max, "Dwarf Version", 5);
  m_.module.addModuleFlag(llvm::Module::Warning, "Debug Info Version", DEBUG_METADATA_VERSION);
  StringRef dir = m_.options.compilationDir;
  // The unit is named after the package; its files are the line table's business.
  DIFile* main = builder_.createFile(ir.path.empty() ? "package" : ir.path, dir);
  unit_ = builder_.createCompileUnit(DISourceLanguageName(dwarf::DW_LANG_Go), main, "burrow", m_.options.optLevel > 0, "", 0, "",
                                     m_.options.debugInfo ? DICompileUnit::FullDebug : DICompileUnit::LineTablesOnly, 0, true, false,
                                     DICompileUnit::DebugNameTableKind::None);
  files_.resize(ir.files.size());
  types_.emplace(m_, builder_, unit_);
}

DIFile* DebugInfo::file(uint32_t index) {
  if (index >= files_.size()) return unit_->getFile();
  if (!files_[index]) files_[index] = builder_.createFile(m_.ir.files[index], m_.options.compilationDir);
  return files_[index];
}

DISubprogram* DebugInfo::subprogram(std::string_view name, uint32_t fileIndex, uint32_t line) {
  DISubprogram*& slot = subprograms_[StringRef(name.data(), name.size())];
  if (slot) return slot;
  auto flags = DISubprogram::SPFlagDefinition;
  if (m_.options.optLevel > 0) flags |= DISubprogram::SPFlagOptimized;
  DIFile* f = file(fileIndex);
  DISubroutineType* type = builder_.createSubroutineType(builder_.getOrCreateTypeArray({}));
  StringRef n(name.data(), name.size());
  return slot = builder_.createFunction(f, n, n, f, line, type, line, DINode::FlagPrototyped, flags);
}

void DebugInfo::beginFunction(const ir::Function& fn, llvm::Function& f) {
  fn_ = &fn;
  uint32_t fileIndex = fn.scopes.empty() ? 0 : fn.scopes[0].file;
  current_ = subprogram(fn.name, fileIndex, fn.startLine);
  f.setSubprogram(current_);
  inlinedAt_.assign(std::max<size_t>(fn.scopes.size(), 1), nullptr);
}

DILocation* DebugInfo::location(const ir::Loc& loc) {
  if (loc.scope == 0 || loc.scope >= fn_->scopes.size()) {
    return DILocation::get(m_.context, loc.line, loc.column, current_);
  }
  const ir::Scope& scope = fn_->scopes[loc.scope];
  if (isPart(scope)) {
    ir::Loc whole = loc;
    whole.scope = scope.parent;
    DILocation* at = location(whole);
    return DILocation::get(m_.context, loc.line, loc.column, builder_.createLexicalBlockFile(at->getScope(), file(scope.file)),
                           at->getInlinedAt());
  }
  DISubprogram* callee = subprogram(m_.ir.str(scope.function), scope.file, scope.startLine);
  DILocation*& at = inlinedAt_[loc.scope];
  if (!at) {
    ir::Loc call = scope.callSite;
    call.scope = scope.parent;
    DILocation* outer = location(call);
    at = DILocation::getDistinct(m_.context, outer->getLine(), outer->getColumn(), outer->getScope(), outer->getInlinedAt());
  }
  return DILocation::get(m_.context, loc.line, loc.column, callee, at);
}

void DebugInfo::declareVariable(Value* slot, std::string_view name, TypeId t, const ir::Loc& loc, IRBuilder<>& at) {
  if (!m_.options.debugInfo || name.empty()) return;
  DIFile* f = current_->getFile();
  if (loc.scope != 0) {
    const ir::Scope& scope = fn_->scopes[loc.scope];
    if (!isPart(scope) || scope.parent != 0) return;
    f = file(scope.file);
  }
  StringRef n(name.data(), name.size());
  unsigned line = loc.line ? loc.line : fn_->startLine;
  DILocalVariable* v = builder_.createAutoVariable(current_, n, f, line, types_->type(t), true);
  builder_.insertDeclare(slot, v, builder_.createExpression(), DILocation::get(m_.context, line, loc.column, current_),
                         at.GetInsertBlock());
}

DILocalVariable* DebugInfo::describeParameter(std::string_view name, TypeId t, unsigned number, const Shape& shape,
                                              ArrayRef<Value*> parts, BasicBlock& entry) {
  if (!m_.options.debugInfo || name.empty() || name == "_") return nullptr;
  StringRef n(name.data(), name.size());
  DILocalVariable* v = builder_.createParameterVariable(current_, n, number, current_->getFile(), fn_->startLine, types_->type(t), true);
  DILocation* loc = DILocation::get(m_.context, fn_->startLine, 0, current_);
  if (!shape.scalar) {
    builder_.insertDeclare(parts[0], v, builder_.createExpression(), loc, entry.begin());
    return v;
  }
  for (size_t i = 0; i < parts.size(); i++) {
    DIExpression* e = builder_.createExpression();
    if (parts.size() > 1) {
      uint64_t bits = m_.module.getDataLayout().getTypeSizeInBits(m_.memoryType(shape.leaves[i].kind));
      auto fragment = DIExpression::createFragmentExpression(e, static_cast<unsigned>(shape.leaves[i].offset * 8), static_cast<unsigned>(bits));
      if (!fragment) continue;
      e = *fragment;
    }
    builder_.insertDbgValueIntrinsic(parts[i], v, e, loc, entry.begin());
  }
  return v;
}

void DebugInfo::moveParameter(DILocalVariable* v, Value* slot, IRBuilder<>& at) {
  builder_.insertDbgValueIntrinsic(slot, v, builder_.createExpression({dwarf::DW_OP_deref}),
                                   DILocation::get(m_.context, fn_->startLine, 0, current_), at.GetInsertBlock()->end());
}

// What the compiler itself made has a second dot or a colon behind the package's path.
static bool isPackageVariable(const ir::Global& global) {
  if (global.external || global.linkage == ir::Linkage::LinkOnce) return false;
  std::string_view name = global.name;
  name.remove_prefix(name.rfind('/') == std::string_view::npos ? 0 : name.rfind('/'));
  const size_t dot = name.find('.');
  return dot != std::string_view::npos && name.find_first_of(".:", dot + 1) == std::string_view::npos;
}

void DebugInfo::describeGlobal(const ir::Global& global, GlobalVariable& g) {
  if (!m_.options.debugInfo || !isPackageVariable(global)) return;
  g.addDebugInfo(builder_.createGlobalVariableExpression(unit_, global.name, global.name, unit_->getFile(), 0,
                                                         types_->type(global.type), global.linkage == ir::Linkage::Internal));
}

void DebugInfo::finish() {
  if (m_.options.debugInfo && !m_.isDataElsewhere()) types_->describeOwn();
  builder_.finalize();
}

}  // namespace burrow::codegen
