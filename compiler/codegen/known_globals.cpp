// What is known of globals behind the cast to the heap's address space.
//
// The problem: a Go pointer to a global is `addrspacecast (ptr @g to ptr addrspace(1))`. LLVM cannot know that such a cast
// neither makes a pointer null nor makes two pointers one, and it does not read a pointer out of constant data (where it is a
// plain `ptr`) as one of the other space. So a nil check of a variable's address stays where a method was inlined, two type
// descriptors are compared although they are different symbols, and `abi.TypeFor[T]()`, which reads T out of the descriptor
// of *T, remains a load with a nil check, and everything that asks for the type's kind behind it:
//
//   icmp eq ptr addrspace(1) addrspacecast (ptr @x to ptr addrspace(1)), null                    ->  false
//   icmp eq ptr addrspace(1) addrspacecast (@"type:int"), addrspacecast (@"type:string")         ->  false
//   load ptr addrspace(1), ptr addrspace(1) gep (addrspacecast (@"type:*int"), 48)               ->  addrspacecast (@"type:int")
//
// What is done: these three, and what LLVM's own folder then makes of instructions that have become constant. It happens
// after each run of InstCombine, so that the passes behind it drop the branches, and the inliner sees what is left. In
// reflect.TypeAssert[int] nothing remains of the questions about int.
//
// Descriptors of types that other packages define are declared only; what follows from the type alone is attached to the
// declaration (noteKnownContent), since a definition of which only some bytes are right would be read whole.
//
// Invariants: the cast is a no-op on this target, so null is null on both sides. Nothing of a program lies at address 0.
// Two symbols are one object only where one of them has no address of its own (unnamed_addr) or may be replaced by another
// definition; weak declarations do not occur.
//
// Rejected: telling LLVM by a target hook (there is none for constants); comparisons in address space 0 from the start (a
// value that was cast cannot be cast back without hiding it from stack maps).
#include "codegen/known_globals.h"

#include "codegen/module_lowering.h"

#include "llvm/Analysis/ConstantFolding.h"
#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/Transforms/Utils/Local.h"

namespace burrow::codegen {

using namespace llvm;

namespace {

constexpr StringLiteral kKnownContent = "burrow.known";

// A constant pointer as a global and a distance from its first byte.
struct Place {
  GlobalValue* base = nullptr;
  int64_t offset = 0;
};

class Folder {
 public:
  Folder(const DataLayout& layout, const TargetLibraryInfo& library) : layout_(layout), library_(library) {}

  // What `i` always is; null when that isn't known.
  Constant* fold(Instruction& i) const {
    if (auto* compare = dyn_cast<ICmpInst>(&i)) return foldCompare(*compare);
    if (auto* load = dyn_cast<LoadInst>(&i)) return foldLoad(*load);
    return nullptr;
  }

  // The same for an instruction of which an operand has become constant.
  Constant* foldMore(Instruction& i) const {
    if (Constant* c = fold(i)) return c;
    return isa<PHINode>(i) ? nullptr : ConstantFoldInstruction(&i, layout_, &library_);
  }

 private:
  std::optional<Place> placeOf(Value* pointer) const {
    if (!isa<Constant>(pointer) || !pointer->getType()->isPointerTy()) return std::nullopt;
    APInt offset(layout_.getIndexTypeSizeInBits(pointer->getType()), 0);
    Value* base = pointer->stripAndAccumulateConstantOffsets(layout_, offset, /*AllowNonInbounds=*/true);
    if (isa<ConstantPointerNull>(base)) return Place{nullptr, offset.getSExtValue()};
    auto* g = dyn_cast<GlobalValue>(base);
    if (g == nullptr || isa<GlobalAlias>(g)) return std::nullopt;
    return Place{g, offset.getSExtValue()};
  }

  // Whether the place is a byte of an object that no other global has.
  bool isInOwnObject(const Place& p) const {
    if (p.base->hasExternalWeakLinkage() || p.base->isInterposable() || p.base->hasAtLeastLocalUnnamedAddr()) return false;
    if (isa<Function>(p.base)) return p.offset == 0;
    const auto* g = dyn_cast<GlobalVariable>(p.base);
    return g != nullptr && p.offset >= 0 && uint64_t(p.offset) < layout_.getTypeAllocSize(g->getValueType()).getFixedValue();
  }

  // Declarations are shorter than what they declare: a nil check of a global's address asks at offset 0 in any case.
  bool isNeverNull(const Place& p) const { return !p.base->hasExternalWeakLinkage() && p.offset >= 0; }

