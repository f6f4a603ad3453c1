// switch over types. Cases are tried in order: in an instance of a generic function two of them may be the same type, or
// an interface that another one satisfies.
//
// A case of a concrete type only compares; the clause that binds the value takes it out of the interface, straight into its
// variable. (A comma-ok assertion would have copied it at each test, which nobody looks at but in one clause.)
#include "irgen/order.h"

namespace burrow::irgen {

using namespace syntax;

ValueId FunctionGen::holdsType(ValueId iface, TypeId type) {
  if (!T().isEmptyInterface(b_.typeOf(iface))) package_.needMethods(type);
  return b_.emit(Op::TypeAssert, bool_(), {iface}, 0, {}, type, ir::kTestOnly);
}

void FunctionGen::takeOut(ValueId iface, TypeId type, ValueId to) {
  if (T().isDirectIface(type) && !T().isPointerLike(type)) return b_.store(to, assertTo(iface, type, false));
  ValueId data = b_.emit(Op::IfaceData, T().unsafePointer(), {iface});
  if (T().isPointerLike(type)) return b_.store(to, b_.convert(Op::Bitcast, type, data));
  copyValue(to, b_.convert(Op::Bitcast, T().pointer(type), data));
}

void FunctionGen::typeSwitchStmt(const TypeSwitchStmt* s) {
  if (s->init) stmt(s->init);
  InOrder order(*this, {s->guard->x});
  ValueId x = expr(s->guard->x);
  setPos(s->pos);
  BlockId end = b_.newBlock();
  targets_[s] = Targets{end, {}};
  std::vector<BlockId> bodies;
  std::vector<ValueId> bound(s->clauses.size(), x);  // what the clause's variable is
  std::vector<TypeId> held(s->clauses.size());       // or the concrete type of what x holds there
  BlockId otherwise = end;
  for (const CaseClause* c : s->clauses) {
    bodies.push_back(b_.newBlock());
    if (c->isDefault) otherwise = bodies.back();
  }
  for (size_t c = 0; c < s->clauses.size(); c++) {
    for (const Expr* e : s->clauses[c]->exprs) {
      BlockId next = b_.newBlock();
      setPos(e->pos);
      if (info().of(e).mode == types::Mode::NilValue) {
        ValueId tab = b_.emit(Op::IfaceTab, T().unsafePointer(), {x});
        b_.branch(b_.binary(Op::Eq, tab, b_.zero(T().unsafePointer())), bodies[c], next);
      } else if (TypeId type = typeOf(e); !T().isInterface(type)) {
        if (s->clauses[c]->exprs.size() == 1) held[c] = type;
        b_.branch(holdsType(x, type), bodies[c], next);
      } else {
        ValueId both = assertTo(x, type, true);
        if (s->clauses[c]->exprs.size() == 1) bound[c] = b_.tupleGet(both, 0);
        b_.branch(b_.tupleGet(both, 1), bodies[c], next);
      }
      b_.setBlock(next);
    }
  }
  b_.jump(otherwise);
  for (size_t c = 0; c < s->clauses.size(); c++) {
    b_.setBlock(bodies[c]);
    setPos(s->clauses[c]->pos);
    if (auto it = info().implicits.find(s->clauses[c]); s->bind != nullptr && it != info().implicits.end()) {
      if (auto* v = types::as<types::Var>(it->second)) {
        TypeId type = map(v->type);
        clauseVariable_ = package_.options().describe;
        if (clauseVariable_ && !s->clauses[c]->exprs.empty()) setPos(s->clauses[c]->exprs.back()->pos);
        if (held[c].isValid()) {
          takeOut(x, held[c], declareVar(v, type, false));
        } else {
          ValueId value = assignable(bound[c], type);
          b_.store(declareVar(v, type, false), value);
        }
        clauseVariable_ = false;
      }
    }
    stmtList(s->clauses[c]->body);
    b_.jump(end);
  }
  b_.setBlock(end);
}

}  // namespace burrow::irgen
