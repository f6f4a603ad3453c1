// range over a function. The body becomes a function that the iterator calls:
//
//     for k, v := range f { body }
//
//     state := ready
//     f(func(k K, v V) bool {
//         if state != ready { panicrangestate(state) }
//         state = panicked        // what it is to be called if the body does not come back
//         body                    // continue: state = ready; return true
//         state = ready           // break:    state = done;  return false
//         return true
//     })
//     if state == panicked { panicrangestate(missingPanic) }
//     state = exhausted
//
// Everything else that leaves the loop (return, goto, break and continue of an outer loop) stores a code in a variable
// `next` that all loops of the function share, ends the loop as break does, and is carried out behind the call of f. There
// the code either names something of this function, or the function is itself a range body and leaves its loop in turn.
// Results of a return are stored in result variables before; deferred calls go to the frame of the function that the
// source shows, whose address the body captures.
#include "irgen/function_gen.h"
#include "irgen/inline_cost.h"

namespace burrow::irgen {

using namespace syntax;

FunctionGen& FunctionGen::realFunction() {
  FunctionGen* g = this;
  while (g->rangeBody_ != nullptr) g = g->outer_;
  return *g;
}

void FunctionGen::prepareRangeFuncs(const FunctionFacts& facts) {
  if (facts.rangeExit) next_ = b_.newObject(int_(), "#next");
  if (facts.rangeDefer) deferFrame_ = b_.intrinsic(ir::IntrinsicKind::DeferFrame, T().unsafePointer(), {});
  if (facts.rangeRecover) recoverSlot_ = b_.intrinsic(ir::IntrinsicKind::ReturnSlot, T().unsafePointer(), {});
}

void FunctionGen::finishRangeBody(bool more) {
  b_.store(state_, constInt(more ? kRangeReady : kRangeDone));
  b_.ret({b_.constBool(more)});
}

void FunctionGen::leaveRangeBody(Exit::Kind kind, const Stmt* target) {
  int64_t code = -1;
  const Exit* known = nullptr;
  for (const Exit& e : exits_)
    if (e.kind == kind && e.target == target) known = &e;
  if (known != nullptr) {
    code = known->code;
  } else {
    if (kind != Exit::Return) code = ++realFunction().lastCode_;
    exits_.push_back(Exit{kind, target, code});
  }
  b_.store(next_, constInt(code));
  finishRangeBody(false);
}

void FunctionGen::rangeBody(const RangeStmt* s, const Captures& c) {
  rangeBody_ = s;
  currentNode_ = s;
  resultTypes_ = outer_->resultTypes_;
  namedResults_ = outer_->namedResults_;
  package_.locate(fn_, s->pos, s->body->rbrace);
  setPos(s->pos);
  fn_.inlining = inlineFacts(s, info());
  fn_.inlining.pos = b_.loc();
  b_.start();
  bindCaptures(c);
  ValueId state = b_.load(state_);
  BlockId wrong = b_.newBlock(), body = b_.newBlock();
  b_.branch(b_.binary(Op::Eq, state, constInt(kRangeReady)), body, wrong);
  b_.setBlock(wrong);
  b_.callRuntime(RuntimeFn::PanicRangeState, {}, {state});
  b_.setBlock(body);
  b_.store(state_, constInt(kRangePanic));
  size_t params = fn_.blocks[0].params.size();
  loopVars(s, params > 0 ? b_.param(0) : ValueId{}, params > 1 ? b_.param(1) : ValueId{});
  block(s->body);
  finish(s->body->rbrace);
}

void FunctionGen::rangeFunc(const RangeStmt* s) {
  ValueId f = expr(s->x);
  setPos(s->pos);
  const FunctionFacts& facts = context_.facts->functions.at(s);
  TypeId yield = T().get(b_.typeOf(f)).params[0];
  ir::Function& fn = package_.addFunction(closureName("-range"), yield, closureLinkage());
  fn.attributes.hasRecover = false;

  ValueId state = b_.newObject(int_(), "#state");
  b_.store(state, constInt(kRangeReady));
  Captures c;
  captureFree(facts, c);
  auto share = [&](ValueId v, ValueId FunctionGen::* member) {
    if (!v.isValid()) return;
    c.add(v, [member](FunctionGen& inner, ValueId captured) {
      inner.nonNil_[captured.value] = true;
      inner.*member = captured;
    });
  };
  share(state, &FunctionGen::state_);
  share(next_, &FunctionGen::next_);
  share(deferFrame_, &FunctionGen::deferFrame_);
  share(recoverSlot_, &FunctionGen::recoverSlot_);
  if (realFunction().sharedResults_) {
    for (ValueId r : results_) {
      c.add(r, [](FunctionGen& inner, ValueId captured) {
        inner.nonNil_[captured.value] = true;
        inner.results_.push_back(captured);
      });
    }
  }
  for (ValueId v : c.values) fn.captures.push_back(b_.typeOf(v));
  FunctionGen inner(package_, fn, context_, this);
  inner.rangeBody(s, c);

  setPos(s->pos);
  ValueId closure = makeClosure(fn, yield, c);
  nilCheckFunction(f);
  b_.callClosure(f, {closure});
  BlockId missing = b_.newBlock(), fine = b_.newBlock();
  b_.branch(b_.binary(Op::Eq, b_.load(state), constInt(kRangePanic)), missing, fine);
  b_.setBlock(missing);
  b_.callRuntime(RuntimeFn::PanicRangeState, {}, {constInt(kRangeMissingPanic)});
  b_.setBlock(fine);
  b_.store(state, constInt(kRangeExhausted));
  if (inner.exits_.empty()) return;

  BlockId end = b_.newBlock();
  ValueId code = b_.load(next_);
  for (const Exit& e : inner.exits_) {
    BlockId take = b_.newBlock(), other = b_.newBlock();
    b_.branch(b_.binary(Op::Eq, code, constInt(e.code)), take, other);
    b_.setBlock(take);
    b_.store(next_, constInt(0));
    branchTo(e.kind, e.target);
    b_.setBlock(other);
  }
  b_.jump(end);
  b_.setBlock(end);
}

void FunctionGen::nilCheckFunction(ValueId f) {
  if (fn_[f].op != Op::FuncAddr && fn_[f].op != Op::Closure) b_.nilCheck(f);
}

}  // namespace burrow::irgen
