// Root slots: where the collector finds the pointers of a frame.
//
// The problem: while a goroutine is inside a call, its frame holds pointers in registers and spill slots of LLVM's
// choosing, and LLVM says where only for values that it may change. But objects do not move here: a pointer need not be
// read back after the call, only be found during it.
//
// What is done, after all other work on LLVM IR: each pointer that is live over some call gets a slot in one array of the
// frame and is stored there before the call. The call carries the set of slots that count there:
//
//     p = call newobject()              p = call newobject()
//     q = load p                        store volatile p, roots[0]
//     call f()                   ->     q = load p
//     use(p, q)                         store volatile q, roots[1]
//                                       call f() [ "deopt"(0b11, 0, roots) ]
//                                       use(p, q)
//
// Where it is stored is a question of cost (placesOf): between the definition and the calls, where it is done least often. A
// pointer that only calls in unlikely blocks can see (an allocation's slow way, a lock that is taken) is stored there.
// In a deferring function all are stored right after their definition, since a fault may come anywhere.
//
// Slots are shared (coloured) among pointers that do not need theirs at the same time. RewriteStatepointsForGC makes
// statepoints of the calls, with nothing to relocate, and LLVM's stack map says at which offset the array is and what the
// set was at each return address. The pointer itself stays wherever it was, usually in a callee-saved register.
//
// Stack objects that may hold pointers (stack_objects.cpp) take part: an object that is read after a call, by name, counts at
// that call; one whose address has gone somewhere counts when the collector finds a pointer to it, which, like any other,
// is in a slot, an argument, an object or another frame. A pointer that may be to one of several objects has a slot.
//
// The bundle: number of mask words, the words, words of arguments on the stack (they belong to the callee, which may not
// have read them yet), the array if there is one, then the stack objects that may count, each with a constant (objectCode).
//
// A panic may leave the function at any instruction, and it goes on where deferenter returns for the second time. What is
// live there is live at every call; the record of the first deferreturn there (kRecoverRecord) serves for faults, as in gc.
//
// Which pointers: what is stored is the *base* of a live pointer, found through address arithmetic, casts and phis
// that only move within one object, so that a pointer just outside of its object keeps it alive all the same. Integers
// computed from a pointer keep it too, as long as they are not stored: uintptr(unsafe.Pointer(p)) + x on its way back.
// Aggregates and vectors are tracked whole, with a slot for each of their pointers.
//
// No maps, and so a scan of the whole frame word by word: polls in loops, functions so large that the sets would be larger
// than kMaxBits, and a function that forks.
//
// Rejected: llvm.gcroot (all accesses through memory, no sharing); relocating statepoints (spills around every call for
// nothing); one set per function instead of one per call (the slots would have to be cleared at entry).
#include "codegen/root_slots.h"

#include "codegen/module_lowering.h"
#include "codegen/stack_objects.h"

#include "llvm/ADT/BitVector.h"
#include "llvm/ADT/PostOrderIterator.h"
#include "llvm/Analysis/BlockFrequencyInfo.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/GCStrategy.h"
#include "llvm/IR/IntrinsicInst.h"

