// Writing down what was found out; see info.h.
#include "types/checker.h"

namespace burrow::types {

void Checker::record(const Operand& x) {
  if (x.expr == nullptr) return;
  Type* t = x.type;
  if (x.mode == Mode::Invalid) t = invalidType();
  if (x.mode == Mode::NoValue) t = emptyTuple();
  recordTypeAndValue(x.expr, x.mode, t, x.isConstant() ? &x.value : nullptr);
  uint8_t& pending = pending_[x.expr->id];
  pending = isUntyped(t) && x.mode != Mode::Invalid ? kOpen : 0;
}

void Checker::recordTypeAndValue(const Expr* e, Mode mode, Type* type, const Constant* value) {
  ExprInfo& info = info_->exprs[e->id];
  info.mode = mode;
  info.type = type;
  info.value = value != nullptr ? make<Constant>(*value) : nullptr;
}

void Checker::recordBuiltinSignature(const Expr* fun, Signature* sig) {
  for (;;) {
    recordTypeAndValue(fun, Mode::Builtin, sig);
    auto* p = dynAs<syntax::ParenExpr>(fun);
    if (p == nullptr) return;
    fun = p->x;
  }
}

void Checker::recordBuiltin(const Expr* fun, Type* result, std::initializer_list<Type*> args, bool variadic) {
  Signature* sig = newSignature();
  std::vector<Var*> params;
  for (Type* t : args) params.push_back(newVar(VarKind::Param, Pos{}, "", defaultType(t)));
  sig->params = context_.newTuple(params);
  if (result != nullptr) sig->results = context_.newTuple({newVar(VarKind::Result, Pos{}, "", result)});
  sig->variadic = variadic;
  recordBuiltinSignature(fun, sig);
}

void Checker::recordCommaOk(const Expr* e, const std::vector<Operand>& values) {
  Tuple* both = context_.newTuple({newVar(VarKind::Local, e->pos, "", values[0].type),
                                   newVar(VarKind::Local, e->pos, "", values[1].type)});
  for (;;) {
    info_->exprs[e->id].type = both;
    auto* p = dynAs<syntax::ParenExpr>(e);
    if (p == nullptr) return;
    e = p->x;
  }
}

// The identifier that is instantiated in f, pkg.f, f[int], (f).
static const Ident* instantiatedIdent(const Expr* e) {
  for (;;) {
    if (auto* id = dynAs<Ident>(e)) return id;
    if (auto* s = dynAs<syntax::SelectorExpr>(e)) return s->sel;
    if (auto* i = dynAs<syntax::IndexExpr>(e)) {
      e = i->x;
    } else if (auto* p = dynAs<syntax::ParenExpr>(e)) {
      e = p->x;
    } else {
      return nullptr;
    }
  }
}

void Checker::recordInstance(const Expr* e, std::span<Type* const> typeArgs, Type* type) {
  const Ident* id = instantiatedIdent(e);
  if (id == nullptr) return;
  info_->instances.push_back({context_.copyTypes(typeArgs), type});
  instancePos_.push_back(id->pos);
  info_->exprs[id->id].extra = static_cast<uint32_t>(info_->instances.size());
}

void Checker::recordDef(const Ident* id, Object* o) { info_->defs[id->id] = o; }
void Checker::recordUse(const Ident* id, Object* o) { info_->uses[id->id] = o; }

void Checker::recordSelection(const syntax::SelectorExpr* e, SelectionKind kind, Type* recv, const LookupResult& found,
                              Type* type) {
  recordUse(e->sel, found.object);
  info_->selections.push_back({kind, recv, found.object, type, list(found.index), found.indirect});
  info_->exprs[e->id].extra = static_cast<uint32_t>(info_->selections.size());
}

}  // namespace burrow::types
