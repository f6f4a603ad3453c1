// select: all channels and values are evaluated in source order, one instruction chooses, a switch leads to the clause.
#include "irgen/order.h"

namespace burrow::irgen {

using namespace syntax;

namespace {

// The receive operation of a communication clause, and what its results are assigned to.
struct Receive {
  const UnaryExpr* op = nullptr;
  std::span<Expr* const> lhs;
  bool define = false;
};

Receive receiveOf(const Stmt* comm) {
  Receive r;
  if (auto* e = dynAs<ExprStmt>(comm)) {
    r.op = dynAs<UnaryExpr>(unparen(e->x));
  } else if (auto* a = dynAs<AssignStmt>(comm)) {
    r.op = dynAs<UnaryExpr>(unparen(a->rhs[0]));
    r.lhs = a->lhs;
    r.define = a->op == Token::Define;
  }
  return r;
}

}  // namespace

void FunctionGen::selectStmt(const SelectStmt* s) {
  setPos(s->pos);
  if (s->clauses.empty()) {
    b_.emit(Op::SelectForever, {});
    return;
  }
  struct Case {
    size_t clause;
    ValueId chan, value;  // value: of a send
  };
  std::vector<Case> sends, receives;
  bool hasDefault = false;
  for (size_t i = 0; i < s->clauses.size(); i++) {
    const CommClause* c = s->clauses[i];
    if (c->isDefault) {
      hasDefault = true;
    } else if (auto* send = dynAs<SendStmt>(c->comm)) {
      // Each operand is a statement of its own: select evaluates strictly in order.
      InOrder first(*this, {send->chan});
      ValueId chan = expr(send->chan);
      InOrder second(*this, {send->value});
      sends.push_back({i, chan, exprTo(send->value, T().elem(b_.typeOf(chan)))});
    } else {
      const Expr* chan = receiveOf(c->comm).op->x;
      InOrder order(*this, {chan});
      receives.push_back({i, expr(chan), {}});
    }
  }
  setPos(s->pos);
  BlockId end = b_.newBlock();
  targets_[s] = Targets{end, {}};
  std::vector<BlockId> bodies;
  for (size_t i = 0; i < s->clauses.size(); i++) bodies.push_back(b_.newBlock());
  std::vector<ValueId> received(s->clauses.size()), ok(s->clauses.size());

  size_t cases = sends.size() + receives.size();
  if (cases == 0) {
    b_.jump(bodies[0]);  // only a default
  } else if (cases == 1 && !hasDefault) {
    // One case is no choice.
    setPos(s->clauses[0]->pos);
    if (!sends.empty()) {
      b_.emit(Op::Send, {}, {sends[0].chan, sends[0].value});
    } else {
      TypeId elem = T().elem(b_.typeOf(receives[0].chan));
      ValueId both = b_.emit(Op::Recv2, T().tuple({elem, bool_()}), {receives[0].chan});
      received[0] = b_.tupleGet(both, 0);
      ok[0] = b_.tupleGet(both, 1);
    }
    b_.jump(bodies[0]);
  } else {
    std::vector<ValueId> operands;
    std::vector<TypeId> results{int_(), bool_()};
    for (const Case& c : sends) {
      operands.push_back(c.chan);
      operands.push_back(c.value);
    }
    for (const Case& c : receives) {
      operands.push_back(c.chan);
      results.push_back(T().elem(b_.typeOf(c.chan)));
    }
    ir::SelectShape shape;
    shape.sends = static_cast<uint16_t>(sends.size());
    shape.receives = static_cast<uint16_t>(receives.size());
    shape.hasDefault = hasDefault;
    ValueId chosen = b_.emit(Op::Select, T().tuple(std::move(results)), std::move(operands), shape.pack());
    ValueId number = b_.tupleGet(chosen, 0);
    ValueId gotOne = b_.tupleGet(chosen, 1);
    std::vector<ir::Edge> edges(1);
    for (size_t i = 0; i < sends.size(); i++) edges.push_back({bodies[sends[i].clause], static_cast<int64_t>(i), {}});
    for (size_t i = 0; i < receives.size(); i++) {
      size_t clause = receives[i].clause;
      received[clause] = b_.tupleGet(chosen, 2 + i);
      ok[clause] = gotOne;
      edges.push_back({bodies[clause], static_cast<int64_t>(sends.size() + i), {}});
    }
    if (hasDefault) {
      for (size_t i = 0; i < s->clauses.size(); i++)
        if (s->clauses[i]->isDefault) edges[0].block = bodies[i];
    } else {
      edges[0].block = edges.back().block;  // one of the cases is taken
      edges.pop_back();
    }
    b_.switchOn(number, std::move(edges));
  }
  for (size_t i = 0; i < s->clauses.size(); i++) {
    const CommClause* c = s->clauses[i];
    b_.setBlock(bodies[i]);
    setPos(c->pos);
    if (received[i].isValid()) {
      Receive r = receiveOf(c->comm);
      std::vector<ValueId> values{received[i], ok[i]};
      values.resize(r.lhs.size());
      if (r.define) {
        define(r.lhs, values);
      } else {
        std::vector<LValue> targets;
        for (const Expr* e : r.lhs) targets.push_back(lvalue(e));
        for (size_t k = 0; k < targets.size(); k++) assign(targets[k], values[k]);
      }
    }
    stmtList(c->body);
    b_.jump(end);
  }
  b_.setBlock(end);
}

}  // namespace burrow::irgen