namespace burrow::codegen {

using namespace llvm;

namespace {

// Statepoints, but no pointer that LLVM would have to know: they are in slots.
class BurrowGc : public GCStrategy {
 public:
  BurrowGc() {
    UseStatepoints = true;
    UseRS4GC = true;
  }
  std::optional<bool> isGCManagedPointer(const Type*) const override { return false; }
};
GCRegistry::Add<BurrowGc> registered(kGcName, "Burrow: root slots");

constexpr size_t kMaxBits = size_t{1} << 28;           // bits of all live sets of a function
constexpr size_t kMaxObjectEntries = size_t{1} << 15;  // stack objects times calls, per function
constexpr size_t kMaxPlaced = size_t{1} << 18;         // pointers times calls for which the best places are looked for
constexpr unsigned kMaxWeb = 64;                       // phis that are looked through for one base
constexpr unsigned kIntRegisters = 6, kFloatRegisters = 8;

bool isGoPointer(const Type* t) { return t->isPointerTy() && t->getPointerAddressSpace() == kHeapSpace; }

// The pointers in a value of type `t`: paths for extractvalue.
void pointersIn(Type* t, SmallVectorImpl<unsigned>& path, SmallVectorImpl<SmallVector<unsigned, 2>>& out) {
  if (auto* s = dyn_cast<StructType>(t)) {
    for (unsigned i = 0; i < s->getNumElements(); i++) {
      path.push_back(i);
      pointersIn(s->getElementType(i), path, out);
      path.pop_back();
    }
  } else if (auto* a = dyn_cast<ArrayType>(t)) {
    for (unsigned i = 0; i < a->getNumElements(); i++) {
      path.push_back(i);
      pointersIn(a->getElementType(), path, out);
      path.pop_back();
    }
  } else if (isGoPointer(t)) {
    out.emplace_back(path.begin(), path.end());
  }
}

bool holdsPointers(Type* t) {
  if (auto* v = dyn_cast<FixedVectorType>(t)) return isGoPointer(v->getElementType());
  if (!t->isAggregateType()) return isGoPointer(t);
  SmallVector<unsigned, 2> path;
  SmallVector<SmallVector<unsigned, 2>, 2> paths;
  pointersIn(t, path, paths);
  return !paths.empty();
}

// A call during which the collector may look at this frame and afterwards the function goes on.
bool isSafePoint(const Instruction& i) {
  const auto* call = dyn_cast<CallInst>(&i);
  if (!call || isa<IntrinsicInst>(call) || call->isInlineAsm()) return false;
  // A tail call leaves no frame.
  return !call->hasFnAttr("gc-leaf-function") && !call->doesNotReturn() && !call->isMustTailCall();
}

using Bases = SmallVector<Value*, 1>;

class Slots {
 public:
  Slots(Function& f, FunctionAnalysisManager& analyses, const RootSlots& options)
      : f_(f), analyses_(analyses), options_(options), objects_(f) {}

  bool run() {
    SmallVector<CallInst*, 32> calls;
    for (BasicBlock& block : f_) {
      for (Instruction& i : block) {
        if (auto* call = dyn_cast<CallInst>(&i); call && call->hasFnAttr(Attribute::ReturnsTwice)) {
          if (enter_ || !call->getCalledFunction() || call->getCalledFunction()->getName() != "runtime.deferenter") return false;
          enter_ = call;
          continue;
        }
        if (isSafePoint(i)) calls.push_back(cast<CallInst>(&i));
      }
    }
    if (calls.empty()) return false;
    number();
    if ((f_.size() + bases_.size() + calls.size()) * bases_.size() > kMaxBits ||
        objects_.size() * calls.size() > kMaxObjectEntries)
      return false;
    for (Value* base : bases_) widths_.push_back(widthOf(base));
    liveness();
    colour();
    insertStores(calls);
    objects_.analyse(calls);
    if (enter_) recoverCall_ = firstDeferReturn();
    for (CallInst* call : calls) attach(*call);
    markOthers();
    f_.setGC(kGcName);
    return true;
  }

 private:
  // ---- bases

  const Bases& basesOf(Value* v) {
    if (auto it = resolved_.find(v); it != resolved_.end()) return it->second;
    Bases out = resolve(v);
    return resolved_[v] = std::move(out);
  }

  Bases resolve(Value* v) {
    if (isa<AllocaInst>(v)) return objects_.indexOf(v) >= 0 ? Bases{v} : Bases{};
    if (!isa<Argument>(v) && !isa<Instruction>(v)) return {};
    if (isa<Argument>(v)) return holdsPointers(v->getType()) ? Bases{v} : Bases{};
    auto* inst = cast<Instruction>(v);
    switch (inst->getOpcode()) {
      case Instruction::GetElementPtr:
        if (v->getType()->isVectorTy()) return Bases{v};
        return copy(inst->getOperand(0));
      case Instruction::AddrSpaceCast:
      case Instruction::BitCast:
      case Instruction::Freeze:
      case Instruction::PtrToInt: return copy(inst->getOperand(0));
      case Instruction::IntToPtr: {
        Bases from = copy(inst->getOperand(0));
        return from.empty() && holdsPointers(v->getType()) ? Bases{v} : from;
      }
      case Instruction::Add:
      case Instruction::Sub:
      case Instruction::And:
      case Instruction::Or: {
        Bases out = copy(inst->getOperand(0));
        for (Value* base : copy(inst->getOperand(1))) {
          if (!is_contained(out, base)) out.push_back(base);
        }
        return out;
      }
      case Instruction::PHI:
      case Instruction::Select:
        if (!v->getType()->isPointerTy()) return holdsPointers(v->getType()) ? Bases{v} : Bases{};
        if (Value* base = onlyBase(v)) return Bases{base};
        return onlyUntracked_ ? Bases{} : Bases{v};
      default: return holdsPointers(v->getType()) ? Bases{v} : Bases{};
    }
  }
  Bases copy(Value* v) { return basesOf(v); }

