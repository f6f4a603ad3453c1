// Stack objects: variables and temporaries that have an address and may hold pointers.
//
// The problem: an object that is scanned during the whole life of its frame keeps alive what it held long ago, or what lay at
// its place before. When does an object count at a call? Three things are known here:
//
//     p := &x            x is touched from here on
//     f(p)               x's address is captured: the callee may keep it as long as it runs
//     g()                x counts by itself when the function reads it later (root_slots.cpp has that liveness)
//     return x.next
//
//   touched    some instruction before the call, on some way, names the object. Before that it is what the stack was.
//   captured   its address was stored, passed or merged: it matters while something that is live points to it, and only the
//              collector can see that (runtime/symtab/stack_roots.h).
//   lifetime   LLVM's marks of variables of inlined functions: outside of them the object's place may serve others.
//
// An object that is neither read later nor captured does not count. A store into an object is no reading; stores into all of it
// end the life of what it held.
//
// Rejected: liveness of each word of an object: a call takes its address more often than not, and then all words count.
#include "codegen/stack_objects.h"

#include "codegen/root_slots.h"

#include "llvm/ADT/PostOrderIterator.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/CFG.h"
#include "llvm/IR/DataLayout.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"

namespace burrow::codegen {

using namespace llvm;

static constexpr uint64_t kMaxPieces = 256;  // words of an object that is looked at word by word

AllocaInst* lifetimeMark(Instruction& i) {
  auto* mark = dyn_cast<IntrinsicInst>(&i);
  if (!mark || !mark->isLifetimeStartOrEnd()) return nullptr;
  return dyn_cast<AllocaInst>(mark->getArgOperand(mark->arg_size() - 1)->stripPointerCasts());
}

Use* writtenOnly(Instruction& i) {
  if (auto* store = dyn_cast<StoreInst>(&i)) return &store->getOperandUse(StoreInst::getPointerOperandIndex());
  if (auto* memory = dyn_cast<AnyMemIntrinsic>(&i)) return &memory->getRawDestUse();
  return nullptr;
}

StackObjects::StackObjects(Function& f) : f_(f) {
  const DataLayout& layout = f.getDataLayout();
  for (Instruction& i : f.getEntryBlock()) {
    auto* a = dyn_cast<AllocaInst>(&i);
    if (!a || a->getMetadata(kNoPointers)) continue;
    std::optional<TypeSize> size = a->getAllocationSize(layout);
    if (!size || size->isScalable() || size->getFixedValue() < 8 || a->getAlign() < Align(8)) continue;
    index_[a] = unsigned(objects_.size());
    objects_.push_back(a);
    words_.push_back(size->getFixedValue() / 8);
  }
  if (objects_.empty()) return;
  for (BasicBlock& block : f) findOverwritten(block);
}

// How many bytes `i` writes, when that is known.
static std::optional<uint64_t> bytesWritten(const Instruction& i, const DataLayout& layout) {
  if (auto* store = dyn_cast<StoreInst>(&i)) {
    TypeSize size = layout.getTypeStoreSize(store->getValueOperand()->getType());
    return size.isScalable() ? std::nullopt : std::optional(size.getFixedValue());
  }
  auto* length = dyn_cast<ConstantInt>(cast<AnyMemIntrinsic>(i).getLength());
  return length ? std::optional(length->getZExtValue()) : std::nullopt;
}

// A block writes an object anew in one or more pieces, the cases of a select in a loop for instance, and reads it only when all
// pieces are there: what the object held before does not matter from the first piece on. A piece of less than a word is of a word
// without a pointer, which counts as written.
void StackObjects::findOverwritten(BasicBlock& block) {
  struct Pieces {
    Instruction* first = nullptr;
    BitVector words;
  };
  const DataLayout& layout = f_.getDataLayout();
  DenseMap<unsigned, Pieces> begun;
  for (Instruction& i : block) {
    if (AllocaInst* mark = lifetimeMark(i)) {
      if (int object = indexOf(mark); object >= 0) begun.erase(unsigned(object));
      continue;
    }
    if (isa<GetElementPtrInst>(i) || isa<AddrSpaceCastInst>(i) || isa<BitCastInst>(i) || i.isDebugOrPseudoInst())
      continue;
    Use* to = writtenOnly(i);
    for (Use& operand : i.operands()) {
      if (&operand == to || !operand->getType()->isPointerTy()) continue;
      if (int object = indexOf(getUnderlyingObject(operand.get())); object >= 0) begun.erase(unsigned(object));
    }
    if (!to) continue;
    APInt offset(layout.getIndexTypeSizeInBits(to->get()->getType()), 0);
    const int object = indexOf(to->get()->stripAndAccumulateConstantOffsets(layout, offset, true));
    const std::optional<uint64_t> bytes = bytesWritten(i, layout);
    if (object < 0 || !bytes || *bytes == 0 || offset.isNegative()) continue;
    const uint64_t words = words_[unsigned(object)], from = offset.getZExtValue() / 8;
    const uint64_t end = std::min(words, (offset.getZExtValue() + *bytes + 7) / 8);
    const bool whole = from == 0 && end == words;
    if (from >= end || (!whole && words > kMaxPieces)) continue;
    Pieces& pieces = begun[unsigned(object)];
    if (!pieces.first) pieces.first = &i;
    if (!whole) {
      pieces.words.resize(unsigned(words));
      pieces.words.set(unsigned(from), unsigned(end));
      if (!pieces.words.all()) continue;
    }
    overwritten_[pieces.first].push_back(unsigned(object));
    begun.erase(unsigned(object));
  }
}

// Notes who names the object through `v`, an address in it. Reports whether the address leaves for good.
bool StackObjects::follow(Value* v, unsigned object, SmallPtrSetImpl<Value*>& seen) {
  bool captured = false;
  for (Use& use : v->uses()) {
    auto* user = dyn_cast<Instruction>(use.getUser());
    if (!user) {
      captured = true;
      continue;
    }
    if (isa<GetElementPtrInst>(user) || isa<AddrSpaceCastInst>(user) || isa<BitCastInst>(user) || isa<FreezeInst>(user)) {
      if (user->getType()->isVectorTy()) captured = true;
      if (seen.insert(user).second) captured |= follow(user, object, seen);
      continue;
    }
    if (lifetimeMark(*user) || user->isDebugOrPseudoInst()) continue;
    mentions_[user].push_back(object);
    const bool access = isa<LoadInst>(user) || &use == writtenOnly(*user) || isa<AnyMemTransferInst>(user) || isa<ICmpInst>(user);
    if (access) continue;
    captured = true;
    // A phi's operand is named at the end of the block it comes from; the phi stands for it from then on.
    if (auto* phi = dyn_cast<PHINode>(user)) mentions_[phi->getIncomingBlock(use)->getTerminator()].push_back(object);
  }
  return captured;
}

void StackObjects::step(Instruction& i, BitVector& touched) const {
  if (AllocaInst* mark = lifetimeMark(i)) {
    if (int object = indexOf(mark); object >= 0) touched.reset(unsigned(object));
    return;
  }
  if (auto it = mentions_.find(&i); it != mentions_.end()) {
    for (unsigned object : it->second) touched.set(object);
  }
}

void StackObjects::analyse(ArrayRef<CallInst*> calls) {
  captured_.resize(size());
  for (CallInst* call : calls) touchedAt_[call].resize(size());
  if (objects_.empty()) return;
  for (unsigned i = 0; i < size(); i++) {
    SmallPtrSet<Value*, 16> seen;
    if (follow(objects_[i], i, seen)) captured_.set(i);
  }
  ReversePostOrderTraversal<Function*> order(&f_);
  for (bool changed = true; changed;) {
    changed = false;
    for (BasicBlock* block : order) {
      BitVector touched = touchedIn_.lookup(block);
      touched.resize(size());
      for (Instruction& i : *block) step(i, touched);
      for (BasicBlock* next : successors(block)) {
        BitVector& in = touchedIn_[next];
        in.resize(size());
        BitVector before = in;
        in |= touched;
        changed |= in != before;
      }
    }
  }
  for (BasicBlock& block : f_) {
    BitVector touched = touchedIn_.lookup(&block);
    touched.resize(size());
    for (Instruction& i : block) {
      step(i, touched);
      auto* call = dyn_cast<CallInst>(&i);
      if (!call) continue;
      if (auto it = touchedAt_.find(call); it != touchedAt_.end()) it->second = touched;
    }
  }
}

}  // namespace burrow::codegen
