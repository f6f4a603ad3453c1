// Index and slice expressions.
#include "syntax/positions.h"
#include "types/checker.h"

namespace burrow::types {

using syntax::IndexExpr;
using syntax::SliceExpr;

bool Checker::indexExpr(Operand& x, IndexExpr* e) {
  exprOrType(x, e->x, true);
  if (!x.isValid()) {
    use(std::span<Expr* const>(e->indices));
    return false;
  }
  if (x.mode == Mode::TypeExpr) {
    // A generic type: the whole is a type expression.
    x.invalidate();
    x.type = varType(e);
    if (isValid(x.type)) x.mode = Mode::TypeExpr;
    return false;
  }
  if (x.mode == Mode::Value) {
    if (auto* sig = underAs<Signature>(x.type); sig != nullptr && !sig->typeParams.empty()) return true;
  }
  nonGeneric(nullptr, x);
  if (!x.isValid()) return false;
  auto complete = [&](Type* t) {
    if (isComplete(t)) return true;
    x.invalidate();
    return false;
  };
  if (!complete(x.type)) return false;

  bool valid = false;
  int64_t length = -1;
  Type* u = under(x.type);
  switch (u->kind) {
    case TypeKind::Basic:
      if (!isString(u)) break;
      valid = true;
      if (x.isConstant()) length = static_cast<int64_t>(x.value.stringLength());
      x.mode = Mode::Value;
      x.type = byteType();
      break;
    case TypeKind::Array:
      valid = true;
      length = as<Array>(u)->length;
      if (x.mode != Mode::Variable) x.mode = Mode::Value;
      x.type = as<Array>(u)->elem;
      break;
    case TypeKind::Pointer:
      if (!complete(as<Pointer>(u)->elem)) return false;
      if (auto* a = underAs<Array>(as<Pointer>(u)->elem)) {
        valid = true;
        length = a->length;
        x.mode = Mode::Variable;
        x.type = a->elem;
      }
      break;
    case TypeKind::Slice:
      valid = true;
      x.mode = Mode::Variable;
      x.type = as<Slice>(u)->elem;
      break;
    case TypeKind::Map:
      if (!complete(as<Map>(u)->elem)) return false;
      mapIndex(x, e, as<Map>(u)->key, as<Map>(u)->elem);
      return false;
    case TypeKind::Interface: {
      if (!isTypeParam(x.type)) break;
      bool isMap = false;
      valid = indexTypeParam(x, e, &length, &isMap);
      if (isMap) return false;
      break;
    }
    default: break;
  }
  if (!valid) {
    error(e->pos, diag::CannotIndex, x);
    use(std::span<Expr* const>(e->indices));
    x.invalidate();
    return false;
  }
  Expr* i = singleIndex(e);
  int64_t ignored = 0;
  index(i, length, &ignored);
  return false;
}

void Checker::mapIndex(Operand& x, IndexExpr* e, Type* key, Type* elem) {
  Operand k;
  genericExpr(k, singleIndex(e));
  assignment(k, key, Purpose{"map index"});
  x.mode = Mode::MapIndex;
  x.type = elem;
  x.expr = e;
}

// Every type of the set must be indexable with the same element (and, for maps, key) type.
bool Checker::indexTypeParam(Operand& x, IndexExpr* e, int64_t* length, bool* isMap) {
  Type *key = nullptr, *elem = nullptr;
  Mode mode = Mode::Variable;
  bool ok = forTypeSet(x.type, [&](Type*, Type* u) {
    if (u == nullptr) return false;
    int64_t n = -1;
    Type *k = nullptr, *t = nullptr;
    if (isString(u)) {
      t = byteType();
      mode = Mode::Value;
    } else if (auto* a = as<Array>(u)) {
      n = a->length;
      t = a->elem;
      if (x.mode != Mode::Variable) mode = Mode::Value;
    } else if (auto* p = as<Pointer>(u)) {
      auto* pa = underAs<Array>(p->elem);
      if (pa == nullptr) return false;
      n = pa->length;
      t = pa->elem;
    } else if (auto* s = as<Slice>(u)) {
      t = s->elem;
    } else if (auto* m = as<Map>(u)) {
      k = m->key;
      t = m->elem;
    } else {
      return false;
    }
    if (elem == nullptr) {
      *length = n;
      key = k;
      elem = t;
      return true;
    }
    bool sameKey = key == k || (key != nullptr && k != nullptr && identical(key, k));
    if (!sameKey || !identical(elem, t)) return false;
    if (n >= 0 && (*length < 0 || n < *length)) *length = n;
    return true;
  });
  if (!ok) return false;
  if (key != nullptr) {
    *isMap = true;
    mapIndex(x, e, key, elem);
    return true;
  }
  x.mode = mode;
  x.type = elem;
  return true;
}

Expr* Checker::singleIndex(IndexExpr* e) {
  if (e->indices.size() > 1) error(e->indices[1], diag::MoreThanOneIndex);
  return e->indices[0];
}

Type* Checker::index(Expr* e, int64_t max, int64_t* value) {
  *value = -1;
  Operand x;
  expr(nullptr, x, e);
  if (!isValidIndex(x, "index", false)) return invalidType();
  if (!x.isConstant()) return x.type;
  int64_t v = 0;
  if (!x.value.int64Value(&v)) return invalidType();
  if (max >= 0 && v >= max) {
    error(x, diag::IndexOutOfBounds, x.value.str(), max);
    return invalidType();
  }
  *value = v;
  return x.type;
}

bool Checker::isValidIndex(Operand& x, std::string_view what, bool allowNegative) {
  if (!x.isValid()) return false;
  convertUntyped(x, basicType(BasicKind::Int));
  if (!x.isValid()) return false;
  if (!allInteger(x.type)) {
    error(x, diag::IndexNotInteger, what, x);
    return false;
  }
  if (x.isConstant() && x.value.isKnown()) {
    if (!allowNegative && x.value.sign() < 0) {
      error(x, diag::IndexNegative, what, x);
      return false;
    }
    Constant v = x.value;
    if (!constRepresentable(x.value, BasicKind::Int, &v)) {
      error(x, diag::IndexOverflows, what, x);
      return false;
    }
    x.value = v;
  }
  return true;
}

void Checker::sliceExpr(Operand& x, SliceExpr* e) {
  expr(nullptr, x, e->x);
  if (!x.isValid()) {
    for (Expr* i : e->index)
      if (i != nullptr) use(i);
    return;
  }
  // The common underlying type; strings count as []byte until all have been seen.
  Type *common = nullptr, *from = nullptr;
  bool hasString = false;
  bool ok = forTypeSet(x.type, [&](Type* t, Type* u) {
    if (u == nullptr) {
      error(x, diag::CannotSliceNoType, x, x.type);
      return false;
    }
    if (isString(u)) {
      u = newSlice(byteType());
      hasString = true;
    }
    if (common == nullptr) {
      common = u;
      from = t;
      return true;
    }
    if (identical(common, u)) return true;
    error(x, diag::CannotSliceDiffer, x, from, t);
    return false;
  });
  if (!ok || common == nullptr) {
    x.invalidate();
    return;
  }
  if (hasString) common = isTypeParam(x.type) ? basicType(BasicKind::String) : under(x.type);
  auto* pointer = underAs<Pointer>(x.type);
  if (pointer != nullptr && !isComplete(pointer->elem)) {
    x.invalidate();
    return;
  }
  bool valid = false;
  int64_t length = -1;
  if (isString(common)) {
    if (e->full) {
      error(e->index[2] != nullptr ? e->index[2] : e, diag::FullSliceOfString);
      x.invalidate();
      return;
    }
    valid = true;
    if (x.isConstant()) length = static_cast<int64_t>(x.value.stringLength());
    if (isUntyped(x.type)) {
      updateExprType(x.expr, basicType(BasicKind::String), true);
      x.type = basicType(BasicKind::String);
    }
  } else if (auto* a = as<Array>(common)) {
    valid = true;
    length = a->length;
    if (x.mode != Mode::Variable) {
      error(x, diag::CannotSliceUnaddressable, x);
      x.invalidate();
      return;
    }
    x.type = newSlice(a->elem);
  } else if (auto* p = as<Pointer>(common)) {
    if (auto* pa = underAs<Array>(p->elem)) {
      valid = true;
      length = pa->length;
      x.type = newSlice(pa->elem);
    }
  } else {
    valid = is<Slice>(common);
  }
  if (!valid) {
    error(x, diag::CannotSlice, x);
    x.invalidate();
    return;
  }
  x.mode = Mode::Value;
  if (e->full && (e->index[1] == nullptr || e->index[2] == nullptr)) {
    x.invalidate();  // a syntax error was reported
    return;
  }
  int64_t at[3] = {-1, -1, -1};
  for (size_t i = 0; i < 3; i++) {
    if (e->index[i] != nullptr) {
      index(e->index[i], length >= 0 ? length + 1 : -1, &at[i]);
    } else if (i == 0) {
      at[i] = 0;
    } else {
      at[i] = length;
    }
  }
  for (size_t i = 0; i < 2; i++) {
    for (size_t j = i + 1; at[i] > 0 && j < 3; j++) {
      if (at[j] < 0 || at[j] >= at[i] || e->index[j] == nullptr) continue;
      error(e->index[j], diag::InvalidSliceIndices, at[j], at[i]);
      return;
    }
  }
}

}  // namespace burrow::types
