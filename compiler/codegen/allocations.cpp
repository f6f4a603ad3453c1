// Small allocations of constant size in compiled code.
//
// The problem: a call of runtime.newobject looks up what the compiler knew: the size class, whether there are pointers and where.
//
// What is done: the P's cache has a run of free slots for each small class, which are clear and have no pointer bits, and
// are marked already while the collector marks (runtime/mem/mcache.h; the places are abi/alloc_run.h's). So
//
//     p = call newobject(T)     ->     c = fs:mcache
//                                      p = c.runs[class].next
//                                      if (p + slot > c.runs[class].end) p = call newobject(T)              cold
//                                      else c.runs[class].next = p + slot; pointer bits |= T's << place
//
// Pointer-free objects below 16 bytes are cut from the cache's tiny block in the same way. A slot whose bits lie in two words
// of the bitmap (slots that are no power of two, every tenth or so) goes the slow way too.
//
// This runs after write barriers, which recognise a fresh object by the call, and before root slots, which see the call in its
// block. There is no safe point in the sequence: what it reads belongs to the P.
//
// Facts come with the call, as attributes (describeAllocation): after inlining and merging of calls they still fit, because
// calls whose attributes differ are not merged. A slice counts when its length and capacity are constants by now.
//
// Left alone: blocks that end in a panic, functions that run once (package initialisation) or are large, and the runtime's own
// Go code, which may run on a thread without a P.
//
// Rejected: the sequence in a function of the runtime for each class, called with all registers preserved: smaller, but the call's
// cost is about that of the sequence. Linking the runtime's bitcode: it would be inlined before write barriers and polls.
#include "codegen/allocations.h"

#include "abi/alloc_run.h"
#include "abi/size_classes.h"
#include "codegen/emitter.h"
#include "codegen/large_functions.h"
#include "codegen/thread_word.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"

namespace burrow::codegen {

using namespace llvm;

namespace {

constexpr StringLiteral kSize = "burrow-size", kPointers = "burrow-pointers";
constexpr unsigned kWord = 8, kBitsPerWord = 64;

struct Site {
  CallInst* call;
  uint64_t size;      // of the object
  uint64_t pointers;  // a bit for each word
};

// What the call allocates, when that is small and constant.
bool asSite(CallInst* call, Site* site) {
  const Function* callee = call->getCalledFunction();
  if (!callee || !call->hasFnAttr(kSize)) return false;
  uint64_t size = 0, pointers = 0;
  if (call->getFnAttr(kSize).getValueAsString().getAsInteger(10, size) || size == 0) return false;
  if (call->hasFnAttr(kPointers) && call->getFnAttr(kPointers).getValueAsString().getAsInteger(16, pointers)) return false;
  uint64_t count = 1;
  if (callee->getName() == ir::runtimeFn(ir::RuntimeFn::MakeSlice).symbol) {
    const auto* len = dyn_cast<ConstantInt>(call->getArgOperand(1));
    const auto* cap = dyn_cast<ConstantInt>(call->getArgOperand(2));
    if (!len || !cap || cap->isZero() || len->getValue().ugt(cap->getValue())) return false;
    count = cap->getZExtValue();
  } else if (callee->getName() != ir::runtimeFn(ir::RuntimeFn::NewObject).symbol) {
    return false;
  }
  if (count > abi::kMaxRunSlot || size * count > abi::kMaxRunSlot) return false;
  *site = {call, size * count, 0};
  for (uint64_t i = 0; i < count && pointers != 0; i++) site->pointers |= pointers << (i * size / kWord);
  return true;
}

class Inliner {
 public:
  explicit Inliner(Function& f) : f_(f), context_(f.getContext()) {}

  bool run() {
    SmallVector<Site, 16> sites;
    for (BasicBlock& block : f_) {
      if (isa<UnreachableInst>(block.getTerminator())) continue;
      for (Instruction& i : block) {
        Site site;
        if (auto* call = dyn_cast<CallInst>(&i); call && asSite(call, &site)) sites.push_back(site);
      }
    }
    for (const Site& site : sites) insert(site);
    return !sites.empty();
  }

 private:
  Value* at(IRBuilder<>& b, Value* cache, uint64_t offset) { return b.CreateConstInBoundsGEP1_64(b.getInt8Ty(), cache, offset); }

