// Function literals and what they capture.
//
// A variable that is assigned after its declaration, or whose address is taken, is shared: the closure object holds the
// address of its heap object. Any other variable is copied into the closure object, and not even looked at there when it can
// only be one constant. The list of free variables comes from the analysis, in the order in which the literal mentions them.
#include "irgen/function_gen.h"
#include "irgen/inline_cost.h"
#include "syntax/walk.h"

namespace burrow::irgen {

using namespace syntax;

std::string FunctionGen::closureName(std::string_view kind) {
  if (kind == "-range") {
    FunctionGen& real = realFunction();
    return real.fn_.name + "-range" + std::to_string(++real.ranges_);
  }
  if (kind == "func") {
    bool inner = isClosure_ || rangeBody_ != nullptr;
    return fn_.name + (inner ? "." : ".func") + std::to_string(++closures_);
  }
  return fn_.name + "." + std::string(kind) + std::to_string(++wraps_);
}

void FunctionGen::nameLiterals(const syntax::Node* e) {
  if (e->kind != NodeKind::FuncLit) {
    syntax::forEachChild(e, [&](const syntax::Node* child) { nameLiterals(child); });
  } else if (!literalNames_.contains(e)) {
    literalNames_.emplace(e, closureName("func"));
  }
}

void FunctionGen::captureFree(const FunctionFacts& facts, Captures& c) {
  for (const types::Var* v : facts.free) {
    // A variable that is not known here belongs to a function literal in between that was never entered (dead code).
    auto it = vars_.find(v);
    if (it == vars_.end()) continue;
    Place p = it->second;
    TypeId type = p.isAddress ? T().elem(b_.typeOf(p.v)) : b_.typeOf(p.v);
    if (p.isAddress && isNew(v, type)) {
      c.add(p.v, [v](FunctionGen& inner, ValueId captured) {
        inner.nonNil_[captured.value] = true;
        inner.bindVar(v, Place{true, captured});
      });
      continue;
    }
    if (!p.isAddress && ir::isConstant(fn_[p.v].op)) {
      const ir::Inst constant = fn_[p.v];
      c.add(p.v, [v, constant](FunctionGen& inner, ValueId) {
        inner.bindVar(v, Place{false, inner.b_.emit(constant.op, constant.type, {}, constant.imm, constant.sym)});
      });
      continue;
    }
    c.add(readRef(p), [v](FunctionGen& inner, ValueId captured) {
      TypeId t = inner.b_.typeOf(captured);
      // A copy that is read by parts gets an address once and for all.
      if (inner.isMemoryClass(t)) {
        ValueId address = inner.temp(t, v->name);
        inner.b_.store(address, captured);
        inner.bindVar(v, Place{true, address});
      } else {
        inner.bindVar(v, Place{false, captured});
      }
    });
  }
}

void FunctionGen::bindCaptures(const Captures& c) {
  for (size_t i = 0; i < c.bind.size(); i++) {
    ValueId v = b_.emit(Op::Captured, fn_.captures[i], {}, static_cast<int64_t>(i));
    c.bind[i](*this, v);
  }
}

ValueId FunctionGen::makeClosure(const ir::Function& fn, TypeId type, const Captures& c) {
  if (c.values.empty()) return b_.funcAddr(fn.name, type);
  return b_.emit(Op::Closure, type, c.values, 0, package_.module().intern(fn.name));
}

ir::Function& FunctionGen::literalFunction(const FuncLit* e, Captures* captures) {
  const FunctionFacts& facts = context_.facts->functions.at(e);
  auto named = literalNames_.extract(e);
  std::string name = named ? std::move(named.mapped()) : closureName("func");
  ir::Function& fn = package_.addFunction(std::move(name), typeOf(e), closureLinkage());
  Captures none;
  Captures& c = captures != nullptr ? *captures : none;
  if (captures != nullptr) captureFree(facts, c);
  for (ValueId v : c.values) fn.captures.push_back(b_.typeOf(v));
  fn.attributes.hasDefer = facts.hasDefer;
  fn.attributes.hasRecover = facts.hasRecover;
  FunctionGen inner(package_, fn, context_, this);
  inner.literal(e, c);
  return fn;
}

ValueId FunctionGen::funcLit(const FuncLit* e) {
  setPos(e->pos);
  Captures c;
  ir::Function& fn = literalFunction(e, &c);
  setPos(e->pos);
  return makeClosure(fn, typeOf(e), c);
}

void FunctionGen::literal(const FuncLit* e, const Captures& c) {
  currentNode_ = e;
  isClosure_ = true;
  package_.locate(fn_, e->pos, e->body->rbrace);
  setPos(e->pos);
  fn_.inlining = inlineFacts(e, info());
  fn_.inlining.pos = b_.loc();
  b_.start();
  bindCaptures(c);
  parameters({}, e->type);
  resultVariables(e->type);
  prepareRangeFuncs(context_.facts->functions.at(e));
  functionBody(e->body);
  finish(e->body->rbrace);
  checkFrame(e->pos);
}

}  // namespace burrow::irgen
