// go, defer and recover.
//
// A function that defers has an abi::DeferFrame in its frame, and at its head a list of what is pending (docs/contract.md): a
// panic, which may come from any instruction, finds everything there. Statements outside of loops have their records in the
// frame, too; making one is four stores here.
//
// On the ordinary way out the calls of such statements are made right here ("open-coded", as gc says): a record that is pending is
// taken off the list, and the function is called that the statement names, so that LLVM can inline it. Statements are asked in
// the reverse of the order in which the flow of control comes to them; outside of loops that is the order of the list, so that a
// statement is pending if its record is at the head. One of the block that links the frame always is. After a recovered
// panic, and where a statement in a loop or in the body of a range over a function may have added to the list,
// runtime.deferreturn goes through it.
//
// The frame is linked where control comes to the first statement, at the latest place that dominates them all: who returns
// before that, or takes the way without a statement, does not pay for it. It is a place outside of loops, since linking is
// done once.
//
// All stores to frame and records are volatile: a fault is no call to LLVM, and what it runs reads them.
//
// Tried: deferenter's instructions in place of its call (2% of a call with one defer, for 60 bytes), and the link to the outer
// frame in a register instead of reading it back (a tenth slower: another register to save).
#include "codegen/function_lowering.h"

#include "codegen/root_slots.h"
#include "codegen/thread_word.h"

#include "abi/thread_area.h"
#include "abi/value.h"
#include "ir/dominators.h"

#include <algorithm>

