// Shapes, signatures, functions and globals of a module; see module_lowering.h.
#include "codegen/module_lowering.h"

#include "abi/value.h"
#include "codegen/debug_info.h"
#include "codegen/function_lowering.h"
#include "codegen/symbol_names.h"
#include "codegen/target.h"

#include "llvm/Transforms/Utils/ModuleUtils.h"

namespace burrow::codegen {

using namespace llvm;
using ir::LeafKind;
using ir::TypeId;
using ir::TypeKind;

ModuleLowering::ModuleLowering(const ir::Module& irModule, const CodegenOptions& opts, llvm::Module& llvmModule)
    : ir(irModule), types(irModule.types), options(opts), module(llvmModule), context(llvmModule.getContext()) {
  voidType = Type::getVoidTy(context);
  i1 = Type::getInt1Ty(context);
  i8 = Type::getInt8Ty(context);
  i16 = Type::getInt16Ty(context);
  i32 = Type::getInt32Ty(context);
  i64 = Type::getInt64Ty(context);
  f32 = Type::getFloatTy(context);
  f64 = Type::getDoubleTy(context);
  ptr0 = PointerType::get(context, 0);
  ptr1 = PointerType::get(context, kHeapSpace);
  if (opts.partition != nullptr && !opts.partition->isWhole()) part_ = &opts.partition->parts[opts.part];
  debug_ = std::make_unique<DebugInfo>(*this);
}

ModuleLowering::~ModuleLowering() = default;

// ---- types

const Shape& ModuleLowering::shape(TypeId t) {
  t = types.underlying(t);
  auto& slot = shapes_[t.value];
  if (slot) return *slot;
  auto s = std::make_unique<Shape>();
  auto leaves = types.leaves(t, &s->scalar);
  s->leaves.assign(leaves.begin(), leaves.end());
  const ir::Layout& l = types.layout(t);
  s->size = l.size;
  s->align = l.align;
  s->ptrBytes = l.ptrBytes;
  return *(shapes_[t.value] = std::move(s));
}

Type* ModuleLowering::registerType(LeafKind kind) {
  switch (kind) {
    case LeafKind::Bool: return i1;
    case LeafKind::I8: return i8;
    case LeafKind::I16: return i16;
    case LeafKind::I32: return i32;
    case LeafKind::I64: return i64;
    case LeafKind::F32: return f32;
    case LeafKind::F64: return f64;
    case LeafKind::Ptr: return ptr1;
  }
  return nullptr;
}

Type* ModuleLowering::memoryType(LeafKind kind) { return kind == LeafKind::Bool ? i8 : registerType(kind); }

SmallVector<Type*, 4> ModuleLowering::partTypes(TypeId t) {
  SmallVector<Type*, 4> out;
  if (!t.isValid()) return out;
  if (types.kind(t) == TypeKind::Tuple) {
    for (TypeId part : types.get(t).results) out.append(partTypes(part));
    return out;
  }
  const Shape& s = shape(t);
  if (!s.scalar) {
    out.push_back(ptr0);
  } else {
    for (const ir::Leaf& leaf : s.leaves) out.push_back(registerType(leaf.kind));
  }
  return out;
}

size_t ModuleLowering::tuplePart(TypeId tuple, size_t i) {
  size_t n = 0;
  for (size_t k = 0; k < i; k++) n += shape(types.get(tuple).results[k]).parts();
  return n;
}

TypeId ModuleLowering::structOf(const std::vector<TypeId>& fields) {
  std::vector<ir::Field> list;
  for (size_t i = 0; i < fields.size(); i++) {
    ir::Field f;
    // The names that gc gives to the parts of closure objects; a result area's do not matter.
    f.name = i == 0 ? "F" : "X" + std::to_string(i - 1);
    f.type = fields[i];
    list.push_back(std::move(f));
  }
  return types.structOf(std::move(list));
}

Signature ModuleLowering::signature(std::vector<TypeId> params, std::vector<TypeId> results, bool nest) {
  Signature sig;
  sig.params = params;
  sig.results = results;
  sig.nest = nest;
  unsigned ints = 0, floats = 0;
  for (TypeId t : results) {
    const Shape& s = shape(t);
    if (!s.scalar) sig.resultArea = true;
    for (const ir::Leaf& leaf : s.leaves) {
      (leaf.kind == LeafKind::F32 || leaf.kind == LeafKind::F64 ? floats : ints)++;
      sig.resultLeaves.push_back(leaf);
    }
  }
  if (ints > abi::kMaxIntResults || floats > abi::kMaxFloatResults) sig.resultArea = true;

  SmallVector<Type*, 8> args;
  Type* result = voidType;
  if (sig.resultArea) {
    sig.resultLeaves.clear();
    TypeId area = structOf(results);
    for (size_t i = 0; i < results.size(); i++) sig.resultOffsets.push_back(types.fieldOffset(area, i));
    sig.resultSize = types.sizeOf(area);
    args.push_back(ptr0);
  } else if (sig.resultLeaves.size() == 1) {
    result = memoryType(sig.resultLeaves[0].kind);
  } else if (!sig.resultLeaves.empty()) {
    SmallVector<Type*, 4> fields;
    for (const ir::Leaf& leaf : sig.resultLeaves) fields.push_back(memoryType(leaf.kind));
    result = StructType::get(context, fields);
  }
  for (TypeId t : params) {
    const Shape& s = shape(t);
    if (!s.scalar) args.push_back(ptr0);
    for (const ir::Leaf& leaf : s.leaves) args.push_back(memoryType(leaf.kind));
  }
  // Last: when LLVM finds out which function a func value is, and that one has no use for its closure object, it drops
  // the arguments that are too many from the end.
  if (nest) args.push_back(ptr1);
  sig.type = FunctionType::get(result, args, false);
  return sig;
}

MDNode* ModuleLowering::unlikelyTrue() { return MDBuilder(context).createUnlikelyBranchWeights(); }

bool isExportedName(std::string_view name) {
  if (name.empty()) return false;
  unsigned char c = static_cast<unsigned char>(name[0]);
  if (c < 0x80) return c >= 'A' && c <= 'Z';
  // Upper-case letters outside ASCII: the front end has decided by giving a package path to what is not exported; names
  // without one that are not ASCII are exported.
  return true;
}

// ---- functions

void ModuleLowering::setCommonAttributes(Function* f, bool splitStack) {
  f->setCallingConv(CallingConv::Swift);
  f->addFnAttr(Attribute::NoUnwind);
  f->addFnAttr("frame-pointer", "none");
  f->addFnAttr("disable-tail-calls", "true");
  f->addFnAttr("target-cpu", processor(options.amd64Level));
  // Frames lie at a fixed distance from the caller's, which stack maps and tracebacks count with; wide registers are spilled unaligned.
  if (options.amd64Level >= 3) f->addFnAttr("no-realign-stack");
  if (splitStack) f->addFnAttr("split-stack");
}

Function* ModuleLowering::knownFunction(std::string_view name) {
  StringRef n(name.data(), name.size());
  if (Function* f = module.getFunction(n)) return f;
  if (part_ == nullptr) return nullptr;  // all are declared
  const ir::Function* fn = ir.function(name);
  return fn == nullptr ? nullptr : declareFunction(*fn, GlobalValue::ExternalLinkage);
}

Function* ModuleLowering::functionByName(std::string_view name, FunctionType* type) {
  if (Function* f = knownFunction(name)) return f;
  StringRef n(name.data(), name.size());
  if (!type) type = FunctionType::get(voidType, false);
  Function* f = Function::Create(type, GlobalValue::ExternalLinkage, n, module);
  f->setCallingConv(CallingConv::Swift);
  f->addFnAttr(Attribute::NoUnwind);
  return f;
}

Constant* ModuleLowering::codeAddress(std::string_view name) {
  if (GlobalValue* g = module.getNamedValue(StringRef(name.data(), name.size()))) return g;
  if (const ir::Global* global = part_ == nullptr ? nullptr : ir.global(name)) return declareGlobal(*global);
  return functionByName(name);
}

Constant* ModuleLowering::dataAddress(std::string_view name) {
  StringRef n(name.data(), name.size());
  if (GlobalValue* g = module.getNamedValue(n)) return g;
  if (const ir::Global* global = part_ == nullptr ? nullptr : ir.global(name)) return declareGlobal(*global);
  if (part_ != nullptr && ir.function(name) != nullptr) return knownFunction(name);
  return new GlobalVariable(module, i8, false, GlobalValue::ExternalLinkage, nullptr, n);
}

Function* ModuleLowering::newLinkOnceFunction(const std::string& name, FunctionType* type, Function** existing) {
  if (Function* f = module.getFunction(name)) {
    *existing = f;
    return nullptr;
  }
  Function* f = Function::Create(type, GlobalValue::LinkOnceODRLinkage, name, module);
  f->setComdat(module.getOrInsertComdat(name));
  setCommonAttributes(f, true);
  return f;
}

FunctionCallee ModuleLowering::runtimeFunction(ir::RuntimeFn fn) {
  const ir::RuntimeFnInfo& info = ir::runtimeFn(fn);
  auto append = [&](const char* letters, auto& out) {
    for (const char* p = letters; *p; p++) {
      switch (*p) {
        case 'p': out.push_back(ptr1); break;
        case 'i': out.push_back(i64); break;
        case 'w': out.push_back(i32); break;
        case 'b': out.push_back(i8); break;
        case 'f': out.push_back(f64); break;
        case 's': out.append({ptr1, i64}); break;
        case 'S': out.append({ptr1, i64, i64}); break;
        case 'e':
        case 'I': out.append({ptr1, ptr1}); break;
        case 'c': out.append({f64, f64}); break;
        default: errors.push_back("runtime function with an unknown shape: " + std::string(info.symbol));
      }
    }
  };
  SmallVector<Type*, 8> params, results;
  append(info.params, params);
  append(info.results, results);
  Type* result = results.empty() ? voidType : results.size() == 1 ? results[0] : StructType::get(context, results);
  FunctionType* type = FunctionType::get(result, params, false);
  Function* f = knownFunction(info.symbol);
  if (!f) {
    f = functionByName(info.symbol, type);
    if (info.flags & ir::kNoReturn) {
      f->setDoesNotReturn();
      f->addFnAttr(Attribute::Cold);
    }
    if (info.flags & ir::kReturnsTwice) f->addFnAttr(Attribute::ReturnsTwice);
    if ((info.flags & ir::kPureFn) == ir::kPureFn) {
      f->setOnlyReadsMemory();
      f->addFnAttr(Attribute::WillReturn);
    }
    if (info.flags & ir::kLeaf) f->addFnAttr("gc-leaf-function");
    if (fn == ir::RuntimeFn::NewObject) f->addRetAttr(Attribute::getWithAlignment(context, Align(8)));
    if (fn == ir::RuntimeFn::NewObject || fn == ir::RuntimeFn::MakeSlice || fn == ir::RuntimeFn::MakeChan) {
      f->addRetAttr(Attribute::NonNull);
    }
    // Fresh memory: nothing else points to it. Zero-size objects share one address, but nobody loads from them.
    const bool isNew = fn == ir::RuntimeFn::NewObject || fn == ir::RuntimeFn::MakeSlice;
    if (isNew && !options.without(ir::Optimisation::Aliasing)) f->addRetAttr(Attribute::NoAlias);
    if (fn == ir::RuntimeFn::NewObject) f->removeRetAttr(Attribute::Alignment);
  }
  return {type, f};
}

Constant* ModuleLowering::closureObject(Function* f) {
  std::string name = (f->getName() + "\u00b7f").str();
  if (GlobalVariable* g = module.getGlobalVariable(name, true)) return g;
  if (f->hasInternalLinkage() || f->hasPrivateLinkage()) {
    auto* g = new GlobalVariable(module, ptr0, true, GlobalValue::InternalLinkage, f, name);
    g->setAlignment(Align(8));
    return g;
  }
  return linkOnceData(name, f, "", 8);
}

Constant* ModuleLowering::closureObject(std::string_view name) {
  return closureObject(functionByName(name));
}

// What is local to a module is not when the module's other parts refer to it, and what is to be had where it is used is to be
// had here for them.
GlobalValue::LinkageTypes ModuleLowering::linkageOf(const ir::Function& fn, bool visible) const {
  switch (fn.linkage) {
    case ir::Linkage::External: return GlobalValue::ExternalLinkage;
    case ir::Linkage::Internal: return visible ? GlobalValue::ExternalLinkage : GlobalValue::InternalLinkage;
    case ir::Linkage::LinkOnce:
      return fn.attributes.keep || visible ? GlobalValue::WeakODRLinkage : GlobalValue::LinkOnceODRLinkage;
  }
  return GlobalValue::ExternalLinkage;
}

Function* ModuleLowering::declareFunction(const ir::Function& fn, GlobalValue::LinkageTypes linkage) {
  bool nest = fn.hasBody && FunctionLowering::needsClosure(fn);
  Signature sig = signature(fn.type, nest);
  StringRef name(fn.name);
  Function* f = Function::Create(sig.type, linkage, name, module);
  if (!fn.hasBody) {
    f->setCallingConv(CallingConv::Swift);
    f->addFnAttr(Attribute::NoUnwind);
    // Parent and child go on in one frame, the child first: no stack slot may serve two values, one for each of them.
    if (name == "syscall.rawVforkSyscall") f->addFnAttr(Attribute::ReturnsTwice);
    return f;
  }
  if (GlobalValue::isLinkOnceLinkage(linkage) || GlobalValue::isWeakLinkage(linkage)) f->setComdat(module.getOrInsertComdat(name));
  setCommonAttributes(f, !fn.attributes.noSplit);
  if (fn.attributes.noSplit) f->addFnAttr("warn-stack-size", std::to_string(kNoSplitFrameLimit));
  if (fn.attributes.noInline || fn.attributes.hasRecover || FunctionLowering::seesItsFrame(fn)) {
    f->addFnAttr(Attribute::NoInline);
  }
  if (options.optLevel == 0) {
    f->addFnAttr(Attribute::NoInline);
    f->addFnAttr(Attribute::OptimizeNone);
  }
  if (nest) f->addParamAttr(unsigned(f->arg_size()) - 1, Attribute::Nest);
  const bool aliasing = !options.without(ir::Optimisation::Aliasing);
  if (sig.resultArea && aliasing) f->addParamAttr(0, Attribute::NoAlias);
  unsigned arg = sig.firstParam();
  for (TypeId t : sig.params) {
    const Shape& s = shape(t);
    if (!s.scalar) {
      if (aliasing) f->addParamAttr(arg, Attribute::ReadOnly);
      f->addParamAttr(arg, Attribute::NoUndef);
    }
    arg += unsigned(s.parts());
  }
  return f;
}

// Of a part only what it defines; the rest when it is referred to.
void ModuleLowering::declareFunctions() {
  auto declare = [&](const ir::Function& fn, GlobalValue::LinkageTypes linkage) {
    if (module.getNamedValue(fn.name)) {
      errors.push_back("symbol defined twice: " + fn.name);
    } else {
      declareFunction(fn, linkage);
    }
  };
  if (part_ == nullptr) {
    for (const auto& fn : ir.functions) declare(*fn, fn->hasBody ? linkageOf(*fn, false) : GlobalValue::ExternalLinkage);
    return;
  }
  for (uint32_t i : part_->functions) declare(*ir.functions[i], linkageOf(*ir.functions[i], options.partition->visible[i]));
  if (options.optLevel == 0) return;  // nothing is inlined
  for (uint32_t i : part_->copies) declare(*ir.functions[i], GlobalValue::AvailableExternallyLinkage);
}

void ModuleLowering::lowerFunction(const ir::Function& fn) {
  if (!fn.hasBody || !errors.empty()) return;
  FunctionLowering lowering(*this, fn, *module.getFunction(fn.name));
  lowering.run();
}

void ModuleLowering::run() {
  declareFunctions();
  if (!isDataElsewhere()) declareGlobals();
  if (part_ == nullptr) {
    for (const auto& fn : ir.functions) lowerFunction(*fn);
  } else {
    for (uint32_t i : part_->functions) lowerFunction(*ir.functions[i]);
    if (options.optLevel != 0) {
      for (uint32_t i : part_->copies) lowerFunction(*ir.functions[i]);
    }
  }
  if (isDataElsewhere()) {
    copyReadOnlyData();
  } else {
    defineGlobals();
    emitInitTask();
    emitDescriptors();
  }
  while (!pendingDescriptors_.empty()) {
    auto [t, g] = pendingDescriptors_.back();
    pendingDescriptors_.pop_back();
    fillDescriptor(t, g);
  }
  if (!usedData.empty()) appendToCompilerUsed(module, usedData);
  debug_->finish();
  escapeSymbolNames(module);
  // Everything is linked into one executable: no detours over GOT and PLT.
  for (Function& f : module) f.setDSOLocal(true);
  for (GlobalVariable& g : module.globals()) g.setDSOLocal(true);
}

// Those that others count on.
void ModuleLowering::emitDescriptors() {
  auto mustEmit = [&](TypeId t) {
    auto* g = cast<GlobalVariable>(typeDescriptor(t));
    if (g->hasLinkOnceODRLinkage()) g->setLinkage(GlobalValue::WeakODRLinkage);
  };
  for (TypeId t : ir.descriptors) {
    mustEmit(t);
    // Other packages refer to T and *T of a type that is declared here.
    if (types[t].kind == TypeKind::Named && !types[t].external) mustEmit(types.pointer(t));
  }
  // All parts of all packages refer to these (isElsewhere).
  if (options.partition == nullptr || ir.path != "runtime") return;
  for (auto kind = static_cast<uint32_t>(TypeKind::Bool); kind < static_cast<uint32_t>(TypeKind::Pointer); kind++) {
    mustEmit(TypeId{kind});
    mustEmit(types.pointer(TypeId{kind}));
  }
}

}  // namespace burrow::codegen
