// Function types: receivers, parameters, results.
#include "syntax/positions.h"
#include "types/checker.h"

namespace burrow::types {

using syntax::Field;
using syntax::FieldList;
using syntax::FuncType;

void Checker::funcType(Signature* sig, const FieldList* recvList, const FieldList* typeParams, FuncType* t) {
  openScope(t, "function");
  env_.scope->isFunction = true;
  sig->scope = env_.scope;

  Var* recv = nullptr;
  Field* recvField = recvList != nullptr && !recvList->fields.empty() ? recvList->fields[0] : nullptr;
  if (recvField != nullptr) {
    // Parameters of the receiver are in scope from the start of the signature.
    recv = collectReceiver(recvField, t->pos, &sig->recvTypeParams);
  }
  sig->recv = recv;
  if (typeParams != nullptr && !typeParams->empty()) collectTypeParams(*typeParams, &sig->typeParams);

  std::vector<Ident*> paramNames, resultNames;
  std::vector<Var*> params, results;
  bool ignored = false;
  collectParams(VarKind::Param, t->params, &paramNames, &params, &sig->variadic);
  collectParams(VarKind::Result, t->results, &resultNames, &results, &ignored);

  // The names are in scope behind the signature only.
  Pos scopePos = syntax::endPos(t);
  if (recv != nullptr && !recv->name.empty()) declare(env_.scope, recvField->names[0], recv, scopePos);
  auto declareAll = [&](const std::vector<Ident*>& names, const std::vector<Var*>& vars) {
    for (size_t i = 0; i < names.size(); i++)
      if (names[i] != nullptr && !names[i]->name.empty()) declare(env_.scope, names[i], vars[i], scopePos);
  };
  declareAll(paramNames, params);
  declareAll(resultNames, results);
  sig->params = params.empty() ? emptyTuple() : context_.newTuple(params);
  sig->results = results.empty() ? emptyTuple() : context_.newTuple(results);
  closeScope();
}

static Type* withoutPointers(Type* t) {
  while (auto* p = as<Pointer>(t)) t = p->elem;
  return t;
}

Var* Checker::collectReceiver(Field* field, Pos scopePos, std::span<TypeParam*>* typeParams) {
  Expr* base = nullptr;
  std::vector<Ident*> names;
  bool pointer = unpackReceiver(field->type, &base, &names);
  Type* type = nullptr;
  if (names.empty()) {
    type = varType(field->type);
    // An alias must not lead to an instance of a generic type.
    for (auto* a = as<Alias>(withoutPointers(type)); a != nullptr;) {
      Type* t = a->rhs != nullptr ? withoutPointers(a->rhs) : nullptr;
      auto* n = as<Named>(t);
      auto* instance = as<Alias>(t);
      bool generic = (n != nullptr && !typeParamsOf(n).empty()) || (instance != nullptr && !instance->origin->typeParams.empty());
      if (generic) {
        error(base, diag::MethodOnInstance, t);
        type = invalidType();
        break;
      }
      a = as<Alias>(t);
    }
  } else {
    type = genericReceiver(field, base, names, pointer, scopePos, typeParams);
  }
  Var* recv = nullptr;
  if (!field->names.empty() && !field->names[0]->name.empty()) {
    recv = newVar(VarKind::Receiver, field->names[0]->pos, field->names[0]->name, type);
  } else {
    recv = newVar(VarKind::Receiver, field->pos, "", type);
    recordImplicit(field, recv);
  }
  later([this, base, recv] { validReceiver(base, recv); });
  return recv;
}

// `func (r *List[T])`: declares T, a parameter of this method alone that stands for the type's own.
Type* Checker::genericReceiver(Field* field, Expr* base, const std::vector<Ident*>& names, bool pointer, Pos scopePos,
                               std::span<TypeParam*>* typeParams) {
  std::string cause;
  Type* generic = genericType(base, &cause);
  if (!cause.empty()) error(base, diag::ReceiverNotGeneric, cause);
  auto* named = as<Named>(generic);
  if (auto* a = as<Alias>(generic); a != nullptr && isValid(generic)) error(base, diag::MethodOnGenericAlias, a);

  std::vector<TypeParam*> params;
  for (size_t i = 0; i < names.size(); i++) {
    TypeParam* p = declareTypeParam(names[i], static_cast<uint32_t>(i), scopePos);
    params.push_back(p);
    recordUse(names[i], p->object);
    recordTypeAndValue(names[i], Mode::TypeExpr, p);
  }
  *typeParams = list(params);
  if (named == nullptr) return invalidType();

  std::vector<Type*> args(params.begin(), params.end());
  if (params.size() == named->typeParams.size()) {
    // The constraints are the type's, in terms of this method's parameters.
    TypeParamMap map(named->typeParams, args);
    for (size_t i = 0; i < params.size(); i++) {
      params[i]->canonical = named->typeParams[i];
      params[i]->bound = substitute(context_, named->typeParams[i]->bound, map);
    }
  } else {
    std::string got = std::to_string(params.size()) + (params.size() == 1 ? " type parameter" : " type parameters");
    error(base, diag::ReceiverParamCount, got, named->typeParams.size());
  }
  requireVersion(base, 18, "type instantiation");
  Type* type = context_.instance(named, args);
  recordInstance(base, args, type);
  Type* whole = pointer ? newPointer(type) : type;
  // Record the types of the receiver expression's parts.
  Expr* e = field->type;
  for (Type* t = whole;;) {
    recordTypeAndValue(e, Mode::TypeExpr, t);
    if (auto* paren = dynAs<syntax::ParenExpr>(e)) {
      e = paren->x;
    } else if (auto* star = dynAs<syntax::StarExpr>(e)) {
      auto* p = as<Pointer>(t);
      if (p == nullptr) break;
      e = star->x;
      t = p->elem;
    } else {
      break;
    }
  }
  return whole;
}

void Checker::validReceiver(Expr* base, Var* recv) {
  Type* t = unalias(derefPointer(recv->type).first);
  if (!isValid(t)) return;
  if (auto* n = as<Named>(t)) {
    if (n->object->pkg != pkg_) {
      error(base, diag::MethodOnNonLocal, derefPointer(recv->type).first);
      return;
    }
    Type* u = under(n);
    if (isUnsafePointer(u)) error(base, diag::InvalidReceiverCause, derefPointer(recv->type).first, "unsafe.Pointer");
    if (is<Pointer>(u) || is<Interface>(u)) error(base, diag::InvalidReceiverCause, derefPointer(recv->type).first, "pointer or interface type");
  } else if (is<Basic>(t)) {
    error(base, diag::MethodOnNonLocal, derefPointer(recv->type).first);
  } else {
    error(base, diag::InvalidReceiver, recv->type);
  }
}

void Checker::collectParams(VarKind kind, const FieldList& fields, std::vector<Ident*>* names, std::vector<Var*>* params,
                            bool* variadic) {
  for (size_t i = 0; i < fields.fields.size(); i++) {
    Field* f = fields.fields[i];
    Expr* e = f->type;
    bool dots = false;
    if (auto* d = dynAs<syntax::Ellipsis>(e)) {
      e = d->elem;
      bool last = i + 1 == fields.fields.size() && f->names.size() <= 1;
      dots = kind == VarKind::Param && last;  // the parser has complained about any other
    }
    Type* t = varType(e);
    if (dots) {
      *variadic = true;
      t = newSlice(t);
      recordTypeAndValue(f->type, Mode::TypeExpr, t);
    }
    for (Ident* name : f->names) {
      names->push_back(name);
      params->push_back(newVar(kind, name->pos, name->name, t));
    }
    if (f->names.empty()) {
      Var* v = newVar(kind, f->pos, "", t);
      recordImplicit(f, v);
      names->push_back(nullptr);
      params->push_back(v);
    }
  }
}

}  // namespace burrow::types
