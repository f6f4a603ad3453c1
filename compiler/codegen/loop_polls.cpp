// Polls in loops.
//
// The problem: a goroutine is preempted at calls, where the prologue sees a poisoned stack limit. A loop that makes no call
// would keep its processor for ever, and stopTheWorld, so the collector, would wait for it.
//
// What is done: after LLVM's pipeline (loops are rotated, unrolled and vectorised by then, and none of that was disturbed)
// each loop that may run long gets, once per turn of the optimised loop,
//
//     cmpq $0, %fs:112          the stack limit; the poisoned value is the only negative one
//     js   cold                 cold: call runtime.looppreempt
//
// `runtime.looppreempt` preserves all registers (LLVM's preserve_all), so the loop's own registers stay what they were.
//
// No poll is needed where a turn always makes a call that checks the stack, in a loop of few turns (kBudget), and in a loop
// around one that polls at least once per turn. A function checks at its entry unless its frame is empty, and it is not empty in
// one that calls another: there is at least the word that aligns the stack. Should the back end find such a call to be dead, the
// function's mark (kChecksStack) keeps its frame all the same (late_frames.cpp). Whether a function of another package checks is
// not known here: a leaf without a frame does not. Such a call costs several times what a poll does, so the loop gets one.
//
// Invariants: every cycle of a function that checks the stack has a poll, a call that checks, or a bound. That includes
// cycles with several entries (goto), which are no loops to LLVM: they poll at the header that CycleInfo names. A poll stands
// before the jump back; write barriers are put in later (write_barriers.cpp), so none comes between a barrier and its store.
//
// Rejected: signals, as gc does it. A signal hits any instruction: the collector would need the pointers of every
// instruction instead of those of every call, and write barriers, atomic sequences and the runtime's own code must be
// recognised and either restarted or left alone. With polls everything is at a known place. Cost (docs/codegen.md): two
// instructions per turn.
// Rejected: splitting counted loops into chunks (no poll inside a chunk): larger code and a second induction variable for
// what the processor executes beside the loop's own work.
#include "codegen/loop_polls.h"

#include "abi/thread_area.h"
#include "codegen/thread_word.h"

#include "llvm/Analysis/CycleAnalysis.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/ScalarEvolution.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"

namespace burrow::codegen {

using namespace llvm;

namespace {

static_assert(int64_t(abi::kStackPreempt) < 0, "polls compare with zero, signed");

constexpr uint64_t kBudget = 16384;  // instructions that a loop may run without being asked
constexpr uint64_t kUnbounded = ~uint64_t{0};

// A real call: not an intrinsic, not inline assembly.
bool isCall(const Instruction& i) {
  const auto* call = dyn_cast<CallBase>(&i);
  return call && !isa<IntrinsicInst>(call) && !call->isInlineAsm();
}

class Polls {
 public:
  Polls(Function& f, DominatorTree& dom, LoopInfo& loops, function_ref<ScalarEvolution&()> scev, bool everywhere)
      : f_(f), dom_(dom), loops_(loops), scev_(scev), everywhere_(everywhere) {}

  void find(const CycleInfo& cycles) {
    for (Loop* loop : loops_) visit(*loop);
    for (const Cycle* cycle : cycles.toplevel_cycles()) visitIrreducible(*cycle);
  }

  bool insert() {
    if (places_.empty()) return false;
    LLVMContext& context = f_.getContext();
    FunctionCallee preempt =
        f_.getParent()->getOrInsertFunction(kLoopPreempt, FunctionType::get(Type::getVoidTy(context), false));
    if (auto* callee = dyn_cast<Function>(preempt.getCallee())) {
      callee->setCallingConv(CallingConv::PreserveAll);
      callee->setDSOLocal(true);
      callee->addFnAttr(Attribute::Cold);
      callee->addFnAttr(Attribute::NoUnwind);
      callee->addFnAttr("gc-leaf-function");  // what a loop has is in its registers: its frame is scanned word by word
    }
    MDNode* unlikely = MDBuilder(context).createUnlikelyBranchWeights();
    for (Instruction* place : places_) {
      IRBuilder<> b(place);
      Type* i64 = b.getInt64Ty();
      Constant* limit = threadWord(context, BURROW_FS_STACK_LIMIT);
      Value* asked =
          b.CreateICmpSLT(b.CreateAlignedLoad(i64, limit, Align(8), /*isVolatile=*/true), ConstantInt::get(i64, 0));
      Instruction* then = SplitBlockAndInsertIfThen(asked, place->getIterator(), false, unlikely);
      IRBuilder<> cold(then);
      CallInst* call = cold.CreateCall(preempt);
      call->setCallingConv(CallingConv::PreserveAll);
      if (!call->getDebugLoc() && f_.getSubprogram())
        call->setDebugLoc(DILocation::get(context, 0, 0, f_.getSubprogram()));
    }
    return true;
  }

