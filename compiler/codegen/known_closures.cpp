// Functions that call a func value are copied for the func values that are known.
//
// The problem: a sort with a comparison function spends most of its time on calls through a pointer of functions of one line.
// LLVM finds out what is called only where it inlines the sort, which is too large for that, or where it sees all its callers.
//
//     func sort[T any](s []T, less func(a, b T) bool) { ... less(s[i], s[j]) ... sort(s[:i], less) ... }
//     sort(numbers, func(a, b int) bool { return a < b })
//
// becomes a call of a copy of sort in which `less` is that function (its closure object is constant: nothing is captured), so
// that LLVM's inliner can put it in its place. A call with which a function hands its own parameter on counts: to itself, or to
// another one that is worth a copy (slices.SortFunc has eight of these below it). The original is dropped when nothing needs it.
//
// What is copied: functions whose body is here, up to kLargestCopied instructions, that call the parameter in a loop, or are
// recursive, or hand it to such; for func values of up to kLargestCalled instructions, which are likely to be inlined; and
// altogether not more than a part of the module. A copy is a local function named FUNCTION·with.N and is shown as FUNCTION in
// tracebacks and profiles (programName), like the original.
//
// Effect: quicksort of bench/programs takes 0.68 of the instructions that it took, its numbers 0.82 of their time; executables grow by
// 0.1% (bench/programs, most by 0.5%).
//
// Rejected: LLVM's own specialisation of functions (of IPSCCP), which wants functions that only this module can call.
#include "codegen/known_closures.h"

#include "codegen/large_functions.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/Transforms/Utils/Cloning.h"

#include <map>

namespace burrow::codegen {

using namespace llvm;

namespace {

constexpr StringLiteral kMark = "·with.";
constexpr size_t kLargestCopied = 800;  // instructions, before LLVM's inliner
constexpr size_t kLargestCalled = 80;
constexpr size_t kAlways = 4000;        // instructions in all copies together, or
constexpr size_t kPart = 8;             // this part of the module if that is more

size_t size(const Function& f) {
  size_t n = 0;
  for (const Instruction& i : instructions(f)) n += !i.isDebugOrPseudoInst();
  return n;
}

// The function of a closure object that captures nothing; null for anything else.
const Function* functionOf(const Value* closure) {
  const auto* constant = dyn_cast<Constant>(closure);
  const auto* object = constant ? dyn_cast<GlobalVariable>(constant->stripPointerCasts()) : nullptr;
  if (!object || !object->isConstant() || !object->hasInitializer()) return nullptr;
  const auto* f = dyn_cast<Function>(object->getInitializer()->stripPointerCasts());
  return f && !f->isDeclaration() && !f->hasFnAttribute(Attribute::NoInline) && size(*f) <= kLargestCalled ? f : nullptr;
}

class Copies {
 public:
  explicit Copies(Module& module) : module_(module) {}
  bool run();

 private:
  using Substitution = std::vector<std::pair<unsigned, Constant*>>;

  bool mayBeCopied(Function& f);
  void findCalled();
  void replaceCalls(Function& f);
  Function* copyFor(Function& f, const Substitution& known);