  // The one base that all ways through phis, selects and address arithmetic lead to; null when there are several.
  Value* onlyBase(Value* start) {
    SmallVector<Value*, 16> work{start};
    SmallPtrSet<Value*, 16> seen{start};
    Value* base = nullptr;
    onlyUntracked_ = false;
    while (!work.empty()) {
      Value* v = work.pop_back_val();
      auto visit = [&](Value* next) {
        if (seen.insert(next).second) work.push_back(next);
      };
      if (seen.size() > kMaxWeb) return nullptr;
      if (auto* phi = dyn_cast<PHINode>(v)) {
        for (Value* in : phi->incoming_values()) visit(in);
      } else if (auto* select = dyn_cast<SelectInst>(v)) {
        visit(select->getTrueValue());
        visit(select->getFalseValue());
      } else if (isa<GetElementPtrInst>(v) || isa<AddrSpaceCastInst>(v) || isa<FreezeInst>(v)) {
        visit(cast<Instruction>(v)->getOperand(0));
      } else if (isa<Constant>(v) || (isa<AllocaInst>(v) && objects_.indexOf(v) < 0)) {
        continue;
      } else if (!isa<AllocaInst>(v) && !holdsPointers(v->getType())) {
        if (isa<Argument>(v)) continue;
        return nullptr;
      } else if (base && base != v) {
        return nullptr;
      } else {
        base = v;
      }
    }
    onlyUntracked_ = !base;
    if (!base) return nullptr;
    // Found through the other arm of a select or phi, it may be defined later than here, or not meant.
    for (Value* v : seen) {
      if (v != base && (isa<Constant>(v) || isa<AllocaInst>(v))) return nullptr;
    }
    return base;
  }

  void number() {
    auto add = [&](Value& v) {
      for (Value* base : basesOf(&v)) {
        if (index_.try_emplace(base, unsigned(bases_.size())).second) bases_.push_back(base);
      }
    };
    for (Argument& a : f_.args()) add(a);
    for (BasicBlock& block : f_) {
      for (Instruction& i : block) add(i);
    }
  }

  // ---- live sets

  // `through`: memory is written at v, and not read: a stack object need not be live for that.
  void use(BitVector& live, Value* v, bool through = false) {
    if (!isa<Argument>(v) && !isa<Instruction>(v)) return;
    for (Value* base : basesOf(v)) {
      if (!through || !isa<AllocaInst>(base)) live.set(index_[base]);
    }
  }

  void useOperands(BitVector& live, Instruction& i) {
    if (AllocaInst* ended = lifetimeMark(i)) {
      if (auto it = index_.find(ended); it != index_.end()) live.reset(it->second);
      return;
    }
    for (unsigned object : objects_.overwrittenFrom(i)) live.reset(index_[objects_.at(object)]);
    Use* through = writtenOnly(i);
    for (Use& operand : i.operands()) use(live, operand, &operand == through);
  }

  // What is live at the end of a block, from its successors' beginnings and their phis.
  void liveAtEnd(BasicBlock& block, BitVector& live) {
    for (BasicBlock* next : successors(&block)) {
      if (auto it = liveIn_.find(next); it != liveIn_.end()) live |= it->second;
      for (PHINode& phi : next->phis()) use(live, phi.getIncomingValueForBlock(&block));
    }
  }

  void define(BitVector& live, Value& v) {
    if (auto it = index_.find(&v); it != index_.end()) live.reset(it->second);
  }

  // Backwards through the block; `atCall` sees what is live over each call.
  template <class F>
  void walk(BasicBlock& block, BitVector& live, F atCall) {
    for (Instruction& i : reverse(block)) {
      define(live, i);
      if (isa<PHINode>(i)) continue;
      if (isSafePoint(i)) atCall(cast<CallInst>(i), live);
      useOperands(live, i);
    }
  }

