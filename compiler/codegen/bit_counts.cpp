// Bits are counted by the processor where it can.
//
// The problem: the first x86-64 processors have no instruction that counts the bits of a word, so LLVM makes a dozen of shifts and
// additions of math/bits.OnesCount. All processors of the last fifteen years have it, and gc's code looks at run time.
//
//     n := bits.OnesCount64(x)        if runtime.cpuWide { n = popcnt(x) } else { n = shifts and additions }
//
// The flag is the runtime's for several abilities that came together (cpu_features.h). Until here the count is LLVM's own
// operation, which it can fold, compare and move. `x & (x-1) == 0` has become one too: a count that is only compared with 1
// or 2 is left to LLVM, which makes the shorter form of it again.
//
// The instruction stands as assembly: as an operation it would need the ability for the whole function. Its result is in the
// register of its operand, because older processors wait for the register that they are going to overwrite.
#include "codegen/bit_counts.h"

#include "codegen/wide_loops.h"

#include "llvm/IR/InlineAsm.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"

namespace burrow::codegen {

using namespace llvm;

namespace {

constexpr const char* kAbility = "runtime.cpuWide";

bool isComparison(const User* user) {
  const auto* compare = dyn_cast<ICmpInst>(user);
  const auto* with = compare ? dyn_cast<ConstantInt>(compare->getOperand(1)) : nullptr;
  return with && with->getValue().ule(2);
}

void count(IntrinsicInst* bits) {
  LLVMContext& context = bits->getContext();
  Type* type = bits->getType();
  Type* word = type->getIntegerBitWidth() <= 32 ? Type::getInt32Ty(context) : Type::getInt64Ty(context);
  IRBuilder<> b(bits);
  Constant* flag = bits->getModule()->getOrInsertGlobal(kAbility, b.getInt8Ty());
  cast<GlobalValue>(flag)->setDSOLocal(true);
  Value* able = b.CreateICmpNE(b.CreateLoad(b.getInt8Ty(), flag), b.getInt8(0));
  Instruction *then, *otherwise;
  SplitBlockAndInsertIfThenElse(able, bits->getIterator(), &then, &otherwise, MDBuilder(context).createLikelyBranchWeights());
  b.SetInsertPoint(then);
  FunctionType* signature = FunctionType::get(word, {word}, false);
  InlineAsm* popcnt = InlineAsm::get(signature, "popcnt $0, $0", "=r,0,~{dirflag},~{fpsr},~{flags}", /*hasSideEffects=*/false);
  CallInst* call = b.CreateCall(popcnt, {b.CreateZExt(bits->getArgOperand(0), word)});
  call->setDoesNotAccessMemory();
  call->setDoesNotThrow();
  Value* counted = b.CreateTrunc(call, type);
  PHINode* phi = PHINode::Create(type, 2, "", bits->getParent()->begin());
  phi->setDebugLoc(bits->getDebugLoc());
  bits->replaceAllUsesWith(phi);
  bits->moveBefore(otherwise->getIterator());
  phi->addIncoming(counted, then->getParent());
  phi->addIncoming(bits, otherwise->getParent());
}

}  // namespace

PreservedAnalyses BitCounts::run(Function& f, FunctionAnalysisManager&) {
  if (isWide(f)) return PreservedAnalyses::all();
  SmallVector<IntrinsicInst*, 8> found;
  for (Instruction& i : instructions(f)) {
    auto* bits = dyn_cast<IntrinsicInst>(&i);
    if (!bits || bits->getIntrinsicID() != Intrinsic::ctpop || !bits->getType()->isIntegerTy()) continue;
    if (bits->getType()->getIntegerBitWidth() > 64 || all_of(bits->users(), isComparison)) continue;
    found.push_back(bits);
  }
  for (IntrinsicInst* bits : found) count(bits);
  return found.empty() ? PreservedAnalyses::all() : PreservedAnalyses::none();
}

}  // namespace burrow::codegen
