// Loops with wide vectors in programs for any processor.
//
// The problem: a program for GOAMD64=v1, which is what everybody builds, has vectors of 16 bytes and of SSE2's operations only: no
// minimum of integers, no product of 32-bit integers, no shift by different counts. Nearly all processors have AVX2.
//
//     func sum(xs []int32) ...        runtime.cpuWide ? jump to sum·wide : the loop for any processor
//     func sum·wide(xs []int32) ...   the same for x86-64-v3
//
// What is done: before LLVM's vectoriser a function with a loop that it might take is copied (WideCopies); the copy may use what the
// third level has. LLVM optimises both. Afterwards (WideChoices) the copy is dropped unless loops with vectors of 32
// bytes are enough of it (pays). If they are, the original asks at its begin for the processor's ability and jumps to the copy, before anything has happened. When all
// loops run as often as one parameter says, a length mostly, the original also keeps calls for which that is small.
//
// The copy is the same function to everybody: it has the name, the lines and the inlined calls of its source, and is in
// tracebacks in the original's place, since the jump leaves no frame (sourceSymbol, object_tables.cpp). Its results are the same to the last
// bit: nothing allows LLVM to join a product and a sum, or to sum up in another order.
//
// Invariants: copies are made after LLVM has inlined, so no code for wide vectors gets into another function. The runtime keeps whole
// ymm registers where it keeps all registers (PUSH_VECTORS) whenever cpuWide is set. A copy is never entered but by its original.
//
// What it is worth stands in docs/performance.md: of 19 loops over slices with 1000 elements the mean takes 0.37 of the time; executables
// grow by 0.2%. Without the rule about a loop's part of the function (pays) it was 5.6% for a program with compress/flate.
//
// Rejected: copies of the loops alone, as functions. That is less code in large functions, but another frame, which tracebacks,
// profiles, debuggers and `recover` would have to be taught not to show. Functions behind pointers that are set at boot
// (ifunc): an indirect call each, and no choice by length.
#include "codegen/wide_loops.h"

#include "codegen/large_functions.h"
#include "codegen/target.h"

#include "llvm/Analysis/BlockFrequencyInfo.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/ScalarEvolution.h"
#include "llvm/Analysis/ScalarEvolutionExpressions.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/Transforms/Utils/Cloning.h"
#include "llvm/Transforms/Utils/LoopUtils.h"

#include <numeric>
#include <optional>

