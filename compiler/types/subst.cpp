// Substitution of type parameters, and instantiation.
//
// Substitution rebuilds only what changes: a type in which no parameter of the map occurs is returned itself. Declared
// types are not entered; their arguments are, and the instance with the new arguments is looked up. That is why recursive
// types end the recursion.
//
// An interface's methods have the interface as receiver; when an interface is rebuilt its methods are rebuilt with it.
#include "types/queries.h"
#include "types/relations.h"

namespace burrow::types {

namespace {

class Substituter {
 public:
  Substituter(Context& context, const TypeParamMap& map) : context_(context), map_(map) {}

  Type* type(Type* t) {
    if (t == nullptr) return invalidType();  // an element that an invalid cyclic declaration has not set yet
    switch (t->kind) {
      case TypeKind::Basic: return t;
      case TypeKind::TypeParam: {
        Type* to = map_.lookup(as<TypeParam>(t));
        return to != nullptr ? to : t;
      }
      case TypeKind::Alias: return alias(as<Alias>(t));
      case TypeKind::Named: return named(as<Named>(t));
      case TypeKind::Pointer: {
        Type* e = type(as<Pointer>(t)->elem);
        return e == as<Pointer>(t)->elem ? t : context_.arena().make<Pointer>(e);
      }
      case TypeKind::Slice: {
        Type* e = type(as<Slice>(t)->elem);
        return e == as<Slice>(t)->elem ? t : context_.arena().make<Slice>(e);
      }
      case TypeKind::Array: {
        auto* a = as<Array>(t);
        Type* e = type(a->elem);
        return e == a->elem ? t : context_.arena().make<Array>(e, a->length);
      }
      case TypeKind::Map: {
        auto* m = as<Map>(t);
        Type *k = type(m->key), *e = type(m->elem);
        return k == m->key && e == m->elem ? t : context_.arena().make<Map>(k, e);
      }
      case TypeKind::Chan: {
        auto* c = as<Chan>(t);
        Type* e = type(c->elem);
        return e == c->elem ? t : context_.arena().make<Chan>(c->dir, e);
      }
      case TypeKind::Struct: return structure(as<Struct>(t));
      case TypeKind::Tuple: return tuple(as<Tuple>(t));
      case TypeKind::Signature: return signature(as<Signature>(t));
      case TypeKind::Union: return unionOf(as<Union>(t));
      case TypeKind::Interface: return interface(as<Interface>(t));
    }
    return t;
  }

 private:
  // The list with all types substituted; false when none changed.
  bool list(std::span<Type* const> in, std::vector<Type*>* out) {
    bool changed = false;
    out->reserve(in.size());
    for (Type* t : in) {
      out->push_back(type(t));
      changed = changed || out->back() != t;
    }
    return changed;
  }

  Type* alias(Alias* a) {
    if (a->typeArgs.empty()) {
      // A plain alias inside a generic function may stand for a type with parameters.
      if (a->rhs == nullptr || !a->typeParams.empty()) return a;
      Type* t = type(a->rhs);
      return t == a->rhs ? a : t;
    }
    std::vector<Type*> args;
    if (a->typeArgs.size() != a->origin->typeParams.size()) return invalidType();
    if (list(a->typeArgs, &args)) return context_.aliasInstance(a->origin, args);
    // The right-hand side may mention parameters of an enclosing function.
    if (a->rhs == nullptr) return a;
    Type* t = type(a->rhs);
    return t == a->rhs ? a : t;
  }

  Type* named(Named* n) {
    if (n->typeArgs.empty() && n->origin->outerParams.empty()) return n;
    if (n->typeArgs.size() != n->origin->typeParams.size() && !n->typeArgs.empty()) return invalidType();
    std::vector<Type*> args, outer;
    bool changed = list(n->typeArgs, &args);
    if (n->outerArgs.empty()) {
      std::vector<Type*> params(n->origin->outerParams.begin(), n->origin->outerParams.end());
      if (!list(params, &outer)) outer.clear();
      changed = changed || !outer.empty();
    } else {
      changed = list(n->outerArgs, &outer) || changed;
    }
    if (!changed) return n;
    return context_.instance(n->origin, args, outer);
  }

  Var* variable(Var* v) {
    Type* t = type(v->type);
    if (t == v->type) return v;
    Var* copy = context_.arena().make<Var>(*v);
    copy->type = t;
    copy->origin = v->origin != nullptr ? v->origin : v;
    return copy;
  }

  bool variables(std::span<Var*> in, std::vector<Var*>* out) {
    bool changed = false;
    out->reserve(in.size());
    for (Var* v : in) {
      out->push_back(variable(v));
      changed = changed || out->back() != v;
    }
    return changed;
  }

  Type* structure(Struct* s) {
    std::vector<Var*> fields;
    if (!variables(s->fields, &fields)) return s;
    auto* out = context_.arena().make<Struct>();
    out->fields = context_.arena().copy(fields);
    out->tags = s->tags;
    return out;
  }

