// Type identity, hashing in agreement with it, and the table that numbers identity classes.
//
// Identity is structural but for declared types, which are identical when they come from the same declaration with
// identical arguments. Only interfaces can make the comparison go in circles (a method whose parameter embeds the
// interface itself); pairs of interfaces under comparison are therefore remembered, and a pair that is met again counts
// as equal. Hashes stay shallow where identity would need a type set: all interfaces with the same number of methods
// hash alike.
#include "types/queries.h"
#include "types/termlist.h"

namespace burrow::types {

namespace {

struct InterfacePair {
  Interface *x, *y;
  const InterfacePair* previous;
};

struct Comparer {
  bool ignoreTags = false;

  bool vars(std::span<Var*> a, std::span<Var*> b, const InterfacePair* p) {
    if (a.size() != b.size()) return false;
    for (size_t i = 0; i < a.size(); i++)
      if (!same(a[i]->type, b[i]->type, p)) return false;
    return true;
  }

  bool types(std::span<Type*> a, std::span<Type*> b, const InterfacePair* p) {
    if (a.size() != b.size()) return false;
    for (size_t i = 0; i < a.size(); i++)
      if (!same(a[i], b[i], p)) return false;
    return true;
  }

  bool structs(Struct* a, Struct* b, const InterfacePair* p) {
    if (a->fields.size() != b->fields.size()) return false;
    for (size_t i = 0; i < a->fields.size(); i++) {
      Var *f = a->fields[i], *g = b->fields[i];
      if (f->embedded != g->embedded || !sameName(f, g->pkg, g->name)) return false;
      if (!ignoreTags && a->tag(i) != b->tag(i)) return false;
      if (!same(f->type, g->type, p)) return false;
    }
    return true;
  }

  bool signatures(Signature* a, Signature* b, const InterfacePair* p) {
    if (a->typeParams.size() != b->typeParams.size() || a->variadic != b->variadic) return false;
    Tuple *params = b->params, *results = b->results;
    if (!a->typeParams.empty()) {
      // Speak of both in terms of a's type parameters.
      Context& context = *a->typeParams[0]->context;
      std::vector<Type*> args(a->typeParams.begin(), a->typeParams.end());
      TypeParamMap map(b->typeParams, args);
      for (size_t i = 0; i < a->typeParams.size(); i++) {
        if (!same(a->typeParams[i]->bound, substitute(context, b->typeParams[i]->bound, map), p)) return false;
      }
      params = as<Tuple>(substitute(context, params, map));
      results = as<Tuple>(substitute(context, results, map));
    }
    return vars(a->params->vars, params->vars, p) && vars(a->results->vars, results->vars, p);
  }

  bool interfaces(Interface* a, Interface* b, const InterfacePair* p) {
    TypeSet *s = typeSetOf(a), *t = typeSetOf(b);
    if (s->comparable != t->comparable || s->methods.size() != t->methods.size() || !sameTerms(*s, *t)) return false;
    for (const InterfacePair* q = p; q != nullptr; q = q->previous) {
      if ((q->x == a && q->y == b) || (q->x == b && q->y == a)) return true;
    }
    InterfacePair pair{a, b, p};
    for (size_t i = 0; i < s->methods.size(); i++) {
      Func *f = s->methods[i], *g = t->methods[i];
      if (!sameName(f, g->pkg, g->name) || !same(f->signature(), g->signature(), &pair)) return false;
    }
    return true;
  }