  // The objects that the callee gets by address and that nobody but this frame may know of: what is passed and returned in
  // memory, and what functions that are not compiled here (C++ above all, which may park and let others read) are given.
  void useDuring(BitVector& live, CallInst& call) {
    const Function* callee = call.getCalledFunction();
    for (Use& argument : call.args()) {
      if (!argument->getType()->isPointerTy() || (isGoPointer(argument->getType()) && !(callee && callee->isDeclaration()))) continue;
      for (Value* base : basesOf(argument)) {
        if (isa<AllocaInst>(base)) live.set(index_[base]);
      }
    }
  }

  // Where the function goes on after a recovered panic; null: not known.
  BasicBlock* recovered() {
    for (User* user : enter_->users()) {
      auto* test = dyn_cast<ICmpInst>(user);
      if (!test || !test->isEquality() || !test->hasOneUse()) continue;
      auto* zero = dyn_cast<ConstantInt>(test->getOperand(1));
      auto* branch = dyn_cast<BranchInst>(*test->user_begin());
      if (!zero || !zero->isZero() || !branch || !branch->isConditional() || branch->getParent() != enter_->getParent()) continue;
      return branch->getSuccessor(test->getPredicate() == ICmpInst::ICMP_NE ? 0 : 1);
    }
    return nullptr;
  }

  // What a recovered panic finds live: what the function uses when deferenter has returned again.
  void liveAtRecover() {
    BasicBlock* block = enter_->getParent();
    if (BasicBlock* next = recovered()) {
      if (auto it = liveIn_.find(next); it != liveIn_.end()) atRecover_ |= it->second;
      for (PHINode& phi : next->phis()) use(atRecover_, phi.getIncomingValueForBlock(block));
      return;
    }
    liveAtEnd(*block, atRecover_);
    for (Instruction& i : reverse(*block)) {
      if (&i == enter_) break;
      define(atRecover_, i);
      if (!isa<PHINode>(i)) useOperands(atRecover_, i);
    }
  }

  void liveness() {
    std::vector<BasicBlock*> order(po_begin(&f_), po_end(&f_));
    BitVector live(unsigned(bases_.size()));
    for (bool changed = true; changed;) {
      changed = false;
      for (BasicBlock* block : order) {
        live.reset();
        liveAtEnd(*block, live);
        walk(*block, live, [](CallInst&, BitVector&) {});
        auto [it, isNew] = liveIn_.try_emplace(block, live);
        if (!isNew && it->second != live)
          it->second = live;
        else if (!isNew)
          continue;
        changed = true;
      }
    }
    rooted_.resize(unsigned(bases_.size()));
    atRecover_.resize(unsigned(bases_.size()));
    if (enter_) liveAtRecover();
    for (BasicBlock* block : order) {
      live.reset();
      liveAtEnd(*block, live);
      walk(*block, live, [&](CallInst& call, BitVector& over) {
        BitVector during = over;
        during |= atRecover_;
        useDuring(during, call);
        rooted_ |= during;
        overCall_.try_emplace(&call, std::move(during));
      });
    }
    for (unsigned i = 0; i < bases_.size(); i++) {
      if (isa<AllocaInst>(bases_[i])) rooted_.reset(i);
    }
  }

  // ---- slots