  void insert(const Site& site) {
    IRBuilder<> b(site.call);
    Type* i64 = b.getInt64Ty();
    Type* ptr0 = PointerType::get(context_, 0);
    Constant* place = threadWord(context_, BURROW_FS_MCACHE);
    // Volatile: after the slow way another thread may run this.
    Value* cache = b.CreateAlignedLoad(ptr0, place, Align(8), /*isVolatile=*/true);
    const bool tiny = site.pointers == 0 && site.size < abi::kTinyBlock;
    const unsigned sizeClass = rt::sizeClassOf(site.size);
    const uint64_t slot = tiny ? site.size : rt::kSizeClassToSize[sizeClass];
    const uint64_t offset = tiny ? abi::kMCacheTiny : abi::kMCacheRuns + 16 * rt::makeSpanClass(sizeClass, site.pointers == 0);
    Value* next = at(b, cache, offset);
    Value* x = b.CreateAlignedLoad(i64, next, Align(8));
    if (const uint64_t align = tiny ? site.size & -site.size & (kWord - 1) : 1; tiny && align != 1) {
      // The same alignment as the runtime's: nothing but the size is known.
      const uint64_t a = align == 0 ? kWord : align;
      x = b.CreateAnd(b.CreateAdd(x, b.getInt64(a - 1)), b.getInt64(~(a - 1)));
    }
    Value* after = b.CreateAdd(x, b.getInt64(slot));
    Value* end = b.CreateAlignedLoad(i64, at(b, cache, offset + 8), Align(8));
    Value* slow = b.CreateICmpUGT(after, end);
    Value* word = nullptr;  // of the page
    if (site.pointers != 0) {
      word = b.CreateAnd(b.CreateLShr(x, b.getInt64(3)), b.getInt64(kBitsPerWord - 1));
      const unsigned used = kBitsPerWord - unsigned(countl_zero(site.pointers));
      if (kBitsPerWord % (slot / kWord) != 0 && used > 1) {
        slow = b.CreateOr(slow, b.CreateICmpUGT(word, b.getInt64(kBitsPerWord - used)));
      }
    }
    Instruction *fastEnd, *slowEnd;
    SplitBlockAndInsertIfThenElse(slow, site.call->getIterator(), &slowEnd, &fastEnd, MDBuilder(context_).createUnlikelyBranchWeights());
    BasicBlock* tail = site.call->getParent();
    b.SetInsertPoint(fastEnd);
    b.SetCurrentDebugLocation(site.call->getDebugLoc());
    b.CreateAlignedStore(after, next, Align(8));
    if (tiny) {
      Value* count = at(b, cache, abi::kMCacheTinyAllocs);
      b.CreateAlignedStore(b.CreateAdd(b.CreateAlignedLoad(i64, count, Align(8)), b.getInt64(1)), count, Align(8));
    }
    if (site.pointers != 0) {
      Value* page = b.CreateAnd(x, b.getInt64(~(abi::kRunSpanBytes - 1)));
      // (x - page) / 64 words per bitmap word * 8 bytes of it
      Value* inBitmap = b.CreateAnd(b.CreateLShr(x, b.getInt64(6)), b.getInt64(abi::kRunSpanBytes / 64 - kWord));
      Value* bits = at(b, b.CreateIntToPtr(b.CreateAdd(page, inBitmap), ptr0), abi::kRunBitsOffset);
      Value* mine = b.CreateShl(b.getInt64(site.pointers), word);
      b.CreateAlignedStore(b.CreateOr(b.CreateAlignedLoad(i64, bits, Align(8)), mine), bits, Align(8));
    }
    Value* fast = b.CreateIntToPtr(x, site.call->getType());
    b.SetInsertPoint(tail, tail->begin());
    b.SetCurrentDebugLocation(site.call->getDebugLoc());
    PHINode* phi = b.CreatePHI(site.call->getType(), 2);
    site.call->replaceAllUsesWith(phi);
    site.call->moveBefore(slowEnd->getIterator());
    phi->addIncoming(site.call, slowEnd->getParent());
    phi->addIncoming(fast, fastEnd->getParent());
  }

  Function& f_;
  LLVMContext& context_;
};

// Code that runs once, or perhaps without a P.
bool isLeftAlone(const Function& f) {
  if (f.hasFnAttribute(Attribute::Cold) || isLarge(f)) return true;
  StringRef name = f.getName();
  return name.starts_with("runtime.") || name.starts_with("internal/runtime/") || name.ends_with(".init") || name.contains(".init.");
}

}  // namespace

void describeAllocation(CallInst* call, ir::TypeTable& types, ir::TypeId type) {
  const int64_t size = types.sizeOf(type);
  if (size <= 0 || uint64_t(size) > abi::kMaxRunSlot) return;
  LLVMContext& context = call->getContext();
  uint64_t bits = 0;
  const std::vector<bool> pointers = types.pointerMap(type);
  for (size_t i = 0; i < pointers.size(); i++) bits |= uint64_t(pointers[i]) << i;
  call->addFnAttr(Attribute::get(context, kSize, utostr(uint64_t(size))));
  if (bits != 0) call->addFnAttr(Attribute::get(context, kPointers, utohexstr(bits)));
}

PreservedAnalyses Allocations::run(Function& f, FunctionAnalysisManager&) {
  if (isLeftAlone(f)) return PreservedAnalyses::all();
  return Inliner(f).run() ? PreservedAnalyses::none() : PreservedAnalyses::all();
}

}  // namespace burrow::codegen