namespace burrow::codegen {

using namespace llvm;
using ir::IntrinsicKind;
using ir::Op;
using ir::RuntimeFn;
using ir::ValueId;

namespace {
constexpr size_t kMostOpenDefers = 8;  // gc's limit
constexpr int64_t kFrameHead = offsetof(abi::DeferFrame, head), kFrameLink = offsetof(abi::DeferFrame, link);
constexpr int64_t kRecordLink = offsetof(abi::DeferRecord, link), kRecordFn = offsetof(abi::DeferRecord, fn);

// Range-over-func bodies add their statements to a frame that they are given.
bool needsFrame(const ir::Inst& inst) {
  return inst.op == Op::Defer || (inst.op == Op::Intrinsic && IntrinsicKind(inst.imm) == IntrinsicKind::DeferFrame);
}

bool isInLoop(const ir::Function& fn, ir::BlockId block) {
  std::vector<bool> seen(fn.blocks.size());
  std::vector<ir::BlockId> work{block};
  while (!work.empty()) {
    const ir::BlockId b = work.back();
    work.pop_back();
    for (const ir::Edge& e : fn[fn.blocks[b.value].insts.back()].edges) {
      if (e.block == block) return true;
      if (seen[e.block.value]) continue;
      seen[e.block.value] = true;
      work.push_back(e.block);
    }
  }
  return false;
}
}  // namespace

void FunctionLowering::findDeferEntry() {
  if (!fn_.attributes.hasDefer || m.options.without(ir::Optimisation::LateDefers)) return;
  const ir::ControlFlow flow(fn_);
  ir::BlockId at;
  for (ir::BlockId block : flow.reversePostOrder()) {
    const auto& insts = fn_.blocks[block.value].insts;
    if (std::none_of(insts.begin(), insts.end(), [&](ValueId v) { return needsFrame(fn_[v]); })) continue;
    if (!at.isValid()) at = block;
    // From the recover block on nothing has a dominator.
    while (at.isValid() && !flow.dominates(at, block)) at = flow.immediateDominator(at);
    if (!at.isValid()) return;
  }
  if (!at.isValid() || isInLoop(fn_, at)) return;
  const auto& insts = fn_.blocks[at.value].insts;
  auto first = std::find_if(insts.begin(), insts.end(), [&](ValueId v) { return needsFrame(fn_[v]); });
  deferBlock_ = at.value;
  deferBefore_ = first != insts.end() ? *first : insts.back();
  if (deferBlock_ == 0) return;
  deferAlways_.resize(fn_.blocks.size());
  for (ir::BlockId block : flow.reversePostOrder()) deferAlways_[block.value] = flow.dominates(at, block);
}

// The statements whose calls are made here, in the order in which control comes to them: none when not all are such.
void FunctionLowering::findOpenDefers() {
  if (!fn_.attributes.hasDefer || m.options.without(ir::Optimisation::DeferRecords)) return;
  const bool open = !m.options.without(ir::Optimisation::OpenDefers);
  for (uint32_t block : order_) {
    for (ValueId v : fn_.blocks[block].insts) {
      const ir::Inst& inst = fn_[v];
      const bool others = inst.op == Op::Intrinsic && IntrinsicKind(inst.imm) == IntrinsicKind::DeferFrame;
      if (others || (inst.op == Op::Defer && (inst.flags & ir::kInLoop))) return openDefers_.clear();
      // `defer recover()` counts as a call by this function when runtime.deferreturn makes it.
      if (inst.op != Op::Defer || !open) continue;
      const ir::Inst& closure = fn_[inst.operands[0]];
      const bool named = closure.op == Op::FuncAddr || closure.op == Op::Closure;
      const ir::Function* known = named ? m.ir.function(m.ir.str(closure.sym)) : nullptr;
      if (known != nullptr && known->attributes.statement && known->attributes.hasRecover) return openDefers_.clear();
      openDefers_.push_back({v, block == deferBlock_, nullptr});
    }
  }
  if (openDefers_.size() > kMostOpenDefers) openDefers_.clear();
}

void FunctionLowering::storeInFrame(Value* v, Value* base, int64_t at) {
  b.CreateAlignedStore(v, offset(base, at), Align(8), /*isVolatile=*/true);
}

void FunctionLowering::makeDeferFrame() {
  deferFrame_ = slot(sizeof(abi::DeferFrame), 8, "deferframe");
  deferFrame_->setMetadata(kNoPointers, MDNode::get(m.context, {}));  // the collector walks these by their links
  if (deferAlways_.empty()) return;
  deferLinked_ = slot(1, 1, "deferlinked");
  b.CreateAlignedStore(b.getInt8(0), deferLinked_, Align(1));
}

// The second return of deferenter finds the registers as they are here and memory as it was left: result slots must live
// in memory from here on, and LLVM must believe that every call may read them. The empty assembly takes their addresses.
void FunctionLowering::lowerDeferEntry() {
  for (ValueId v : fn_.blocks[0].insts) {
    const ir::Inst& inst = fn_[v];
    if (inst.op != Op::Local || !(inst.flags & ir::kResultSlot)) continue;
    auto* type = FunctionType::get(m.voidType, {m.ptr0}, false);
    b.CreateCall(InlineAsm::get(type, "", "r,~{memory}", /*hasSideEffects=*/true), {values_[v.value][0]});
  }
  CallInst* call = callRuntime(RuntimeFn::DeferEnter, {deferFrame_});
  call->addFnAttr(Attribute::ReturnsTwice);
  BasicBlock* first = newBlock("first");
  Value* again = b.CreateICmpNE(call, ConstantInt::get(m.i32, 0));
  BasicBlock* recovered = fn_.recoverBlock.isValid() ? blocks_[fn_.recoverBlock.value] : nullptr;
  if (!recovered) {
    m.errors.push_back("a deferring function without a recover block: " + fn_.name);
    recovered = first;
  }
  b.CreateCondBr(again, recovered, first, m.unlikelyTrue());
  setBlock(first);
  if (deferLinked_) b.CreateAlignedStore(b.getInt8(1), deferLinked_, Align(1));
}

void FunctionLowering::lowerDefer(ValueId v, const ir::Inst& inst) {
  switch (inst.op) {
    case Op::Go:
      callRuntime(RuntimeFn::NewProc, {one(inst.operands[0])});
      return;
    case Op::Recover: {
      Value* returnAddress = b.CreateIntrinsic(Intrinsic::addressofreturnaddress, {m.ptr0}, {});
      set(v, results(RuntimeFn::GoRecover, callRuntime(RuntimeFn::GoRecover, {returnAddress})));
      return;
    }
    default:
      break;
  }
  if (!deferFrame_) {
    m.errors.push_back("defer in a function that is not marked as deferring: " + fn_.name);
    return;
  }
  if (inst.op == Op::RunDefers) return lowerRunDefers();
  if (inst.flags & ir::kInLoop || m.options.without(ir::Optimisation::DeferRecords)) {
    callRuntime(RuntimeFn::DeferProc, {deferFrame_, one(inst.operands[0])});
    return;
  }
  AllocaInst* record = slot(sizeof(abi::DeferRecord), 8, "defer");
  record->setMetadata(kNoPointers, MDNode::get(m.context, {}));
  auto open = std::find_if(openDefers_.begin(), openDefers_.end(), [&](const OpenDefer& d) { return d.statement == v; });
  if (open != openDefers_.end()) open->record = record;
  storeInFrame(one(inst.operands[0]), record, kRecordFn);
  b.CreateAlignedStore(b.getInt8(0), offset(record, offsetof(abi::DeferRecord, heap)), Align(1), /*isVolatile=*/true);
  storeInFrame(b.CreateAlignedLoad(m.ptr0, offset(deferFrame_, kFrameHead), Align(8)), record, kRecordLink);
  storeInFrame(record, deferFrame_, kFrameHead);
}

void FunctionLowering::lowerRunDefers() {
  const bool recovers = fn_.recoverBlock.isValid() && block_ == fn_.recoverBlock.value;
  if (recovers || isBehindDeferEntry()) return runLinkedDefers(recovers);
  BasicBlock* linked = newBlock("linked");
  BasicBlock* done = newBlock("done");
  Value* flag = b.CreateAlignedLoad(b.getInt8Ty(), deferLinked_, Align(1));
  b.CreateCondBr(b.CreateICmpNE(flag, b.getInt8(0)), linked, done);
  setBlock(linked);
  runLinkedDefers(false);
  b.CreateBr(done);
  setBlock(done);
}

void FunctionLowering::runLinkedDefers(bool recovers) {
  if (openDefers_.empty() || recovers) {
    callRuntime(RuntimeFn::DeferReturn, {deferFrame_});
    return;
  }
  for (auto d = openDefers_.rbegin(); d != openDefers_.rend(); ++d) {
    if (d->record == nullptr) continue;  // comes later only
    BasicBlock* next = nullptr;
    if (!d->always) {
      BasicBlock* pending = newBlock("pending");
      next = newBlock("deferred");
      Value* head = b.CreateAlignedLoad(m.ptr0, offset(deferFrame_, kFrameHead), Align(8));
      b.CreateCondBr(b.CreateICmpEQ(head, d->record), pending, next);
      setBlock(pending);
    }
    storeInFrame(b.CreateAlignedLoad(m.ptr0, offset(d->record, kRecordLink), Align(8)), deferFrame_, kFrameHead);
    callDeferred(*d);
    if (next != nullptr) {
      b.CreateBr(next);
      setBlock(next);
    }
  }
  Value* g = b.CreateAlignedLoad(m.ptr0, threadWord(m.context, BURROW_FS_G), Align(8));
  storeInFrame(b.CreateAlignedLoad(m.ptr0, offset(deferFrame_, kFrameLink), Align(8)), g, abi::kGDeferTop);
}

void FunctionLowering::callDeferred(const OpenDefer& d) {
  const ValueId operand = fn_[d.statement].operands[0];
  const ir::Inst& closure = fn_[operand];
  const bool known = d.always && isBehindDeferEntry();
  auto pending = [&]() -> Value* {
    if (known) return one(operand);
    return loadPointer(offset(d.record, kRecordFn));
  };
  if (closure.op == Op::FuncAddr || closure.op == Op::Closure) {
    const std::string_view name = m.ir.str(closure.sym);
    Function* callee = m.functionByName(name);
    // Whether a function wants its closure object is known of those with a body; to others it does no harm.
    const ir::Function* body = m.ir.function(name);
    const unsigned args = unsigned(callee->arg_size());
    const bool nest = !body || !body->hasBody || (args > 0 && callee->hasParamAttribute(args - 1, Attribute::Nest));
    const Signature sig = m.signature(typeOf(operand), nest);
    emitCall(callee, sig, nest ? pending() : nullptr, {});
    return;
  }
  Value* fn = pending();
  nilCheck(fn);
  emitCall(b.CreateAlignedLoad(m.ptr0, fn, Align(8)), m.signature(typeOf(operand), true), fn, {});
}

}  // namespace burrow::codegen