  Constant* foldCompare(ICmpInst& compare) const {
    if (!compare.isEquality() || !compare.getOperand(0)->getType()->isPointerTy()) return nullptr;
    std::optional<Place> x = placeOf(compare.getOperand(0)), y = placeOf(compare.getOperand(1));
    if (!x || !y) return nullptr;
    bool equal = false;
    if (x->base == y->base) {
      equal = x->offset == y->offset;
    } else if (x->base == nullptr || y->base == nullptr) {
      const Place& null = x->base == nullptr ? *x : *y;
      if (null.offset != 0 || !isNeverNull(x->base == nullptr ? *y : *x)) return nullptr;
    } else if (!isInOwnObject(*x) || !isInOwnObject(*y)) {
      return nullptr;
    }
    return ConstantInt::getBool(compare.getType(), equal == (compare.getPredicate() == ICmpInst::ICMP_EQ));
  }

  Constant* foldLoad(LoadInst& load) const {
    if (!load.isSimple()) return nullptr;
    std::optional<Place> at = placeOf(load.getPointerOperand());
    if (!at || at->base == nullptr) return nullptr;
    auto* g = dyn_cast<GlobalVariable>(at->base);
    if (g == nullptr || !g->isConstant() || at->offset < 0) return nullptr;
    Type* type = load.getType();
    if (!g->hasInitializer()) return knownContent(*g, uint64_t(at->offset), type);
    // What is no pointer LLVM finds itself.
    if (!g->hasDefinitiveInitializer() || !isHeapPointer(type)) return nullptr;
    uint64_t width = layout_.getTypeStoreSize(type).getFixedValue();
    if (uint64_t(at->offset) + width > layout_.getTypeStoreSize(g->getValueType()).getFixedValue()) return nullptr;
    Constant* found = ConstantFoldLoadFromConst(g->getInitializer(), PointerType::get(type->getContext(), 0),
                                                APInt(64, uint64_t(at->offset)), layout_);
    return found == nullptr ? nullptr : inHeapSpace(found, type);
  }

  static bool isHeapPointer(Type* type) { return type->isPointerTy() && type->getPointerAddressSpace() == kHeapSpace; }

  // A `ptr` of static data as the program reads it; null unless it is null or the address of something.
  Constant* inHeapSpace(Constant* pointer, Type* type) const {
    if (pointer->isNullValue()) return Constant::getNullValue(type);
    std::optional<Place> place = placeOf(pointer);
    return place && place->base != nullptr ? ConstantExpr::getAddrSpaceCast(pointer, type) : nullptr;
  }

  Constant* knownContent(const GlobalVariable& g, uint64_t offset, Type* type) const {
    SmallVector<MDNode*, 8> notes;
    g.getMetadata(g.getContext().getMDKindID(kKnownContent), notes);
    for (const MDNode* note : notes) {
      if (mdconst::extract<ConstantInt>(note->getOperand(0))->getZExtValue() != offset) continue;
      auto* value = mdconst::dyn_extract_or_null<Constant>(note->getOperand(1));
      if (value == nullptr) return nullptr;
      if (value->getType() == type) return value;
      return value->getType()->isPointerTy() && isHeapPointer(type) ? inHeapSpace(value, type) : nullptr;
    }
    return nullptr;
  }

  const DataLayout& layout_;
  const TargetLibraryInfo& library_;
};

}  // namespace

void noteKnownContent(GlobalVariable& g, uint64_t offset, Constant* value) {
  LLVMContext& context = g.getContext();
  Metadata* parts[] = {ConstantAsMetadata::get(ConstantInt::get(Type::getInt64Ty(context), offset)),
                       ConstantAsMetadata::get(value)};
  g.addMetadata(kKnownContent, *MDNode::get(context, parts));
}

PreservedAnalyses KnownGlobals::run(Function& f, FunctionAnalysisManager& analyses) {
  Folder folder(f.getDataLayout(), analyses.getResult<TargetLibraryAnalysis>(f));
  SmallVector<Instruction*, 16> work;  // whose users may fold now
  SmallVector<WeakTrackingVH, 16> dead;
  auto replace = [&](Instruction& i, Constant* c) {
    if (i.use_empty()) return;
    SmallVector<Instruction*, 4> users;
    for (User* user : i.users()) {
      if (auto* u = dyn_cast<Instruction>(user)) users.push_back(u);
    }
    i.replaceAllUsesWith(c);
    work.append(users);
    dead.push_back(&i);
  };
  for (Instruction& i : instructions(f)) {
    if (Constant* c = folder.fold(i)) replace(i, c);
  }
  if (dead.empty()) return PreservedAnalyses::all();
  while (!work.empty()) {
    Instruction* i = work.pop_back_val();
    if (Constant* c = folder.foldMore(*i)) replace(*i, c);
  }
  RecursivelyDeleteTriviallyDeadInstructionsPermissive(dead);
  PreservedAnalyses kept;
  kept.preserveSet<CFGAnalyses>();
  return kept;
}

}  // namespace burrow::codegen
