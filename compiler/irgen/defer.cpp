// go and defer.
//
// Both get a func value without parameters and results. A call that is not of that shape already is wrapped: callee and
// arguments are evaluated here and captured by a generated closure that makes the call. Constants are not captured but
// made again inside, so that `defer f(1)` needs no closure object.
#include "irgen/order.h"

namespace burrow::irgen {

using namespace syntax;

std::optional<ValueId> FunctionGen::rematerialise(FunctionGen& inner, ValueId v) {
  const ir::Inst inst = fn_[v];
  switch (inst.op) {
    case Op::ConstInt: case Op::ConstFloat: case Op::ConstString: case Op::Zero: case Op::FuncAddr: case Op::GlobalAddr:
    case Op::TypeAddr:
      return inner.b_.emit(inst.op, inst.type, {}, inst.imm, inst.sym, inst.typeArg);
    default:
      return std::nullopt;
  }
}

ValueId FunctionGen::callClosureFor(const CallExpr* e, bool isGo) {
  TypeId plain = T().func({}, {}, false);
  InOrder order(*this, e);
  Call c = prepareCall(e, true);
  setPos(e->pos);
  if (c.kind == Call::Closure && c.operands.size() == 1 && !c.rest.isValid() && T().underlying(b_.typeOf(c.operands[0])) == plain) {
    return assignable(c.operands[0], plain);
  }
  if (c.kind == Call::Static && c.operands.empty() && !c.rest.isValid() && !c.result.isValid()) return b_.funcAddr(c.callee.symbol, plain);
  // What panics at the statement itself: a nil interface, and for `go` a nil function.
  if (c.kind == Call::Interface) nilCheckInterface(c.operands[0]);
  if (c.kind == Call::Closure && isGo) nilCheckFunction(c.operands[0]);

  ir::Function& fn = package_.addFunction(closureName(isGo ? "gowrap" : "deferwrap"), plain, closureLinkage());
  // `defer recover()`: recover is called by the wrapper here; the runtime takes that for a call by the function with the
  // defer statement when that one runs it on its way out, and for no call of a deferred function when a panic runs it.
  fn.attributes.wrapper = fn.attributes.statement = true;
  fn.attributes.hasRecover = c.kind == Call::Builtin && c.builtin == types::BuiltinId::Recover;
  package_.locate(fn, e->pos, e->pos);
  FunctionGen inner(package_, fn, context_, this);
  inner.isClosure_ = true;
  inner.begin(e->pos);
  std::vector<ValueId> captured;
  auto inside = [&](const std::vector<ValueId>& values) {
    std::vector<ValueId> out;
    for (ValueId v : values) {
      if (auto again = rematerialise(inner, v)) {
        out.push_back(*again);
        continue;
      }
      auto n = static_cast<int64_t>(captured.size());
      TypeId type = b_.typeOf(v);
      fn.captures.push_back(type);
      captured.push_back(v);
      out.push_back(inner.b_.emit(Op::Captured, type, {}, n));
    }
    return out;
  };
  std::vector<ValueId> operands = inside(c.operands);
  const std::vector<ValueId> alive = inside(c.alive);
  c.variadic = inside(c.variadic);
  inner.carryOut(c, std::move(operands), alive);
  inner.finish(e->pos);
  Captures all;
  all.values = std::move(captured);
  return makeClosure(fn, plain, all);
}

void FunctionGen::goStmt(const GoStmt* s) {
  ValueId f = callClosureFor(as<CallExpr>(unparen(s->call)), true);
  setPos(s->pos);
  b_.emit(Op::Go, {}, {f});
}

void FunctionGen::deferStmt(const DeferStmt* s) {
  ValueId f = callClosureFor(as<CallExpr>(unparen(s->call)), false);
  setPos(s->pos);
  if (rangeBody_ != nullptr) {
    // The frame is that of the function around the loop, which is running: it waits for the iterator.
    b_.callRuntime(RuntimeFn::DeferProc, {}, {deferFrame_, f});
    return;
  }
  b_.emit(Op::Defer, {}, {f}, 0, {}, {}, inLoop() ? ir::kInLoop : 0);
}

}  // namespace burrow::irgen
