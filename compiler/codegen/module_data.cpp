// Globals, string data and other constants of a module.
//
// Where things go. A variable without pointers goes to a section of the .noptrdata or .bss.noptr family, so that the
// collector need not look at it; each has its own, so that the link step can drop them one by one. String data without a NUL
// byte is written as a C string, which linkers merge (across objects, and drop piece by piece when unused); the length
// is Go's, the NUL is never read. Everything else that is read-only is a private constant.
//
// Rejected: one linkonce symbol per string, `go:string."..."`: three section headers and two symbols for every literal.
#include "codegen/module_lowering.h"

#include "abi/value.h"
#include "codegen/data_builder.h"
#include "codegen/debug_info.h"
#include "codegen/sections.h"

namespace burrow::codegen {

using namespace llvm;
using ir::TypeId;

namespace {
// Longer strings are not looked at by the merging.
constexpr size_t kMergeLimit = 4096;
// Larger data are indexed by variables, and LLVM has nothing to fold. In bytes.
constexpr int64_t kCopyLimit = 256;
}  // namespace

GlobalVariable* ModuleLowering::linkOnceData(const std::string& name, Constant* init, StringRef section, int64_t align) {
  if (GlobalVariable* g = module.getGlobalVariable(name, true)) return g;
  auto* g = new GlobalVariable(module, init->getType(), true, GlobalValue::LinkOnceODRLinkage, init, name);
  g->setComdat(module.getOrInsertComdat(name));
  g->setAlignment(Align(static_cast<uint64_t>(align)));
  if (!section.empty()) g->setSection(section);
  return g;
}

Constant* ModuleLowering::offset32(Constant* symbol, Constant* place) {
  Constant* value = ConstantExpr::getPtrToInt(symbol, i64);
  if (options.positionIndependent) value = ConstantExpr::getSub(value, ConstantExpr::getPtrToInt(place, i64));
  return ConstantExpr::getTrunc(value, i32);
}

Constant* ModuleLowering::stringData(std::string_view bytes) {
  if (bytes.empty()) return ConstantPointerNull::get(ptr0);
  auto [it, isNew] = strings_.try_emplace(std::string(bytes), nullptr);
  if (!isNew) return it->second;
  bool mergeable = bytes.size() <= kMergeLimit && bytes.find('\0') == std::string_view::npos;
  Constant* init = ConstantDataArray::getString(context, StringRef(bytes.data(), bytes.size()), mergeable);
  auto* g = new GlobalVariable(module, init->getType(), true, GlobalValue::PrivateLinkage, init, "go.string");
  g->setUnnamedAddr(GlobalValue::UnnamedAddr::Global);
  g->setAlignment(Align(1));
  return it->second = g;
}

Constant* ModuleLowering::zeroData(int64_t size, int64_t align) {
  // One block serves all requests up to its size; a larger request makes a new one.
  auto* type = ArrayType::get(i8, static_cast<uint64_t>(std::max<int64_t>(size, 64)));
  auto* g = new GlobalVariable(module, type, true, GlobalValue::PrivateLinkage, ConstantAggregateZero::get(type), "go.zero");
  g->setAlignment(Align(16));
  zeroSize_ = std::max<int64_t>(size, 64);
  return zeroData_ = g;
}

Constant* ModuleLowering::constantData(TypeId t, ArrayRef<Constant*> parts) {
  const Shape& s = shape(t);
  const DataLayout& dl = module.getDataLayout();
  DataBuilder data(context);
  data.grow(static_cast<size_t>(s.size));
  for (size_t i = 0; i < parts.size(); i++) {
    auto offset = static_cast<size_t>(s.leaves[i].offset);
    Constant* c = parts[i];
    if (auto* n = dyn_cast<ConstantInt>(c)) {
      data.setInt(offset, static_cast<unsigned>(dl.getTypeStoreSize(c->getType())), n->getZExtValue());
    } else if (auto* f = dyn_cast<ConstantFP>(c)) {
      APInt bits = f->getValueAPF().bitcastToAPInt();
      data.setInt(offset, bits.getBitWidth() / 8, bits.getZExtValue());
    } else if (!c->isNullValue()) {
      data.setAddress(offset, c, dl.getTypeStoreSize(c->getType()));
    }
  }
  Constant* init = data.build();
  auto* g = new GlobalVariable(module, init->getType(), true, GlobalValue::PrivateLinkage, init, "go.const");
  g->setUnnamedAddr(GlobalValue::UnnamedAddr::Global);
  g->setAlignment(Align(static_cast<uint64_t>(s.align)));
  return g;
}

GlobalVariable* ModuleLowering::declareGlobal(const ir::Global& global) {
  const ir::Layout& l = types.layout(global.type);
  auto* type = ArrayType::get(i8, static_cast<uint64_t>(std::max<int64_t>(l.size, 1)));
  auto* g = new GlobalVariable(module, type, global.readOnly, GlobalValue::ExternalLinkage, nullptr, global.name);
  g->setAlignment(Align(static_cast<uint64_t>(l.align)));
  if (isDataElsewhere()) usedGlobals_.push_back(&global);
  return g;
}

Constant* ModuleLowering::assertPlace() {
  Constant* first = dataAddress("runtime.assertTable");
  auto* g = new GlobalVariable(module, ptr0, false, GlobalValue::PrivateLinkage, first, "go.asserted");
  g->setAlignment(Align(8));
  g->setSection(std::string(kNoPtrDataSection) + "asserted");
  return g;
}

void ModuleLowering::declareGlobals() {
  for (const auto& global : ir.globals) {
    if (module.getNamedValue(global->name)) {
      errors.push_back("symbol defined twice: " + global->name);
    } else {
      declareGlobal(*global);
    }
  }
}

Constant* ModuleLowering::initializer(const ir::Global& g) {
  DataBuilder data(context);
  data.grow(static_cast<size_t>(std::max<int64_t>(types.sizeOf(g.type), 1)));
  data.setBytes(0, g.data);
  for (const ir::Global::Reloc& r : g.relocs) {
    Constant* c = nullptr;
    std::string_view name = ir.str(r.sym);
    switch (r.kind) {
      case ir::Global::Reloc::GlobalAddr: {
        const ir::Global* target = ir.global(name);
        c = dataAddress(target && types.sizeOf(target->type) == 0 ? "runtime.zerobase" : name);
        break;
      }
      case ir::Global::Reloc::FuncValue: c = closureObject(name); break;
      case ir::Global::Reloc::FuncCode: c = codeAddress(name); break;
      case ir::Global::Reloc::StringData: c = stringData(name); break;
      case ir::Global::Reloc::TypeAddr: c = typeDescriptor(r.type); break;
      case ir::Global::Reloc::ItabAddr: c = itab(r.type, r.iface); break;
    }
    if (r.addend != 0) c = ConstantExpr::getGetElementPtr(i8, c, ConstantInt::get(i64, static_cast<uint64_t>(r.addend), true));
    data.setAddress(static_cast<size_t>(r.offset), c, 8);
  }
  return data.build();
}

GlobalVariable* ModuleLowering::initialise(const ir::Global& global, GlobalVariable* g) {
  Constant* init = initializer(global);
  if (init->getType() != g->getValueType()) {
    auto* typed = new GlobalVariable(module, init->getType(), g->isConstant(), GlobalValue::ExternalLinkage, nullptr, "");
    typed->takeName(g);
    typed->setAlignment(g->getAlign());
    g->replaceAllUsesWith(typed);
    g->eraseFromParent();
    g = typed;
  }
  g->setInitializer(init);
  return g;
}

// Data of part 0 that LLVM may read values from. What they refer to may be such data again.
void ModuleLowering::copyReadOnlyData() {
  if (options.optLevel == 0 || options.without(ir::Optimisation::PartCopies)) return;
  for (size_t i = 0; i < usedGlobals_.size(); i++) {
    const ir::Global& global = *usedGlobals_[i];
    if (global.external || !global.readOnly || types.sizeOf(global.type) > kCopyLimit) continue;
    GlobalVariable* g = module.getGlobalVariable(global.name, true);
    if (g != nullptr) initialise(global, g)->setLinkage(GlobalValue::AvailableExternallyLinkage);
  }
}

// Definitions come after the functions: by then everything that initialisers refer to has its final type.
void ModuleLowering::defineGlobals() {
  for (const auto& global : ir.globals) {
    if (global->external) continue;
    GlobalVariable* g = module.getGlobalVariable(global->name, true);
    if (!g) continue;
    g = initialise(*global, g);
    debug()->describeGlobal(*global, *g);
    bool zero = g->getInitializer()->isNullValue();
    switch (global->linkage) {
      case ir::Linkage::External: break;
      case ir::Linkage::Internal:
        // The functions that use them are in other parts, or are inlined in other packages.
        if (part_ == nullptr && !options.lto) g->setLinkage(GlobalValue::InternalLinkage);
        break;
      case ir::Linkage::LinkOnce:
        g->setLinkage(GlobalValue::LinkOnceODRLinkage);
        g->setComdat(module.getOrInsertComdat(g->getName()));
        break;
    }
    if (global->readOnly || types.hasPointers(global->type)) continue;
    g->setSection((zero ? kNoPtrBssSection : kNoPtrDataSection) + global->name);
  }
}

// `P..inittask`: state, number of functions, code pointers.
void ModuleLowering::emitInitTask() {
  if (ir.initFunctions.empty()) return;
  DataBuilder data(context);
  data.setInt(offsetof(abi::InitTask, state), 4, 0);
  data.setInt(offsetof(abi::InitTask, nfns), 4, ir.initFunctions.size());
  data.grow(sizeof(abi::InitTask));
  for (const std::string& f : ir.initFunctions) data.addAddress(codeAddress(f), 8);
  Constant* init = data.build();
  auto* g = new GlobalVariable(module, init->getType(), false, GlobalValue::ExternalLinkage, init, ir.path + "..inittask");
  g->setAlignment(Align(8));
}

}  // namespace burrow::codegen
