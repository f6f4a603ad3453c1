// See unify.h.
#include "types/unify.h"

#include <algorithm>

#include "types/termlist.h"

namespace burrow::types {

Unifier::Unifier(std::span<TypeParam* const> params, std::span<Type* const> types, bool interfaceInference)
    : params_(params.begin(), params.end()), interfaceInference_(interfaceInference) {
  for (size_t i = 0; i < params_.size(); i++) {
    slotOf_.push_back(i);
    slots_.push_back(i < types.size() ? types[i] : nullptr);
  }
}

size_t Unifier::indexOf(const TypeParam* p) const {
  for (size_t i = 0; i < params_.size(); i++)
    if (params_[i] == p) return i;
  return kNone;
}

// t as a type parameter under inference, or null.
TypeParam* Unifier::bound(Type* t) const {
  auto* p = unaliasAs<TypeParam>(t);
  return p != nullptr && indexOf(p) != kNone ? p : nullptr;
}

size_t Unifier::unknowns() const {
  size_t n = 0;
  for (size_t slot : slotOf_) n += slots_[slot] == nullptr;
  return n;
}

std::vector<Type*> Unifier::inferred() const {
  std::vector<Type*> out;
  for (size_t slot : slotOf_) out.push_back(slots_[slot]);
  return out;
}

// Makes two parameters share a slot. False: both have a type already.
bool Unifier::join(TypeParam* x, TypeParam* y) {
  size_t sx = slotOf_[indexOf(x)], sy = slotOf_[indexOf(y)];
  if (sx == sy) return true;
  if (slots_[sx] != nullptr && slots_[sy] != nullptr) return false;
  size_t keep = slots_[sx] != nullptr ? sx : sy;
  size_t drop = keep == sx ? sy : sx;
  std::replace(slotOf_.begin(), slotOf_.end(), drop, keep);
  return true;
}

bool Unifier::unify(Type* x, Type* y, unsigned mode) { return nify(x, y, mode, nullptr); }

static Interface* asInterface(Type* t) { return isTypeParam(t) ? nullptr : underAs<Interface>(t); }

static bool isTypeLiteral(Type* t) {
  t = unalias(t);
  return !is<Named>(t) && !is<TypeParam>(t);
}

bool Unifier::nify(Type* x, Type* y, unsigned mode, const InterfacePair* p) {
  if (x == y || unalias(x) == unalias(y)) return true;
  if (depth_ > kMaxDepth) return false;
  depth_++;
  bool ok = nifyInner(x, y, mode, p);
  depth_--;
  return ok;
}

bool Unifier::vars(std::span<Var*> a, std::span<Var*> b, unsigned mode, const InterfacePair* p) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); i++)
    if (!nify(a[i]->type, b[i]->type, mode, p)) return false;
  return true;
}

// px is under inference, y is not.
bool Unifier::withParam(TypeParam* px, Type* y, unsigned mode, const InterfacePair* p) {
  Type* x = at(px);
  if (x == nullptr) {
    set(px, y);
    return true;
  }
  if (!nify(x, y, mode, p)) return false;
  auto *xi = asInterface(x), *yi = asInterface(y);
  bool xn = unaliasAs<Named>(x) != nullptr, yn = unaliasAs<Named>(y) != nullptr;
  if (xi != nullptr && yi != nullptr) {
    // Which of two declared types would be the right one cannot be known.
    if (xn && yn) return identical(x, y);
    if (typeSetOf(xi)->methods.size() != typeSetOf(yi)->methods.size()) return false;
  } else if (xi != nullptr || yi != nullptr) {
    // Either could be meant; choosing would make the result depend on the order of arguments.
    return false;
  }
  if ((mode & kExact) == 0 && !xn) {
    // Prefer a declared type, and a channel with a direction: values of the other remain assignable to it.
    if (yn) {
      set(px, y);
    } else if (auto* c = underAs<Chan>(y); c != nullptr && c->dir != ChanDir::Both) {
      set(px, y);
    }
  }
  return true;
}

// Both interfaces, inexactly: the methods of one are a subset of the other's.
bool Unifier::interfaces(Interface* x, Interface* y, unsigned mode, const InterfacePair* p) {
  TypeSet *xs = typeSetOf(x), *ys = typeSetOf(y);
  if (xs->comparable != ys->comparable || !sameTerms(*xs, *ys)) return false;
  for (const InterfacePair* q = p; q != nullptr; q = q->previous)
    if ((q->x == x && q->y == y) || (q->x == y && q->y == x)) return true;
  InterfacePair pair{x, y, p};
  auto *small = &xs->methods, *large = &ys->methods;
  if (small->size() > large->size()) std::swap(small, large);
  bool exact = (mode & kExact) != 0;
  if (exact && small->size() != large->size()) return false;
  for (Func* m : *small) {
    Func* other = nullptr;
    for (Func* f : *large)
      if (sameName(f, m->pkg, m->name)) other = f;
    if (other == nullptr || !nify(m->signature(), other->signature(), kExact, &pair)) return false;
  }
  return true;
}