  Tuple* tuple(Tuple* t) {
    std::vector<Var*> vars;
    return variables(t->vars, &vars) ? context_.newTuple(vars) : t;
  }

  Type* signature(Signature* s) {
    // Own type parameters that are not being replaced get fresh copies, as their constraints may change; the types of
    // the signature then speak of these.
    bool rename = !s->typeParams.empty() && map_.lookup(s->typeParams[0]) == nullptr;
    if (rename) return renamed(s);
    Tuple *params = tuple(s->params), *results = tuple(s->results);
    if (params == s->params && results == s->results) return s;
    auto* out = context_.arena().make<Signature>(*s);
    out->params = params;
    out->results = results;
    out->scope = nullptr;
    return out;
  }

  Type* renamed(Signature* s) {
    TypeParamMap map = map_;
    std::vector<TypeParam*> fresh;
    for (TypeParam* p : s->typeParams) {
      auto* name = context_.arena().make<TypeName>(*p->object);
      name->type = nullptr;
      fresh.push_back(context_.newTypeParam(name, p->index, nullptr));
      fresh.back()->canonical = p->canonical != nullptr ? p->canonical : p;
      map.add(p, fresh.back());
    }
    Substituter inner(context_, map);
    for (size_t i = 0; i < fresh.size(); i++) fresh[i]->bound = inner.type(s->typeParams[i]->bound);
    auto* out = context_.arena().make<Signature>(*s);
    out->typeParams = context_.arena().copy(fresh);
    out->params = inner.tuple(s->params);
    out->results = inner.tuple(s->results);
    out->scope = nullptr;
    return out;
  }

  Type* unionOf(Union* u) {
    std::vector<Term> terms;
    bool changed = false;
    for (const Term& term : u->terms) {
      terms.push_back({term.tilde, type(term.type)});
      changed = changed || terms.back().type != term.type;
    }
    return changed ? context_.arena().make<Union>(context_.arena().copy(terms)) : u;
  }

  Type* interface(Interface* i) {
    if (!i->complete) return i;
    std::vector<Type*> embeddeds;
    bool changed = list(i->embeddeds, &embeddeds);
    std::vector<Type*> signatures;
    for (Func* m : i->methods) {
      Type* before = m->signature();
      signatures.push_back(type(before));
      changed = changed || signatures.back() != before;
    }
    if (!changed) return i;
    auto* out = context_.arena().make<Interface>();
    out->embeddeds = context_.arena().copy(embeddeds);
    out->embedPos = i->embedPos;
    out->implicit = i->implicit;
    out->complete = true;
    std::vector<Func*> methods;
    for (size_t k = 0; k < i->methods.size(); k++) methods.push_back(method(i->methods[k], as<Signature>(signatures[k]), i, out));
    out->methods = context_.arena().copy(methods);
    return out;
  }

  Func* method(Func* m, Signature* sig, Interface* from, Interface* to) {
    Func* copy = context_.arena().make<Func>(*m);
    copy->origin = m->origin;
    if (sig->recv != nullptr && sig->recv->type == from) {
      if (sig == m->type) sig = context_.arena().make<Signature>(*sig);
      sig->recv = context_.arena().make<Var>(*sig->recv);
      sig->recv->type = to;
    }
    copy->type = sig;
    return copy;
  }

  Context& context_;
  const TypeParamMap& map_;
};

}  // namespace

Type* substitute(Context& context, Type* t, const TypeParamMap& map) {
  if (map.empty() || t == nullptr) return t;
  return Substituter(context, map).type(t);
}

Type* instantiate(Context& context, Type* generic, std::span<Type* const> typeArgs, bool verify, size_t* failed,
                  Cause* cause) {
  std::span<TypeParam*> params;
  if (auto* n = as<Named>(generic)) params = n->typeParams;
  if (auto* a = as<Alias>(generic)) params = a->typeParams;
  if (auto* s = as<Signature>(generic)) params = s->typeParams;
  if (params.size() != typeArgs.size()) return invalidType();
  if (verify) {
    Relations relations{&context, cause != nullptr ? cause->from : nullptr, {}};
    size_t at = relations.verifyTypeArgs(params, typeArgs, cause);
    if (at < params.size()) {
      if (failed != nullptr) *failed = at;
      return nullptr;
    }
  }
  if (auto* n = as<Named>(generic)) return context.instance(n, typeArgs);
  if (auto* a = as<Alias>(generic)) return context.aliasInstance(a, typeArgs);
  auto* s = as<Signature>(generic);
  if (s == nullptr || params.empty()) return generic;
  Type* t = substitute(context, s, TypeParamMap(params, typeArgs));
  auto* sig = t == s ? context.arena().make<Signature>(*s) : as<Signature>(t);
  sig->typeParams = {};
  return sig;
}

}  // namespace burrow::types