  bool same(Type* x, Type* y, const InterfacePair* p) {
    x = openAlias(x);
    y = openAlias(y);
    if (x == y) return true;
    if (x == nullptr || y == nullptr || x->kind != y->kind) return false;
    switch (x->kind) {
      case TypeKind::Basic: return as<Basic>(x)->basic == as<Basic>(y)->basic;
      case TypeKind::Pointer: return same(as<Pointer>(x)->elem, as<Pointer>(y)->elem, p);
      case TypeKind::Slice: return same(as<Slice>(x)->elem, as<Slice>(y)->elem, p);
      case TypeKind::Array: {
        auto *a = as<Array>(x), *b = as<Array>(y);
        // An unknown length (an error was reported) fits every other.
        return (a->length < 0 || b->length < 0 || a->length == b->length) && same(a->elem, b->elem, p);
      }
      case TypeKind::Map:
        return same(as<Map>(x)->key, as<Map>(y)->key, p) && same(as<Map>(x)->elem, as<Map>(y)->elem, p);
      case TypeKind::Chan:
        return as<Chan>(x)->dir == as<Chan>(y)->dir && same(as<Chan>(x)->elem, as<Chan>(y)->elem, p);
      case TypeKind::Struct: return structs(as<Struct>(x), as<Struct>(y), p);
      case TypeKind::Tuple: return vars(as<Tuple>(x)->vars, as<Tuple>(y)->vars, p);
      case TypeKind::Signature: return signatures(as<Signature>(x), as<Signature>(y), p);
      case TypeKind::Interface: return interfaces(as<Interface>(x), as<Interface>(y), p);
      case TypeKind::Union: return sameTerms(typeSetOfUnion(as<Union>(x)), typeSetOfUnion(as<Union>(y)));
      case TypeKind::Named: {
        auto *a = as<Named>(x), *b = as<Named>(y);
        return a->origin == b->origin && types(a->typeArgs, b->typeArgs, p) && types(a->outerArgs, b->outerArgs, p);
      }
      case TypeKind::TypeParam:
      case TypeKind::Alias: return false;
    }
    return false;
  }
};

uint64_t mix(uint64_t h, uint64_t v) { return (h ^ v) * 0x9E3779B97F4A7C15u + (h >> 31); }

uint64_t hashName(std::string_view s) { return std::hash<std::string_view>{}(s); }

uint64_t hashVars(uint64_t h, std::span<Var*> vars) {
  h = mix(h, vars.size());
  for (Var* v : vars) h = mix(h, v->type == nullptr ? 0 : hashType(v->type));
  return h;
}

}  // namespace

bool identical(Type* a, Type* b) { return a == b || Comparer{}.same(a, b, nullptr); }
bool identicalIgnoreTags(Type* a, Type* b) { return a == b || Comparer{true}.same(a, b, nullptr); }

uint64_t hashType(Type* t) {
  t = openAlias(t);
  if (t == nullptr) return 0;
  uint64_t h = static_cast<uint64_t>(t->kind) + 1;
  switch (t->kind) {
    case TypeKind::Basic: return mix(h, static_cast<uint64_t>(as<Basic>(t)->basic));
    case TypeKind::Pointer: return mix(h, hashType(as<Pointer>(t)->elem));
    case TypeKind::Slice: return mix(h, hashType(as<Slice>(t)->elem));
    case TypeKind::Array: return mix(h, hashType(as<Array>(t)->elem));  // not the length: unknown ones equal all others
    case TypeKind::Map: return mix(mix(h, hashType(as<Map>(t)->key)), hashType(as<Map>(t)->elem));
    case TypeKind::Chan: return mix(mix(h, static_cast<uint64_t>(as<Chan>(t)->dir)), hashType(as<Chan>(t)->elem));
    case TypeKind::Struct:
      for (Var* f : as<Struct>(t)->fields) h = mix(h, hashName(f->name));
      return hashVars(h, as<Struct>(t)->fields);
    case TypeKind::Tuple: return hashVars(h, as<Tuple>(t)->vars);
    case TypeKind::Signature: {
      auto* s = as<Signature>(t);
      // The types of a generic signature mention its own parameters, which differ between identical ones.
      if (!s->typeParams.empty()) return mix(mix(h, s->typeParams.size()), s->params->size());
      return hashVars(hashVars(mix(h, s->variadic), s->params->vars), s->results->vars);
    }
    case TypeKind::Named: {
      auto* n = as<Named>(t);
      h = mix(h, n->origin->id);
      for (Type* a : n->typeArgs) h = mix(h, hashType(a));
      for (Type* a : n->outerArgs) h = mix(h, hashType(a));
      return h;
    }
    case TypeKind::TypeParam: return mix(h, as<TypeParam>(t)->id);
    case TypeKind::Interface:
      // Its type set may not be known yet when an instance is looked up; so nothing of it.
    case TypeKind::Union:
    case TypeKind::Alias: return h;
  }
  return h;
}

uint32_t TypeTable::canonicalKey(Type* t) {
  if (auto it = direct_.find(t); it != direct_.end()) return it->second;
  auto& bucket = byHash_[hashType(t)];
  for (uint32_t key : bucket) {
    if (!identical(types_[key], t)) continue;
    direct_.emplace(t, key);
    return key;
  }
  auto key = static_cast<uint32_t>(types_.size());
  types_.push_back(t);
  bucket.push_back(key);
  direct_.emplace(t, key);
  return key;
}

}  // namespace burrow::types