namespace burrow::codegen {

using namespace llvm;

namespace {

constexpr const char* kAbility = "runtime.cpuWide";
constexpr StringLiteral kSuffix = "·wide";
constexpr StringLiteral kWide = "burrow-wide";             // the copy's mark
constexpr StringLiteral kShareOfLoop = "burrow.share";
constexpr StringLiteral kSize = "burrow-wide-size";        // how many instructions the function had
constexpr StringLiteral kLength = "burrow-wide-length";    // the number of the parameter that says how often its loops run
constexpr unsigned kShort = 16;          // turns that are too few for vectors of 32 bytes to matter
constexpr unsigned kAll = 1000;          // what shares are parts of
constexpr unsigned kLeastShare = 100;    // of a function's time in such loops, for a copy,
constexpr unsigned kSmall = 100;         // enough if it has so many instructions;
constexpr unsigned kLargest = 700;       // with so many it must spend all of its time there
constexpr unsigned kNarrowBits = 128;

// Whether LLVM's vectoriser might take the loop: one that neither calls nor synchronises and runs a number of times that is
// known before it begins, which is what `turns` becomes.
bool isCandidate(const Loop& loop, ScalarEvolution& scev, const SCEV*& turns) {
  if (!loop.isInnermost() || !loop.getLoopLatch()) return false;
  bool accesses = false;
  for (const BasicBlock* block : loop.blocks()) {
    for (const Instruction& i : *block) {
      if (isa<CallBase>(i) && !isa<IntrinsicInst>(i)) return false;
      if (i.isAtomic() || i.isVolatile()) return false;
      accesses |= isa<LoadInst>(i) || isa<StoreInst>(i);
    }
  }
  if (!accesses) return false;
  turns = scev.getBackedgeTakenCount(&loop);
  if (isa<SCEVCouldNotCompute>(turns)) return false;
  const unsigned most = scev.getSmallConstantMaxTripCount(&loop);
  return most == 0 || most > kShort;
}

// The only thing that is not constant in the number, if that is a parameter.
const Argument* onlyParameter(const SCEV* number) {
  struct Visitor {
    const Value* only = nullptr;
    bool more = false;
    bool follow(const SCEV* s) {
      if (const auto* unknown = dyn_cast<SCEVUnknown>(s)) {
        more |= only && only != unknown->getValue();
        only = unknown->getValue();
      }
      more |= isa<SCEVAddRecExpr>(s);
      return !more;
    }
    bool isDone() const { return more; }
  } visitor;
  visitAll(number, visitor);
  const auto* parameter = visitor.more || !visitor.only ? nullptr : dyn_cast<Argument>(visitor.only);
  return parameter && parameter->getType()->isIntegerTy(64) ? parameter : nullptr;
}

bool mayHaveCopy(const Function& f) {
  if (f.isDeclarationForLinker() || !f.hasFnAttribute("split-stack") || f.isVarArg()) return false;
  if (f.hasOptSize() || f.hasFnAttribute(Attribute::Cold) || f.doesNotReturn() || isLarge(f) || isWide(f)) return false;
  return !f.callsFunctionThatReturnsTwice() && f.getInstructionCount() <= kLargest;
}

// The part of the function's time that it spends in each of these loops, in thousandths, as far as that can be told from its shape.
SmallVector<unsigned, 8> shares(const Function& f, ArrayRef<Loop*> loops, BlockFrequencyInfo& frequencies) {
  const auto time = [&](const BasicBlock& block) {
    return double(frequencies.getBlockFreq(&block).getFrequency()) * double(block.size());
  };
  double all = 0;
  for (const BasicBlock& block : f) all += time(block);
  SmallVector<unsigned, 8> parts;
  for (const Loop* loop : loops) {
    double inside = 0;
    for (const BasicBlock* block : loop->blocks()) inside += time(*block);
    parts.push_back(unsigned(inside * kAll / all));
  }
  return parts;
}

// Whether a copy of a function of this size is worth it when it has wide vectors in such a part of its time: the larger the function,
// the larger that part must be.
bool pays(unsigned share, unsigned instructions) {
  const unsigned beyond = instructions > kSmall ? instructions - kSmall : 0;
  return share >= std::max(kLeastShare, beyond * kAll / (kLargest - kSmall));
}

// The loop says what it is of the function; the loop that LLVM's vectoriser makes of it says the same.
void note(Loop& loop, unsigned share) {
  LLVMContext& context = loop.getHeader()->getContext();
  SmallVector<Metadata*, 4> said{nullptr};
  if (MDNode* before = loop.getLoopID()) said.append(before->op_begin() + 1, before->op_end());
  said.push_back(MDNode::getDistinct(
      context, {MDString::get(context, kShareOfLoop), ConstantAsMetadata::get(ConstantInt::get(Type::getInt32Ty(context), share))}));
  MDNode* id = MDNode::getDistinct(context, said);
  id->replaceOperandWith(0, id);
  loop.setLoopID(id);
}

void copy(Function& f, const Argument* length) {
  ValueToValueMapTy map;
  Function* wide = CloneFunction(&f, map);
  wide->setName(f.getName() + kSuffix);
  wide->setLinkage(GlobalValue::ExternalLinkage);  // nobody refers to it yet, and nobody must change its parameters
  wide->setVisibility(GlobalValue::HiddenVisibility);
  wide->setDSOLocal(true);
  wide->addFnAttr("target-cpu", processor(3));
  wide->addFnAttr("no-realign-stack");
  wide->addFnAttr(kWide, f.getName());
  wide->addFnAttr(kSize, std::to_string(f.getInstructionCount()));
  if (length) wide->addFnAttr(kLength, std::to_string(length->getArgNo()));
}

// The part of the function's time that now is in loops with vectors which only wide registers hold.
unsigned wideShare(LoopInfo& loops) {
  const auto isWideType = [](const Type* type) {
    return type->isVectorTy() && type->getPrimitiveSizeInBits().getKnownMinValue() > kNarrowBits;
  };
  const auto hasWide = [&](const BasicBlock* block) {
    return any_of(*block, [&](const Instruction& i) {
      return isWideType(i.getType()) || any_of(i.operand_values(), [&](const Value* v) { return isWideType(v->getType()); });
    });
  };
  unsigned share = 0;
  SmallPtrSet<const Metadata*, 8> counted;
  for (const Loop* loop : loops.getLoopsInPreorder()) {
    if (!loop->isInnermost() || !any_of(loop->blocks(), hasWide)) continue;
    // Not only at the end of the loop: once unrolled, it may have been left with what it says at an exit.
    for (const BasicBlock* block : loop->blocks()) {
      MDNode* id = block->getTerminator()->getMetadata(LLVMContext::MD_loop);
      MDNode* said = id ? findOptionMDForLoopID(id, kShareOfLoop) : nullptr;
      if (said && counted.insert(said).second) share += unsigned(mdconst::extract<ConstantInt>(said->getOperand(1))->getZExtValue());
    }
  }
  return share;
}

std::optional<unsigned> numberOf(const Function& f, StringRef attribute) {
  unsigned number;
  if (f.getFnAttribute(attribute).getValueAsString().getAsInteger(10, number)) return std::nullopt;
  return number;
}

// Has the original begin with the questions, and jump.
void choose(Function& f, Function& wide) {
  LLVMContext& context = f.getContext();
  BasicBlock& entry = f.getEntryBlock();
  BasicBlock* narrow = entry.splitBasicBlock(entry.getFirstNonPHIOrDbgOrAlloca(), "narrow");
  BasicBlock* jump = BasicBlock::Create(context, "wide", &f, narrow);
  entry.getTerminator()->eraseFromParent();
  IRBuilder<> b(&entry);
  if (DISubprogram* program = f.getSubprogram())
    b.SetCurrentDebugLocation(DILocation::get(context, program->getLine(), 0, program));
  if (const std::optional<unsigned> length = numberOf(wide, kLength)) {
    BasicBlock* able = BasicBlock::Create(context, "long", &f, jump);
    b.CreateCondBr(b.CreateICmpSGT(f.getArg(*length), b.getInt64(kShort)), able, narrow);
    b.SetInsertPoint(able);
  }
  Constant* flag = f.getParent()->getOrInsertGlobal(kAbility, b.getInt8Ty());
  cast<GlobalValue>(flag)->setDSOLocal(true);
  b.CreateCondBr(b.CreateICmpNE(b.CreateLoad(b.getInt8Ty(), flag), b.getInt8(0)), jump, narrow);
  b.SetInsertPoint(jump);
  SmallVector<Value*, 16> arguments;
  for (Argument& argument : f.args()) arguments.push_back(&argument);
  CallInst* call = b.CreateCall(wide.getFunctionType(), &wide, arguments);
  call->setCallingConv(f.getCallingConv());
  call->setTailCallKind(CallInst::TCK_MustTail);
  AttributeList attributes;
  for (unsigned i = 0; i < arguments.size(); i++) {
    if (f.hasParamAttribute(i, Attribute::Nest)) attributes = attributes.addParamAttribute(context, i, Attribute::Nest);
  }
  call->setAttributes(attributes);
  call->addFnAttr(Attribute::NoMerge);
  if (call->getType()->isVoidTy()) b.CreateRetVoid();
  else b.CreateRet(call);
}

}  // namespace

bool isWide(const Function& f) { return f.hasFnAttribute(kWide); }

std::string_view sourceSymbol(std::string_view symbol) {
  const std::string_view suffix = kSuffix;
  return symbol.ends_with(suffix) ? symbol.substr(0, symbol.size() - suffix.size()) : symbol;
}

PreservedAnalyses WideCopies::run(Module& module, ModuleAnalysisManager& analyses) {
  auto& functions = analyses.getResult<FunctionAnalysisManagerModuleProxy>(module).getManager();
  SmallVector<std::pair<Function*, const Argument*>, 16> found;
  for (Function& f : module) {
    if (!mayHaveCopy(f)) continue;
    LoopInfo& loops = functions.getResult<LoopAnalysis>(f);
    if (loops.empty()) continue;
    auto& scev = functions.getResult<ScalarEvolutionAnalysis>(f);
    const Argument* length = nullptr;
    SmallVector<Loop*, 8> candidates;
    for (Loop* loop : loops.getLoopsInPreorder()) {
      const SCEV* turns;
      if (!isCandidate(*loop, scev, turns)) continue;
      const Argument* parameter = onlyParameter(turns);
      length = candidates.empty() || length == parameter ? parameter : nullptr;
      candidates.push_back(loop);
    }
    if (candidates.empty()) continue;
    const SmallVector<unsigned, 8> parts = shares(f, candidates, functions.getResult<BlockFrequencyAnalysis>(f));
    if (!pays(std::accumulate(parts.begin(), parts.end(), 0u), f.getInstructionCount())) continue;
    for (auto [loop, part] : zip(candidates, parts)) note(*loop, part);
    found.push_back({&f, length});
  }
  for (auto [f, length] : found) copy(*f, length);
  return found.empty() ? PreservedAnalyses::all() : PreservedAnalyses::none();
}

PreservedAnalyses WideChoices::run(Module& module, ModuleAnalysisManager& analyses) {
  auto& functions = analyses.getResult<FunctionAnalysisManagerModuleProxy>(module).getManager();
  SmallVector<Function*, 16> copies;
  for (Function& f : module) {
    if (isWide(f)) copies.push_back(&f);
  }
  for (Function* wide : copies) {
    Function* f = module.getFunction(wide->getFnAttribute(kWide).getValueAsString());
    const bool same = f && !f->isDeclaration() && f->getFunctionType() == wide->getFunctionType() && f->getCallingConv() == wide->getCallingConv();
    if (same && pays(wideShare(functions.getResult<LoopAnalysis>(*wide)), numberOf(*wide, kSize).value_or(0))) {
      choose(*f, *wide);
      wide->setLinkage(f->getLinkage());
      wide->setVisibility(f->getVisibility());
    } else {
      functions.clear(*wide, wide->getName());
      wide->eraseFromParent();
    }
  }
  return copies.empty() ? PreservedAnalyses::all() : PreservedAnalyses::none();
}

}  // namespace burrow::codegen
