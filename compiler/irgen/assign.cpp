// Assignments and variable declarations.
//
// Go carries an assignment out in two steps: first the operands of index expressions and pointer indirections on the left
// and all expressions on the right are evaluated, then the assignments are made from left to right. Panics of the left
// side (nil pointer, index out of range, nil map) belong to the second step. An LValue is what the first step leaves.
#include "irgen/order.h"
#include "irgen/self_assign.h"

namespace burrow::irgen {

using namespace syntax;

namespace {
bool isBlank(const Expr* e) {
  auto* id = dynAs<Ident>(unparen(e));
  return id != nullptr && id->name == "_";
}
}  // namespace

void FunctionGen::lvalueStep(LValue& lv, LValue::Step step, TypeId type) {
  lv.steps.push_back(step);
  lv.type = type;
}

LValue FunctionGen::lvalue(const Expr* e) {
  e = unparen(e);
  LValue lv;
  if (isBlank(e)) return lv;
  auto deref = [&](ValueId p) {
    lv = {};
    lv.kind = LValue::Deref;
    lv.base = p;
    lv.type = T().elem(b_.typeOf(p));
  };
  switch (e->kind) {
    case NodeKind::StarExpr:
      deref(expr(as<StarExpr>(e)->x));
      return lv;
    case NodeKind::SelectorExpr: {
      auto* s = as<SelectorExpr>(e);
      const types::Selection* sel = info().selection(s);
      if (sel == nullptr) break;
      if (T().kind(typeOf(s->x)) == TypeKind::Pointer) {
        deref(expr(s->x));
      } else {
        lv = lvalue(s->x);
      }
      for (int index : sel->index) {
        if (T().kind(lv.type) == TypeKind::Pointer) {
          setPos(e->pos);
          deref(lvalueLoad(lv));  // an embedded pointer is an operand
        }
        LValue::Step step;
        step.field = index;
        lvalueStep(lv, step, T().get(lv.type).fields[static_cast<size_t>(index)].type);
      }
      return lv;
    }
    case NodeKind::IndexExpr: {
      auto* ix = as<IndexExpr>(e);
      TypeId t = typeOf(ix->x);
      switch (T().kind(t)) {
        case TypeKind::Map:
          lv.kind = LValue::MapElem;
          lv.base = expr(ix->x);
          lv.index = exprTo(ix->indices[0], T().key(t));
          lv.type = T().elem(t);
          return lv;
        case TypeKind::Slice:
          lv.kind = LValue::SliceElem;
          lv.base = expr(ix->x);
          lv.index = index(ix->indices[0]).check;
          lv.pos = ix->pos;
          lv.type = T().elem(t);
          return lv;
        case TypeKind::Pointer:
          deref(expr(ix->x));
          break;
        default:
          lv = lvalue(ix->x);
          break;
      }
      Index i = index(ix->indices[0]);
      LValue::Step step;
      step.index = i.check;
      step.pos = ix->pos;
      step.check = !(i.isConstant && i.value >= 0 && i.value < T().get(lv.type).length);
      lvalueStep(lv, step, T().elem(lv.type));
      return lv;
    }
    default:
      break;
  }
  lv.kind = LValue::Address;
  lv.base = address(e);
  lv.type = T().elem(b_.typeOf(lv.base));
  return lv;
}

// An index that is out of range is so at its bracket.
ValueId FunctionGen::lvalueAddress(const LValue& lv) {
  const ir::Loc loc = b_.loc();
  ValueId p = lv.base;
  if (lv.kind == LValue::Deref) {
    nilCheck(p);
  } else if (lv.kind == LValue::SliceElem) {
    Index i;
    i.check = lv.index;
    setPos(lv.pos);
    p = elementAddress(lv.base, i);
  }
  for (const LValue::Step& s : lv.steps) {
    if (s.field >= 0) {
      p = b_.fieldAddr(p, static_cast<size_t>(s.field));
    } else {
      if (s.check) {
        setPos(s.pos);
        checkBounds(s.index, constInt(T().get(T().elem(b_.typeOf(p))).length), ir::CheckKind::Index);
      }
      Index i;
      i.check = s.index;
      p = b_.indexAddr(p, indexInt(i));
    }
  }
  b_.setLoc(loc);
  return p;
}

ValueId FunctionGen::lvalueLoad(const LValue& lv) {
  if (lv.kind == LValue::MapElem) return b_.emit(Op::MapGet, lv.type, {lv.base, lv.index});
  return b_.load(lvalueAddress(lv));
}

void FunctionGen::assign(const LValue& lv, ValueId v) {
  if (lv.kind == LValue::Blank) return;
  v = assignable(v, lv.type);
  ValueId p = lv.kind == LValue::MapElem ? b_.emit(Op::MapAssign, T().pointer(lv.type), {lv.base, lv.index})
                                         : lvalueAddress(lv);
  b_.store(p, v);
  // The allocator keeps to the rate of the memory profile from the next allocation on.
  if (lv.kind == LValue::Address && fn_[p].op == Op::GlobalAddr && package_.module().str(fn_[p].sym) == "runtime.MemProfileRate")
    b_.callRuntime(RuntimeFn::MemProfileRateChanged, {}, {});
}

// Could *lhs and rhs overlap without being the same? Only arrays that were converted from slices can.
bool FunctionGen::overlaps(const LValue& lhs, const Expr* rhs) {
  return T().kind(lhs.type) == TypeKind::Array && lhs.kind != LValue::Address && unparen(rhs)->kind != NodeKind::Ident;
}

// Marks the store that an assignment ended in when escape analysis need not look at it.
void FunctionGen::markSelfAssignment(const Expr* lhs, const Expr* rhs) {
  if (package_.options().without(ir::Optimisation::SelfAssignments) || !isSelfAssignment(info(), lhs, rhs)) return;
  for (size_t v = fn_.values.size(); v-- > 0;) {
    ir::Inst& inst = fn_.values[v];
    if (inst.op != Op::Store && inst.op != Op::Move) continue;
    inst.flags |= ir::kSelfAssign;
    if (package_.options().describe) {
      inst.sym = package_.module().intern(" " + sourceText(unparen(lhs)) + " = " + sourceText(unparen(rhs)));
    }
    return;
  }
}

void FunctionGen::assignOne(const Expr* lhs, const Expr* rhs, Pos pos) {
  if (isBlank(lhs)) return discard(rhs);
  LValue lv = lvalue(lhs);
  const Expr* x = unparen(rhs);
  const types::ExprInfo& i = info().of(x);
  bool denotes = x->kind == NodeKind::Ident || x->kind == NodeKind::StarExpr || x->kind == NodeKind::IndexExpr ||
                 x->kind == NodeKind::SelectorExpr;
  if (denotes && lv.kind != LValue::MapElem && i.mode != types::Mode::NilValue && i.mode != types::Mode::Constant &&
      isMemoryClass(lv.type) && typeOf(x) == lv.type && !overlaps(lv, rhs)) {
    Ref r = ref(x);
    setPos(pos);
    ValueId to = lvalueAddress(lv);
    if (r.isAddress) {
      copyValue(to, r.v);
    } else {
      b_.store(to, r.v);
    }
    return markSelfAssignment(lhs, rhs);
  }
  if (auto* literal = dynAs<CompositeLit>(x); literal != nullptr && lv.kind != LValue::MapElem &&
                                              isMemoryClass(lv.type) && typeOf(x) == lv.type && ofConstants(literal)) {
    // Nothing that could be looked at, or go wrong, while the variable is half of it: no other place for it is needed.
    setPos(pos);
    return compositeInto(lvalueAddress(lv), literal, lv.type, false);
  }
  ValueId v = exprTo(rhs, lv.type);
  setPos(pos);
  assign(lv, v);
  markSelfAssignment(lhs, rhs);
}

// A struct or array literal in which there are only constants, and such literals.
bool FunctionGen::ofConstants(const CompositeLit* e) {
  for (const Expr* element : e->elems) {
    auto* kv = dynAs<KeyValueExpr>(element);
    const Expr* x = unparen(kv ? kv->value : element);
    if (auto* inner = dynAs<CompositeLit>(x)) {
      TypeKind kind = T().kind(typeOf(inner));
      if ((kind != TypeKind::Struct && kind != TypeKind::Array) || !ofConstants(inner)) return false;
      continue;
    }
    types::Mode mode = info().of(x).mode;
    if (mode != types::Mode::Constant && mode != types::Mode::NilValue) return false;
  }
  return true;
}

// What x op= y reads of x is read before the late parts of y, as in x = x op y (see order.h): x[i] += y[j] fails at x[i] first.
void FunctionGen::opAssign(const Expr* lhs, Token op, const Expr* rhs, Pos pos) {
  LValue lv = lvalue(lhs);
  ValueId p, x, y;
  if (lv.kind != LValue::MapElem) {
    setPos(pos);
    p = lvalueAddress(lv);
    x = b_.load(p);
  }
  bool shifting = isShift(op);
  bool countKnown = false;
  if (rhs == nullptr) {
    // x++, x--
    TypeId t = lv.type;
    if (T().isComplex(t)) {
      TypeId part = T().basic(T().kind(t) == TypeKind::Complex64 ? TypeKind::Float32 : TypeKind::Float64);
      y = b_.emit(Op::ComplexMake, t, {b_.constFloat(part, 1), b_.constFloat(part, 0)});
    } else {
      y = T().isFloat(t) ? b_.constFloat(t, 1) : b_.constInt(t, 1);
    }
  } else if (shifting) {
    if (info().of(rhs).isConstant()) {
      countKnown = true;
      y = b_.constInt(T().basic(TypeKind::Uint), constIntValue(rhs).value_or(INT64_MAX));
    } else {
      y = expr(rhs);
    }
  } else {
    y = exprTo(rhs, lv.type);
  }
  setPos(pos);
  auto combine = [&](ValueId x) { return shifting ? shiftBy(op, x, y, countKnown) : arithmetic(op, x, y); };
  if (lv.kind == LValue::MapElem) {
    bool mayPanic = (shifting && !countKnown) || ((op == Token::Quo || op == Token::Rem) && T().isInteger(lv.type));
    if (mayPanic) {
      ValueId v = combine(lvalueLoad(lv));
      return assign(lv, v);
    }
    // One look-up: a missing element is made, and is zero.
    p = b_.emit(Op::MapAssign, T().pointer(lv.type), {lv.base, lv.index});
    x = b_.load(p);
  }
  b_.store(p, combine(x));
}

const types::Var* FunctionGen::definedVar(const Expr* lhs) const {
  auto* id = dynAs<Ident>(unparen(lhs));
  if (id == nullptr || id->name == "_") return nullptr;
  return types::as<types::Var>(info().def(id));
}

// x, y := with all values at hand.
void FunctionGen::define(std::span<Expr* const> lhs, const std::vector<ValueId>& values) {
  for (size_t i = 0; i < lhs.size() && i < values.size(); i++) {
    if (const types::Var* v = definedVar(lhs[i])) {
      TypeId type = map(v->type);
      ValueId value = assignable(values[i], type);
      b_.store(declareVar(v, type, false), value);
    } else {
      assign(lvalue(lhs[i]), values[i]);
    }
  }
}

void FunctionGen::declareAndInit(const types::Var* v, const Expr* value) {
  TypeId type = map(v->type);
  if (isMemoryClass(type)) {
    // Built in place: the variable is not visible to the expression.
    bool fresh = isNew(v, type);
    ValueId address = fresh ? variableObject(v, type) : b_.local(type, v->name);
    exprInto(address, value, fresh);
    bindVar(v, Place{true, address});
    return;
  }
  ValueId x = exprTo(value, type);
  b_.store(declareVar(v, type, false), x);
  if (isConstantForGood(v, type, x)) bindVar(v, Place{false, x});
}

void FunctionGen::assignStmt(const AssignStmt* s) {
  if (isCompoundAssign(s->op)) {
    auto* element = dynAs<IndexExpr>(unparen(s->lhs[0]));
    if (element != nullptr && T().kind(typeOf(element->x)) == TypeKind::Map) {
      InOrder order(*this, s->lhs, s->rhs);
      return opAssign(s->lhs[0], operatorOf(s->op), s->rhs[0], s->pos);
    }
    InOrder order(*this, {s->lhs[0], s->rhs[0]});
    return opAssign(s->lhs[0], operatorOf(s->op), s->rhs[0], s->pos);
  }
  InOrder order(*this, s->lhs, s->rhs);
  bool defines = s->op == Token::Define;
  if (s->lhs.size() == 1 && s->rhs.size() == 1) {
    const types::Var* v = defines ? definedVar(s->lhs[0]) : nullptr;
    setPos(s->pos);
    if (v != nullptr) return declareAndInit(v, s->rhs[0]);
    return assignOne(s->lhs[0], s->rhs[0], s->pos);
  }
  if (defines) {
    std::vector<ValueId> values;
    if (s->rhs.size() == 1) {
      values = exprMulti(s->rhs[0]);
    } else {
      for (size_t i = 0; i < s->rhs.size(); i++) {
        const types::Var* v = definedVar(s->lhs[i]);
        if (isBlank(s->lhs[i])) {
          values.push_back(info().of(s->rhs[i]).mode == types::Mode::NilValue ? ValueId{} : expr(s->rhs[i]));
        } else {
          values.push_back(exprTo(s->rhs[i], v != nullptr ? map(v->type) : lvalue(s->lhs[i]).type));
        }
      }
    }
    setPos(s->pos);
    return define(s->lhs, values);
  }
  std::vector<LValue> targets;
  for (const Expr* e : s->lhs) targets.push_back(lvalue(e));
  std::vector<ValueId> values;
  if (s->rhs.size() == 1) {
    values = exprMulti(s->rhs[0]);
  } else {
    for (size_t i = 0; i < s->rhs.size(); i++) {
      if (targets[i].kind == LValue::Blank) {
        discard(s->rhs[i]);
        values.emplace_back();
      } else {
        values.push_back(exprTo(s->rhs[i], targets[i].type));
      }
    }
  }
  setPos(s->pos);
  for (size_t i = 0; i < targets.size() && i < values.size(); i++) {
    if (s->rhs.size() == 1 && targets[i].kind != LValue::Blank) {
      values[i] = assignable(values[i], targets[i].type);
      if (fn_[values[i]].op == Op::MakeIface) described(values[i], [&] { return ".autotmp_" + std::to_string(i); });
    }
    assign(targets[i], values[i]);
    if (s->rhs.size() == targets.size()) markSelfAssignment(s->lhs[i], s->rhs[i]);
  }
}

void FunctionGen::varDecl(const VarSpec* spec) {
  auto varOf = [&](const Ident* n) { return n->name == "_" ? nullptr : types::as<types::Var>(info().def(n)); };
  setPos(spec->pos);
  if (spec->values.empty()) {
    for (const Ident* n : spec->names)
      if (const types::Var* v = varOf(n)) declareVar(v, map(v->type), true);
    return;
  }
  InOrder order(*this, {}, spec->values);
  if (spec->values.size() == 1 && spec->names.size() == 1) {
    if (const types::Var* v = varOf(spec->names[0])) return declareAndInit(v, spec->values[0]);
    return discard(spec->values[0]);
  }
  std::vector<ValueId> values;
  if (spec->values.size() == 1) {
    values = exprMulti(spec->values[0]);
  } else {
    for (size_t i = 0; i < spec->values.size(); i++) {
      const types::Var* v = varOf(spec->names[i]);
      if (v != nullptr) {
        values.push_back(exprTo(spec->values[i], map(v->type)));
      } else {
        discard(spec->values[i]);
        values.emplace_back();
      }
    }
  }
  setPos(spec->pos);
  for (size_t i = 0; i < spec->names.size() && i < values.size(); i++) {
    if (const types::Var* v = varOf(spec->names[i])) {
      TypeId type = map(v->type);
      ValueId x = assignable(values[i], type);
      b_.store(declareVar(v, type, false), x);
    }
  }
}

}  // namespace burrow::irgen
