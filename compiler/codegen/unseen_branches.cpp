// Branches that a profile has never seen taken are unlikely, says their weight to LLVM: their blocks go behind the function's others,
// and what has to be saved around a call in them is saved there.
//
//     if len(b) < n {                300 samples in this line and the next ones
//         b = grow(b, n)             none: unlikely
//     }
//
// A profile has a hundred samples for a second: it does not say how often a line ran, only where time went, and a short block may
// run often and never be seen. So nothing is concluded from few samples against more, and from none only if the block would have been
// seen had it run each time: if, with the samples that the other side has, its instructions would be expected to have had five
// of them. What a line called counts for the line.
//
// Not looked at are branches that already have weights (checks that panic) and those that leave a loop: time says nothing about how
// often a loop goes round.
//
// Rejected: LLVM's own loader of sample profiles. It takes samples for frequencies, which needs a profile of some hundred thousand, and
// wants to know into what a function was inlined when the profile was made.
#include "codegen/unseen_branches.h"

#include "llvm/Analysis/LoopInfo.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/MDBuilder.h"

namespace burrow::codegen {

using namespace llvm;

namespace {

constexpr int64_t kFewSamples = 20;  // in a whole function: nothing follows from them
constexpr double kExpected = 5;      // of a block that was never seen
constexpr uint32_t kSeenWeight = 100;

// What is known of a part of a function.
struct Seen {
  int64_t samples = 0;  // of the line with the most
  uint64_t instructions = 0;
};

class Evidence {
 public:
  explicit Evidence(const passes::CallProfile& profile) : profile_(profile) {}

  Seen of(const BasicBlock& block) {
    auto [it, isNew] = blocks_.try_emplace(&block);
    if (!isNew) return it->second;
    Seen seen;
    for (const Instruction& i : block) {
      if (isa<PHINode>(i)) continue;
      seen.instructions++;
      if (const DILocation* at = i.getDebugLoc()) seen.samples = std::max(seen.samples, samples(at));
    }
    return it->second = seen;
  }

  // A block and all that is reached through it alone.
  Seen below(BasicBlock* block, const DominatorTree& dominators) {
    Seen all;
    SmallVector<BasicBlock*, 16> reached;
    dominators.getDescendants(block, reached);
    for (const BasicBlock* b : reached) {
      const Seen seen = of(*b);
      all.samples = std::max(all.samples, seen.samples);
      all.instructions += seen.instructions;
    }
    return all;
  }

 private:
  int64_t samples(const DILocation* at) {
    const DISubprogram* function = at->getScope()->getSubprogram();
    auto [it, isNew] = lines_.try_emplace({function, at->getLine()});
    if (isNew) {
      const int32_t line = static_cast<int32_t>(at->getLine()) - static_cast<int32_t>(function->getLine());
      it->second = profile_.samples(std::string_view(function->getName()), line);
    }
    return it->second;
  }

  const passes::CallProfile& profile_;
  DenseMap<const BasicBlock*, Seen> blocks_;
  DenseMap<std::pair<const DISubprogram*, unsigned>, int64_t> lines_;
};

// Nothing was seen of `side`, though all this was of the rest.
bool isUnseen(const Seen& side, const Seen& rest) {
  if (side.samples != 0 || side.instructions == 0) return false;
  const double share = double(side.instructions) / double(side.instructions + rest.instructions);
  return double(rest.samples) * share >= kExpected;
}

}  // namespace

PreservedAnalyses UnseenBranches::run(Function& f, FunctionAnalysisManager& analyses) {
  if (f.getSubprogram() == nullptr || profile_->samples(std::string_view(f.getSubprogram()->getName())) < kFewSamples) return PreservedAnalyses::all();
  const DominatorTree& dominators = analyses.getResult<DominatorTreeAnalysis>(f);
  const LoopInfo& loops = analyses.getResult<LoopAnalysis>(f);
  Evidence evidence(*profile_);
  for (BasicBlock& block : f) {
    auto* branch = dyn_cast<BranchInst>(block.getTerminator());
    if (branch == nullptr || !branch->isConditional() || branch->hasMetadata(LLVMContext::MD_prof)) continue;
    BasicBlock *yes = branch->getSuccessor(0), *no = branch->getSuccessor(1);
    if (yes == no || loops.getLoopFor(yes) != loops.getLoopFor(&block) || loops.getLoopFor(no) != loops.getLoopFor(&block)) continue;
    // A side that only this branch leads to; where both meet says nothing about either.
    auto isOwn = [&](BasicBlock* side) { return side->getSinglePredecessor() == &block; };
    const Seen here = evidence.of(block), ofYes = evidence.below(yes, dominators), ofNo = evidence.below(no, dominators);
    auto rest = [&](const Seen& other) { return Seen{std::max(here.samples, other.samples), here.instructions + other.instructions}; };
    const bool noYes = isOwn(yes) && isUnseen(ofYes, rest(ofNo)), noNo = isOwn(no) && isUnseen(ofNo, rest(ofYes));
    if (noYes == noNo) continue;
    branch->setMetadata(LLVMContext::MD_prof, MDBuilder(f.getContext()).createBranchWeights(noYes ? 1 : kSeenWeight, noYes ? kSeenWeight : 1));
  }
  return PreservedAnalyses::all();
}

}  // namespace burrow::codegen
