// range over arrays, slices, strings, maps, channels and integers. (Functions: rangefunc.cpp.)
//
// The hidden position is a block parameter of the loop's head; the variables that the program sees are assigned from it at
// the start of every iteration, so that the body may change them.
#include "irgen/order.h"

#include "syntax/walk.h"

namespace burrow::irgen {

using namespace syntax;

bool FunctionGen::wants(const Expr* e) const {
  if (e == nullptr) return false;
  auto* id = dynAs<Ident>(unparen(e));
  return id == nullptr || id->name != "_";
}

// Before Go 1.22 the variables belong to the whole loop.
void FunctionGen::declareSharedLoopVars(const RangeStmt* s) {
  if (!s->define || context_.version.atLeast(22)) return;
  for (const Expr* e : s->lhs)
    if (const types::Var* v = definedVar(e)) declareVar(v, map(v->type), true);
}

void FunctionGen::loopVars(const RangeStmt* s, ValueId key, ValueId value) {
  ValueId values[2] = {key, value};
  if (!s->define) {
    if (rangeBody_ == s) {
      // Over a function gc assigns one after the other: in `for i, a[i] = range f` it is the new i that counts.
      for (size_t i = 0; i < s->lhs.size() && i < 2; i++) {
        LValue target = lvalue(s->lhs[i]);
        setPos(s->pos);
        assign(target, values[i]);
      }
      return;
    }
    std::vector<LValue> targets;
    for (const Expr* e : s->lhs) targets.push_back(lvalue(e));
    setPos(s->pos);
    for (size_t i = 0; i < targets.size() && i < 2; i++) assign(targets[i], values[i]);
    return;
  }
  for (size_t i = 0; i < s->lhs.size() && i < 2; i++) {
    const types::Var* v = definedVar(s->lhs[i]);
    if (v == nullptr) continue;
    TypeId type = map(v->type);
    ValueId x = assignable(values[i], type);
    bool shared = !context_.version.atLeast(22);
    b_.store(shared ? vars_[v].v : declareVar(v, type, false), x);
  }
}

void FunctionGen::countedLoop(const RangeStmt* s, ValueId n, const std::function<ValueId(ValueId)>& element) {
  declareSharedLoopVars(s);
  TypeId type = b_.typeOf(n);
  BlockId head = b_.newBlock(), body = b_.newBlock(), next = b_.newBlock(), end = b_.newBlock();
  targets_[s] = Targets{end, next};
  ValueId i = b_.addBlockParam(head, type);
  b_.jump(head, {b_.constInt(type, 0)});
  enterLoop();
  b_.setBlock(head);
  b_.branch(b_.binary(Op::Lt, i, n), body, end);
  b_.setBlock(body);
  loopVars(s, i, wants(s->value()) ? element(i) : ValueId{});
  block(s->body);
  setPos(s->pos);
  b_.jump(next);
  b_.setBlock(next);
  b_.jump(head, {b_.binary(Op::Add, i, b_.constInt(type, 1))});
  leaveLoop();
  b_.setBlock(end);
}

namespace {
// Whether evaluating x can have an effect: calls and receives.
bool hasCall(Expr* x) {
  bool found = false;
  walk(static_cast<Node*>(x), [&](Node* n) {
    if (n->kind == NodeKind::FuncLit) return false;
    if (n->kind == NodeKind::CallExpr || (n->kind == NodeKind::UnaryExpr && as<UnaryExpr>(n)->op == Token::Arrow)) found = true;
    return !found;
  });
  return found;
}
}  // namespace

void FunctionGen::rangeArray(const RangeStmt* s, TypeId type) {
  bool isPointer = T().kind(type) == TypeKind::Pointer;
  int64_t length = T().get(isPointer ? T().elem(type) : type).length;
  if (!wants(s->value())) {
    // Only the length counts, and that is a constant unless the operand does something.
    if (hasCall(s->x)) discard(s->x);
    setPos(s->pos);
    return countedLoop(s, constInt(length), nullptr);
  }
  ValueId array;
  if (isPointer) {
    array = expr(s->x);
    setPos(s->pos);
    if (length > 0) nilCheck(array);
  } else {
    // The loop sees the array as it was.
    Ref r = ref(s->x);
    setPos(s->pos);
    if (r.isAddress) {
      array = temp(type);
      copyValue(array, r.v);
    } else {
      array = spill(r.v);
    }
  }
  countedLoop(s, constInt(length), [&](ValueId i) { return b_.load(b_.indexAddr(array, i)); });
}

void FunctionGen::rangeSlice(const RangeStmt* s) {
  ValueId slice = expr(s->x);
  setPos(s->pos);
  ValueId n = b_.len(slice);
  ValueId base = wants(s->value()) ? b_.slicePtr(slice) : ValueId{};
  countedLoop(s, n, [&](ValueId i) { return b_.load(elementAt(base, i)); });
}

void FunctionGen::rangeInt(const RangeStmt* s, TypeId type) {
  ValueId n = exprTo(s->x, type);
  setPos(s->pos);
  countedLoop(s, n, nullptr);
}

void FunctionGen::rangeString(const RangeStmt* s) {
  ValueId str = assignable(expr(s->x), T().stringType());
  setPos(s->pos);
  declareSharedLoopVars(s);
  ValueId n = b_.len(str);
  ValueId base = b_.emit(Op::StringPtr, T().pointer(T().uint8Type()), {str});
  BlockId head = b_.newBlock(), first = b_.newBlock(), ascii = b_.newBlock(), wide = b_.newBlock(), body = b_.newBlock(),
          next = b_.newBlock(), end = b_.newBlock();
  targets_[s] = Targets{end, next};
  ValueId i = b_.addBlockParam(head, int_());
  ValueId rune = b_.addBlockParam(body, T().int32Type());
  ValueId after = b_.addBlockParam(body, int_());
  b_.jump(head, {constInt(0)});
  enterLoop();
  b_.setBlock(head);
  b_.branch(b_.binary(Op::Lt, i, n), first, end);
  b_.setBlock(first);
  ValueId byte = b_.load(b_.indexAddr(base, i));
  b_.branch(b_.binary(Op::Lt, byte, b_.constInt(T().uint8Type(), 0x80)), ascii, wide);
  b_.setBlock(ascii);
  b_.jump(body, {b_.convert(Op::Convert, T().int32Type(), byte), b_.binary(Op::Add, i, constInt(1))});
  b_.setBlock(wide);
  ValueId decoded = b_.callRuntime(RuntimeFn::DecodeRune, T().tuple({T().int32Type(), int_()}), {str, i});
  ValueId wideRune = b_.tupleGet(decoded, 0);
  b_.jump(body, {wideRune, b_.tupleGet(decoded, 1)});
  b_.setBlock(body);
  loopVars(s, i, rune);
  block(s->body);
  setPos(s->pos);
  b_.jump(next);
  b_.setBlock(next);
  b_.jump(head, {after});
  leaveLoop();
  b_.setBlock(end);
}

void FunctionGen::rangeMap(const RangeStmt* s) {
  ValueId m = expr(s->x);
  setPos(s->pos);
  declareSharedLoopVars(s);
  TypeId key = T().key(b_.typeOf(m)), elem = T().elem(b_.typeOf(m));
  ValueId it = temp(T().mapIter());
  b_.emit(Op::MapIterStart, {}, {it, m});
  BlockId head = b_.newBlock(), body = b_.newBlock(), next = b_.newBlock(), end = b_.newBlock();
  targets_[s] = Targets{end, next};
  b_.jump(head);
  enterLoop();
  b_.setBlock(head);
  ValueId at = b_.load(b_.fieldAddr(it, 0));
  b_.branch(b_.binary(Op::Ne, at, b_.zero(T().unsafePointer())), body, end);
  b_.setBlock(body);
  ValueId k, v;
  if (wants(s->key())) k = b_.load(b_.convert(Op::Bitcast, T().pointer(key), at));
  if (wants(s->value())) {
    ValueId p = b_.load(b_.fieldAddr(it, 1));
    v = b_.load(b_.convert(Op::Bitcast, T().pointer(elem), p));
  }
  loopVars(s, k, v);
  block(s->body);
  setPos(s->pos);
  b_.jump(next);
  b_.setBlock(next);
  b_.emit(Op::MapIterNext, {}, {it});
  b_.jump(head);
  leaveLoop();
  b_.setBlock(end);
}

void FunctionGen::rangeChan(const RangeStmt* s) {
  ValueId chan = expr(s->x);
  setPos(s->pos);
  declareSharedLoopVars(s);
  TypeId elem = T().elem(b_.typeOf(chan));
  BlockId head = b_.newBlock(), body = b_.newBlock(), end = b_.newBlock();
  targets_[s] = Targets{end, head};
  b_.jump(head);
  enterLoop();
  b_.setBlock(head);
  ValueId both = b_.emit(Op::Recv2, T().tuple({elem, bool_()}), {chan});
  ValueId v = b_.tupleGet(both, 0);
  b_.branch(b_.tupleGet(both, 1), body, end);
  b_.setBlock(body);
  loopVars(s, v, {});
  block(s->body);
  setPos(s->pos);
  b_.jump(head);
  leaveLoop();
  b_.setBlock(end);
}

void FunctionGen::rangeStmt(const RangeStmt* s) {
  InOrder order(*this, {s->x});
  if (context_.facts->isRangeFunc(s)) return rangeFunc(s);
  TypeId type = typeOf(s->x);
  setPos(s->pos);
  switch (T().kind(type)) {
    case TypeKind::Array:
    case TypeKind::Pointer:
      return rangeArray(s, type);
    case TypeKind::Slice:
      return rangeSlice(s);
    case TypeKind::String:
      return rangeString(s);
    case TypeKind::Map:
      return rangeMap(s);
    case TypeKind::Chan:
      return rangeChan(s);
    default: {
      // `for i := range 10`: the constant has i's type.
      if (info().of(s->x).isConstant() && s->key() != nullptr && wants(s->key())) {
        const types::Var* v = definedVar(s->key());
        type = v != nullptr ? map(v->type) : typeOf(s->key());
      }
      return rangeInt(s, type);
    }
  }
}

}  // namespace burrow::irgen