  Module& module_;
  DenseMap<Function*, bool> mayBeCopied_;
  DenseSet<std::pair<Function*, unsigned>> called_;  // parameters that are worth knowing
  std::map<std::pair<Function*, Substitution>, Function*> copies_;
  std::vector<Function*> todo_;
  size_t room_ = kAlways;
  bool changed_ = false;
};

bool Copies::mayBeCopied(Function& f) {
  auto [it, isNew] = mayBeCopied_.try_emplace(&f, false);
  if (!isNew) return it->second;
  if (f.isDeclaration() || isLarge(f) || f.hasFnAttribute(Attribute::NoInline) || f.hasFnAttribute(Attribute::Cold)) return false;
  if (f.hasOptNone() || f.callsFunctionThatReturnsTwice() || f.isVarArg() || size(f) > kLargestCopied) return false;
  return mayBeCopied_[&f] = true;
}

// Fills called_.
void Copies::findCalled() {
  std::vector<std::pair<Argument*, std::pair<Function*, unsigned>>> handedOn;
  for (Function& f : module_) {
    std::unique_ptr<DominatorTree> dom;
    std::unique_ptr<LoopInfo> loops;
    for (Argument& arg : f.args()) {
      if (!arg.getType()->isPointerTy() || arg.hasNestAttr() || arg.use_empty()) continue;
      bool isCalled = false, isRecursive = false, isInLoop = false;
      for (const Use& use : arg.uses()) {
        if (auto* call = dyn_cast<CallBase>(use.getUser())) {
          Function* callee = call->isArgOperand(&use) ? call->getCalledFunction() : nullptr;
          if (!callee || !mayBeCopied(f) || !mayBeCopied(*callee)) continue;
          isRecursive |= callee == &f;
          handedOn.push_back({&arg, {callee, call->getArgOperandNo(&use)}});
          continue;
        }
        // The code pointer is the object's first word.
        const auto* code = dyn_cast<LoadInst>(use.getUser());
        if (!code || !code->getType()->isPointerTy()) continue;
        for (const Use& codeUse : code->uses()) {
          const auto* call = dyn_cast<CallBase>(codeUse.getUser());
          if (!call || !call->isCallee(&codeUse) || !mayBeCopied(f)) continue;
          isCalled = true;
          if (!loops) {
            dom = std::make_unique<DominatorTree>(f);
            loops = std::make_unique<LoopInfo>(*dom);
          }
          isInLoop |= loops->getLoopFor(call->getParent()) != nullptr;
        }
      }
      if (isCalled && (isInLoop || isRecursive)) called_.insert({&f, arg.getArgNo()});
    }
  }
  for (bool more = !called_.empty(); more;) {
    more = false;
    for (auto& [arg, to] : handedOn) {
      if (called_.contains(to)) more |= called_.insert({arg->getParent(), arg->getArgNo()}).second;
    }
  }
}

Function* Copies::copyFor(Function& f, const Substitution& known) {
  auto [it, isNew] = copies_.try_emplace({&f, known}, nullptr);
  if (!isNew) return it->second;
  const size_t n = size(f);
  if (n > room_) return nullptr;
  room_ -= n;
  ValueToValueMapTy map;
  Function* copy = CloneFunction(&f, map);
  copy->setName(f.getName() + kMark + Twine(copies_.size()));
  copy->setComdat(nullptr);
  copy->setLinkage(GlobalValue::InternalLinkage);
  copy->setVisibility(GlobalValue::DefaultVisibility);
  copy->setDSOLocal(true);
  for (auto& [index, closure] : known) copy->getArg(index)->replaceAllUsesWith(closure);
  todo_.push_back(copy);
  return it->second = copy;
}

void Copies::replaceCalls(Function& f) {
  for (Instruction& i : instructions(f)) {
    auto* call = dyn_cast<CallBase>(&i);
    Function* callee = call ? call->getCalledFunction() : nullptr;
    if (!callee || call->isMustTailCall() || call->getFunctionType() != callee->getFunctionType()) continue;
    Substitution known;
    for (unsigned n = 0; n != call->arg_size(); n++) {
      if (called_.contains({callee, n}) && functionOf(call->getArgOperand(n))) known.push_back({n, cast<Constant>(call->getArgOperand(n))});
    }
    Function* copy = known.empty() ? nullptr : copyFor(*callee, known);
    if (!copy) continue;
    call->setCalledFunction(copy);
    changed_ = true;
  }
}

bool Copies::run() {
  findCalled();
  if (called_.empty()) return false;
  size_t all = 0;
  for (Function& f : module_) {
    if (f.isDeclaration()) continue;
    all += size(f);
    if (!f.hasAvailableExternallyLinkage()) todo_.push_back(&f);
  }
  room_ = std::max(room_, all / kPart);
  for (size_t n = 0; n != todo_.size(); n++) replaceCalls(*todo_[n]);
  return changed_;
}

}  // namespace

PreservedAnalyses KnownClosures::run(Module& module, ModuleAnalysisManager&) {
  return Copies(module).run() ? PreservedAnalyses::none() : PreservedAnalyses::all();
}

StringRef programName(StringRef symbol) { return symbol.take_front(symbol.find(kMark)); }

}  // namespace burrow::codegen
