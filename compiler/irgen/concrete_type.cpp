// See concrete_type.h.
#include "irgen/concrete_type.h"

#include "irgen/types.h"
#include "types/queries.h"

namespace burrow::irgen {

using namespace syntax;

namespace {

// What is known of the values that an expression or a variable may have.
struct Known {
  enum Kind : uint8_t { Nothing, OnlyNil, Type } kind = Nothing;
  types::Type* type = nullptr;
};

// Whether code for values of t is shared by instances of a generic function.
bool isShared(types::Type* t) {
  if (types::isParameterized(t)) return true;
  auto* named = types::as<types::Named>(types::derefPointer(types::unalias(t)).first);
  return named != nullptr && isGenericFunction(named->origin->object->enclosing);
}

class Search {
 public:
  Search(const types::Info& info, const BodyFacts& facts) : info_(info), facts_(facts) {}

  Known expression(const Expr* e) {
    for (;;) {
      e = unparen(e);
      const types::ExprInfo& i = info_.of(e);
      if (i.mode == types::Mode::NilValue) return {Known::OnlyNil};
      types::Type* type = i.type;
      if (auto* tuple = types::as<types::Tuple>(type); tuple != nullptr) {
        if (tuple->vars.empty()) return {};
        type = tuple->vars[0]->type;  // the v of v, ok = e
      }
      if (type == nullptr) return {};
      if (!types::isInterface(type)) return ofType(type);
      if (types::isTypeParam(type)) return {};
      if (auto* assertion = dynAs<TypeAssertExpr>(e)) {
        e = assertion->x;
      } else if (auto* call = dynAs<CallExpr>(e); call != nullptr && info_.of(call->fun).isType()) {
        e = call->args[0];
      } else {
        break;
      }
    }
    auto* id = dynAs<Ident>(e);
    auto* v = id == nullptr ? nullptr : types::as<types::Var>(info_.objectOf(id));
    return v == nullptr ? Known{} : variable(v);
  }

 private:
  Known ofType(types::Type* t) {
    t = types::unalias(t);
    return isShared(t) ? Known{} : Known{Known::Type, t};
  }

  Known variable(const types::Var* v) {
    if (v->varKind != types::VarKind::Local || (facts_.flags(v) & kAddressed) != 0) return {};
    if (!seen_.insert(v).second) return {Known::OnlyNil};  // adds nothing to what is being found out
    auto it = facts_.interfaces.find(v);
    if (it == facts_.interfaces.end()) return {Known::OnlyNil};
    Known all{Known::OnlyNil};
    auto add = [&](Known k) {
      if (k.kind == Known::OnlyNil) return true;
      bool same = k.kind == Known::Type && (all.type == nullptr || types::identical(all.type, k.type));
      all = k;
      return same;
    };
    for (types::Type* t : it->second.types)
      if (types::isInterface(t) || !add(ofType(t))) return {};
    for (const Expr* e : it->second.values)
      if (!add(expression(e))) return {};
    return all;
  }

  const types::Info& info_;
  const BodyFacts& facts_;
  std::unordered_set<const types::Var*> seen_;
};

}  // namespace

types::Type* concreteType(const Expr* e, const types::Info& info, const BodyFacts& facts) {
  auto* id = dynAs<Ident>(unparen(e));
  auto* v = id == nullptr ? nullptr : types::as<types::Var>(info.objectOf(id));
  if (v == nullptr) return Search(info, facts).expression(e).type;
  auto [it, isNew] = facts.concrete.try_emplace(v, nullptr);
  if (isNew) it->second = Search(info, facts).expression(e).type;
  return it->second;
}

}  // namespace burrow::irgen