  // A slot is needed from the store after the definition to the last call over which the pointer is live. Two pointers
  // need different slots when one is stored while the other's is needed.
  void colour() {
    unsigned n = unsigned(bases_.size());
    std::vector<BitVector> conflicts(n);
    for (int i : rooted_.set_bits()) conflicts[unsigned(i)].resize(n);
    DenseMap<BasicBlock*, BitVector> neededIn;
    std::vector<BasicBlock*> order(po_begin(&f_), po_end(&f_));
    BitVector needed(n);
    auto conflict = [&](unsigned a, const BitVector& with) {
      conflicts[a] |= with;
      conflicts[a].reset(a);
    };
    auto pass = [&](BasicBlock& block, bool record) {
      needed.reset();
      for (BasicBlock* next : successors(&block)) {
        if (auto it = neededIn.find(next); it != neededIn.end()) needed |= it->second;
      }
      BitVector phis(n);
      for (Instruction& i : reverse(block)) {
        if (isSafePoint(i)) {
          // The call's own result is stored after it, when the slots of the call are as they were.
          if (auto it = index_.find(&i); it != index_.end() && needed.test(it->second)) {
            if (record) conflict(it->second, needed);
            needed.reset(it->second);
          }
          if (auto it = overCall_.find(cast<CallInst>(&i)); it != overCall_.end()) needed |= it->second;
          needed &= rooted_;
          continue;
        }
        auto it = index_.find(&i);
        if (it == index_.end() || !needed.test(it->second)) continue;
        if (record) conflict(it->second, needed);
        if (isa<PHINode>(i)) {
          phis.set(it->second);  // all of a block's phis are stored together: they conflict with each other
        } else {
          needed.reset(it->second);
        }
      }
      needed.reset(phis);
    };
    for (bool changed = true; changed;) {
      changed = false;
      for (BasicBlock* block : order) {
        pass(*block, false);
        auto [it, isNew] = neededIn.try_emplace(block, needed);
        if (!isNew && it->second == needed) continue;
        it->second = needed;
        changed = true;
      }
    }
    for (BasicBlock* block : order) pass(*block, true);
    // Arguments are all stored at the entry.
    BitVector atEntry = neededIn.lookup(&f_.getEntryBlock());
    if (atEntry.empty()) atEntry.resize(n);
    for (int i : atEntry.set_bits()) conflict(unsigned(i), atEntry);
    slotOf_.assign(n, ~0u);
    BitVector taken;
    for (int i : rooted_.set_bits()) {
      unsigned base = unsigned(i), width = widths_[base];
      taken.clear();
      taken.resize(slots_ + width);
      for (unsigned other = 0; other < n; other++) {
        if (slotOf_[other] == ~0u) continue;
        if (options_.sharing && !(conflicts[base].test(other) || conflicts[other].test(base))) continue;
        for (unsigned k = 0; k < widths_[other]; k++) taken.set(slotOf_[other] + k);
      }
      unsigned at = 0;
      for (unsigned run = 0; run < width; at++) run = taken.test(at) ? 0 : run + 1;
      slotOf_[base] = at - width;
      slots_ = std::max(slots_, at);
    }
  }

  static unsigned widthOf(Value* v) {
    Type* t = v->getType();
    if (auto* vector = dyn_cast<FixedVectorType>(t)) return vector->getNumElements();
    if (!t->isAggregateType()) return 1;
    SmallVector<unsigned, 2> path;
    SmallVector<SmallVector<unsigned, 2>, 2> paths;
    pointersIn(t, path, paths);
    return unsigned(paths.size());
  }

  // Right after the definition.
  std::optional<BasicBlock::iterator> afterDefinition(Value* v) {
    if (auto* inst = dyn_cast<Instruction>(v)) return inst->getInsertionPointAfterDef();
    BasicBlock::iterator at = f_.getEntryBlock().begin();
    while (isa<AllocaInst>(*at)) ++at;
    return at;
  }

  // The calls over which each rooted pointer is live, the first of each block, in the order of the function.
  std::vector<SmallVector<CallInst*, 4>> callsByBase(ArrayRef<CallInst*> calls) {
    std::vector<SmallVector<CallInst*, 4>> out(bases_.size());
    for (CallInst* call : calls) {
      auto it = overCall_.find(call);
      if (it == overCall_.end()) continue;  // not reachable
      for (int i : it->second.set_bits()) {
        auto& list = out[unsigned(i)];
        if (rooted_.test(unsigned(i)) && (list.empty() || list.back()->getParent() != call->getParent())) list.push_back(call);
      }
    }
    return out;
  }