 private:
  // Decides about the loop and those in it; how many instructions a run of it takes at most when nobody asks meanwhile.
  uint64_t visit(Loop& loop) {
    uint64_t inner = 0;
    for (Loop* sub : loop) {
      uint64_t cost = visit(*sub);
      if (cost != kUnbounded) inner += cost;
    }
    SmallVector<BasicBlock*, 4> latches;
    loop.getLoopLatches(latches);
    for (BasicBlock* block : loop.blocks()) {
      if (!everywhere_ && isPolled(block) && all_of(latches, [&](BasicBlock* latch) { return dom_.dominates(block, latch); }))
        return kUnbounded;
    }
    uint64_t own = 0;
    for (BasicBlock* block : loop.blocks()) {
      if (loops_.getLoopFor(block) == &loop) own += block->size();
    }
    uint64_t turns = everywhere_ ? 0 : scev_().getSmallConstantMaxTripCount(&loop);
    if (turns != 0 && turns <= kBudget && turns * (own + inner) <= kBudget) return turns * (own + inner);
    for (BasicBlock* latch : latches) {
      places_.push_back(latch->getTerminator());
      if (latches.size() == 1) polled_[latch] = true;
    }
    return kUnbounded;
  }

  // Whether a block has a poll or a call that checks. Asked about blocks of loops only, once for each loop around them.
  bool isPolled(BasicBlock* block) {
    auto [it, fresh] = polled_.try_emplace(block, false);
    if (fresh) {
      bool checks = any_of(*block, [&](const Instruction& i) { return isCall(i) && checksStack(cast<CallBase>(i)); });
      polled_[block] = checks;
      return checks;
    }
    return it->second;
  }

  // A call whose callee checks the stack before anything else: its frame is not empty, because it calls something somewhere.
  bool checksStack(const CallBase& call) {
    Function* callee = call.getCalledFunction();
    if (!callee || callee->isDeclaration() || !callee->isDefinitionExact()) return false;
    auto [it, fresh] = checking_.try_emplace(callee, false);
    if (fresh && callee->hasFnAttribute("split-stack") && any_of(instructions(*callee), isCall)) {
      it->second = true;
      callee->addFnAttr(kChecksStack);
    }
    return it->second;
  }

  void visitIrreducible(const Cycle& cycle) {
    if (!cycle.isReducible()) places_.push_back(&*cycle.getHeader()->getFirstInsertionPt());
    for (const Cycle* inner : cycle.children()) visitIrreducible(*inner);
  }

  Function& f_;
  DominatorTree& dom_;
  LoopInfo& loops_;
  function_ref<ScalarEvolution&()> scev_;  // made when the first loop asks for it
  bool everywhere_;
  DenseMap<BasicBlock*, bool> polled_;
  DenseMap<const Function*, bool> checking_;
  SmallVector<Instruction*, 16> places_;
};

}  // namespace

PreservedAnalyses LoopPolls::run(Function& f, FunctionAnalysisManager& analyses) {
  if (!f.hasFnAttribute("split-stack")) return PreservedAnalyses::all();
  CycleInfo& cycles = analyses.getResult<CycleAnalysis>(f);
  if (cycles.toplevel_begin() == cycles.toplevel_end()) return PreservedAnalyses::all();
  auto scev = [&]() -> ScalarEvolution& { return analyses.getResult<ScalarEvolutionAnalysis>(f); };
  Polls polls(f, analyses.getResult<DominatorTreeAnalysis>(f), analyses.getResult<LoopAnalysis>(f), scev, everywhere);
  polls.find(cycles);
  return polls.insert() ? PreservedAnalyses::none() : PreservedAnalyses::all();
}

}  // namespace burrow::codegen