bool Unifier::nifyInner(Type* x, Type* y, unsigned mode, const InterfacePair* p) {
  // A declared type, if there is one, shall be y; a parameter under inference x.
  if (unaliasAs<Named>(x) != nullptr || bound(y) != nullptr) std::swap(x, y);

  // A declared type against a type literal: by its underlying type.
  if (auto* ny = unaliasAs<Named>(y); ny != nullptr && (mode & kExact) == 0 && isTypeLiteral(x) &&
                                      !(interfaceInference_ && isInterface(x))) {
    y = under(ny);
    if (x == y || unalias(x) == unalias(y)) return true;
  }

  TypeParam *px = bound(x), *py = bound(y);
  if (px != nullptr && py != nullptr) return join(px, py) || nify(at(px), at(py), mode, p);
  if (px != nullptr) return withParam(px, y, mode, p);

  if (interfaceInference_ && (mode & kExact) == 0) {
    auto *xi = asInterface(x), *yi = asInterface(y);
    if (xi != nullptr && yi != nullptr) return interfaces(xi, yi, mode, p);
    if (yi != nullptr) {
      xi = yi;
      y = x;
    }
    if (xi != nullptr) {
      // The other type must have the interface's methods.
      for (Func* m : typeSetOf(xi)->methods) {
        auto* f = as<Func>(lookupFieldOrMethod(y, false, m->pkg, m->name).object);
        if (f == nullptr) return false;
        Signature* sig = f->signature();
        if (sig == nullptr || !sig->typeParams.empty() || !nify(m->signature(), sig, kExact, p)) return false;
      }
      return true;
    }
  }

  // Type parameters from here on are not under inference; one of them shall be x.
  if (isTypeParam(y)) std::swap(x, y);
  unsigned inner = (mode & kAssign) != 0 ? mode | kExact : mode;
  Type* original = y;
  x = unalias(x);
  y = unalias(y);
  if (x->kind == TypeKind::TypeParam) {
    // What all types of its set look like underneath must match.
    Type* core = commonUnder(x);
    return core != nullptr && nify(core, original, kAssign, p);
  }
  if (x->kind != y->kind) return false;
  switch (x->kind) {
    case TypeKind::Basic: return as<Basic>(x)->basic == as<Basic>(y)->basic;
    case TypeKind::Pointer: return nify(as<Pointer>(x)->elem, as<Pointer>(y)->elem, inner, p);
    case TypeKind::Slice: return nify(as<Slice>(x)->elem, as<Slice>(y)->elem, inner, p);
    case TypeKind::Array: {
      auto *a = as<Array>(x), *b = as<Array>(y);
      return (a->length < 0 || b->length < 0 || a->length == b->length) && nify(a->elem, b->elem, inner, p);
    }
    case TypeKind::Map:
      return nify(as<Map>(x)->key, as<Map>(y)->key, inner, p) && nify(as<Map>(x)->elem, as<Map>(y)->elem, inner, p);
    case TypeKind::Chan:
      return ((mode & kExact) == 0 || as<Chan>(x)->dir == as<Chan>(y)->dir) &&
             nify(as<Chan>(x)->elem, as<Chan>(y)->elem, inner, p);
    case TypeKind::Struct: {
      auto *a = as<Struct>(x), *b = as<Struct>(y);
      if (a->fields.size() != b->fields.size()) return false;
      for (size_t i = 0; i < a->fields.size(); i++) {
        Var *f = a->fields[i], *g = b->fields[i];
        if (f->embedded != g->embedded || a->tag(i) != b->tag(i) || !sameName(f, g->pkg, g->name)) return false;
        if (!nify(f->type, g->type, inner, p)) return false;
      }
      return true;
    }
    case TypeKind::Tuple: return vars(as<Tuple>(x)->vars, as<Tuple>(y)->vars, mode, p);
    case TypeKind::Signature: {
      auto *a = as<Signature>(x), *b = as<Signature>(y);
      return a->variadic == b->variadic && vars(a->params->vars, b->params->vars, inner, p) &&
             vars(a->results->vars, b->results->vars, inner, p);
    }
    case TypeKind::Interface: return interfaces(as<Interface>(x), as<Interface>(y), mode | kExact, p);
    case TypeKind::Named: {
      auto *a = as<Named>(x), *b = as<Named>(y);
      if (a->typeArgs.size() != b->typeArgs.size()) return false;
      // Arguments first: something is learnt even when the origins differ, which makes better messages.
      for (size_t i = 0; i < a->typeArgs.size(); i++)
        if (!nify(a->typeArgs[i], b->typeArgs[i], mode, p)) return false;
      if (a->outerArgs.size() != b->outerArgs.size()) return false;
      for (size_t i = 0; i < a->outerArgs.size(); i++)
        if (!identical(a->outerArgs[i], b->outerArgs[i])) return false;
      return a->origin == b->origin;
    }
    default: return false;
  }
}

}  // namespace burrow::types