  // Where `v` is stored so that it is before each of `calls`, which it dominates, and stores happen as rarely as can be. Up the
  // dominator tree from the calls to the definition: a store at the end of a block serves all below it.
  void placesOf(Value* v, ArrayRef<CallInst*> calls, DominatorTree& tree, BlockFrequencyInfo& frequency,
                SmallVectorImpl<Instruction*>& out) {
    struct Part {
      Instruction* here = nullptr;  // the call in this block
      uint64_t below = 0;           // what stores further down cost
      SmallVector<DomTreeNode*, 2> children;
    };
    BasicBlock* home = isa<Instruction>(v) ? cast<Instruction>(v)->getParent() : &f_.getEntryBlock();
    DenseMap<DomTreeNode*, Part> parts;
    SmallVector<DomTreeNode*, 16> order;
    for (CallInst* call : calls) {
      DomTreeNode* node = tree.getNode(call->getParent());
      bool known = parts.contains(node);
      if (!known) order.push_back(node);
      parts[node].here = call;
      for (; !known && node->getBlock() != home; node = node->getIDom()) {
        DomTreeNode* up = node->getIDom();
        known = parts.contains(up);
        if (!known) order.push_back(up);
        parts[up].children.push_back(node);
      }
    }
    auto cost = [&](DomTreeNode* node) {
      const uint64_t own = std::max<uint64_t>(frequency.getBlockFreq(node->getBlock()).getFrequency(), 1);
      const Part& part = parts[node];
      return part.here != nullptr ? own : std::min(own, part.below);
    };
    stable_sort(order, [](DomTreeNode* a, DomTreeNode* b) { return a->getLevel() > b->getLevel(); });
    for (DomTreeNode* node : order) {
      if (node->getBlock() != home) parts[node->getIDom()].below = SaturatingAdd(parts[node->getIDom()].below, cost(node));
    }
    SmallVector<DomTreeNode*, 16> work{tree.getNode(home)};
    while (!work.empty()) {
      DomTreeNode* node = work.pop_back_val();
      const Part& part = parts[node];
      if (part.here != nullptr) {
        out.push_back(part.here);
      } else if (cost(node) < part.below || part.children.empty()) {
        out.push_back(node->getBlock()->getTerminator());
      } else {
        work.append(part.children);
      }
    }
  }

  void storeRoot(unsigned base, BasicBlock::iterator at) {
    Value* v = bases_[base];
    IRBuilder<> b(at->getParent(), at);
    // Not a statement of the program's: steps and tracebacks do not stop here.
    b.SetCurrentDebugLocation(DebugLoc());
    unsigned slot = slotOf_[base];
    auto store = [&](Value* p) {
      b.CreateAlignedStore(p, b.CreateConstInBoundsGEP2_64(array_->getAllocatedType(), array_, 0, slot++), Align(8),
                           /*isVolatile=*/true);
    };
    if (auto* vector = dyn_cast<FixedVectorType>(v->getType())) {
      for (unsigned k = 0; k < vector->getNumElements(); k++) store(b.CreateExtractElement(v, k));
    } else if (v->getType()->isAggregateType()) {
      SmallVector<unsigned, 2> path;
      SmallVector<SmallVector<unsigned, 2>, 2> paths;
      pointersIn(v->getType(), path, paths);
      for (const auto& p : paths) store(b.CreateExtractValue(v, p));
    } else {
      store(v);
    }
  }

  void insertStores(ArrayRef<CallInst*> calls) {
    if (slots_ == 0) return;
    Type* ptr1 = PointerType::get(f_.getContext(), kHeapSpace);
    BasicBlock& entry = f_.getEntryBlock();
    IRBuilder<> eb(&entry, entry.begin());
    array_ = eb.CreateAlloca(ArrayType::get(ptr1, slots_), nullptr, "roots");
    array_->setAlignment(Align(8));
    const bool sink = options_.places && !enter_ && size_t{rooted_.count()} * calls.size() <= kMaxPlaced;
    std::vector<SmallVector<CallInst*, 4>> callsOf;
    if (sink) callsOf = callsByBase(calls);
    SmallVector<Instruction*, 4> places;
    for (int i : rooted_.set_bits()) {
      std::optional<BasicBlock::iterator> after = afterDefinition(bases_[unsigned(i)]);
      if (!after) continue;  // nothing can follow it
      if (!sink) {
        storeRoot(unsigned(i), *after);
        continue;
      }
      places.clear();
      placesOf(bases_[unsigned(i)], callsOf[unsigned(i)], analyses_.getResult<DominatorTreeAnalysis>(f_),
               analyses_.getResult<BlockFrequencyAnalysis>(f_), places);
      for (Instruction* place : places) storeRoot(unsigned(i), place->getIterator());
    }
  }

  // ---- what the calls carry

  void attach(CallInst& call) {
    unsigned ints = 0, floats = 0;
    for (unsigned i = 0; i < call.arg_size(); i++) {
      if (call.paramHasAttr(i, Attribute::Nest)) continue;
      (call.getArgOperand(i)->getType()->isFloatingPointTy() ? floats : ints)++;
    }
    unsigned onStack =
        (ints > kIntRegisters ? ints - kIntRegisters : 0) + (floats > kFloatRegisters ? floats - kFloatRegisters : 0);
    const bool recover = &call == recoverCall_;
    // A panic may come when objects are in use that are not where the function is recovered.
    const BitVector touched = recover ? BitVector(objects_.size(), true) : objects_.touchedAt(call);
    std::vector<Value*> list = describe(overCall_.lookup(&call), onStack | (recover ? kRecoverRecord : 0), touched);
    OperandBundleDef bundle("deopt", list);
    auto* with = cast<CallInst>(CallBase::Create(&call, {bundle}, call.getIterator()));
    with->takeName(&call);
    call.replaceAllUsesWith(with);
    call.eraseFromParent();
  }

  std::vector<Value*> describe(const BitVector& live, unsigned onStack, const BitVector& touched) {
    LLVMContext& context = f_.getContext();
    Type* i32 = Type::getInt32Ty(context);
    Type* i64 = Type::getInt64Ty(context);
    unsigned words = (slots_ + 63) / 64;
    SmallVector<uint64_t, 4> mask(words);
    BitVector direct(objects_.size());
    for (int i : live.set_bits()) {
      unsigned base = unsigned(i);
      if (int object = objects_.indexOf(bases_[base]); object >= 0) {
        direct.set(unsigned(object));
        continue;
      }
      unsigned slot = slotOf_[base];
      for (unsigned k = 0; k < widths_[base]; k++, slot++) mask[slot / 64] |= uint64_t{1} << (slot % 64);
    }
    std::vector<Value*> list{ConstantInt::get(i32, words)};
    for (uint64_t word : mask) list.push_back(ConstantInt::get(i64, word));
    list.push_back(ConstantInt::get(i32, onStack));
    if (array_) list.push_back(array_);
    for (unsigned i = 0; i < objects_.size(); i++) {
      if (!touched.test(i) || !(direct.test(i) || objects_.captured(i))) continue;
      list.push_back(objects_.at(i));
      list.push_back(ConstantInt::get(i64, objectCode(i, objects_.words(i), direct.test(i))));
    }
    return list;
  }

  // The call of deferreturn that a recovered function comes to first: its record serves for panics too.
  CallInst* firstDeferReturn() {
    BasicBlock* start = recovered();
    SmallVector<BasicBlock*, 16> work{start ? start : enter_->getParent()};
    SmallPtrSet<BasicBlock*, 16> seen{work[0]};
    for (size_t i = 0; i < work.size(); i++) {
      for (Instruction& inst : *work[i]) {
        auto* call = dyn_cast<CallInst>(&inst);
        if (call && call->getCalledFunction() && call->getCalledFunction()->getName() == "runtime.deferreturn") return call;
      }
      for (BasicBlock* next : successors(work[i])) {
        if (seen.insert(next).second) work.push_back(next);
      }
    }
    return nullptr;
  }

  // RewriteStatepointsForGC would take these for calls like the others.
  void markOthers() {
    Attribute leaf = Attribute::get(f_.getContext(), "gc-leaf-function");
    for (BasicBlock& block : f_) {
      for (Instruction& i : block) {
        auto* call = dyn_cast<CallInst>(&i);
        if (call && !isa<IntrinsicInst>(call) && !isSafePoint(i)) call->addFnAttr(leaf);
      }
    }
  }

  Function& f_;
  FunctionAnalysisManager& analyses_;
  const RootSlots& options_;
  StackObjects objects_;
  CallInst* enter_ = nullptr;  // the call of deferenter
  CallInst* recoverCall_ = nullptr;
  BitVector atRecover_;
  DenseMap<Value*, Bases> resolved_;
  bool onlyUntracked_ = false;  // of the last onlyBase: nothing but pointer-free stack objects and constants
  DenseMap<Value*, unsigned> index_;
  std::vector<Value*> bases_;
  std::vector<unsigned> widths_;  // how many slots each needs
  DenseMap<BasicBlock*, BitVector> liveIn_;
  DenseMap<CallInst*, BitVector> overCall_;
  BitVector rooted_;
  std::vector<unsigned> slotOf_;
  unsigned slots_ = 0;
  AllocaInst* array_ = nullptr;
};

}  // namespace

PreservedAnalyses RootSlots::run(Function& f, FunctionAnalysisManager& analyses) {
  return Slots(f, analyses, *this).run() ? PreservedAnalyses::none() : PreservedAnalyses::all();
}

}  // namespace burrow::codegen
