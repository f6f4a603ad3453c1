// Type sets of interfaces: all methods, and the union of terms that restricts the types.
//
// The set of an interface is the intersection of the sets of its elements. It is computed silently; that methods collide
// or that a union is malformed is reported by the checker when it looks at the interface's declaration.
//
// An interface that (wrongly) embeds itself would make this run in circles: the set is attached to the interface before
// it is filled, so that the inner request sees what is known so far. validType reports the cycle.
#include <algorithm>

#include "types/context.h"
#include "types/queries.h"
#include "types/termlist.h"
#include "types/type_string.h"

namespace burrow::types {

// --- Terms -------------------------------------------------------------------------------------------------------

bool termIncludes(const Term& term, Type* t) { return identical(term.type, term.tilde ? under(t) : t); }

bool termsDisjoint(const Term& a, const Term& b) {
  Type* x = b.tilde ? under(a.type) : a.type;
  Type* y = a.tilde ? under(b.type) : b.type;
  return !identical(x, y);
}

bool termSubset(const Term& a, const Term& b) { return !termsDisjoint(a, b) && (!a.tilde || b.tilde); }

void addTerm(std::vector<Term>& list, const Term& term) {
  for (const Term& other : list)
    if (termSubset(term, other)) return;
  std::erase_if(list, [&](const Term& other) { return termSubset(other, term); });
  list.push_back(term);
}

std::vector<Term> intersectTerms(const std::vector<Term>& a, const std::vector<Term>& b) {
  std::vector<Term> out;
  for (const Term& x : a) {
    for (const Term& y : b) {
      if (!termsDisjoint(x, y)) addTerm(out, x.tilde ? y : x);
    }
  }
  return out;
}

bool termsSubset(const TypeSet& a, const TypeSet& b) {
  if (b.allTypes) return true;
  if (a.allTypes) return false;
  return std::all_of(a.terms.begin(), a.terms.end(), [&](const Term& x) {
    return std::any_of(b.terms.begin(), b.terms.end(), [&](const Term& y) { return termSubset(x, y); });
  });
}

bool sameTerms(const TypeSet& a, const TypeSet& b) {
  if (a.allTypes && b.allTypes) return true;
  return termsSubset(a, b) && termsSubset(b, a);
}

// --- Sets --------------------------------------------------------------------------------------------------------

TypeSet typeSetOfUnion(Union* u) {
  TypeSet out;
  out.allTypes = false;
  for (const Term& term : u->terms) {
    Type* t = under(term.type);
    if (auto* i = as<Interface>(t)) {
      TypeSet* set = typeSetOf(i);
      if (set->allTypes) {
        out.allTypes = true;
      } else {
        for (const Term& each : set->terms) addTerm(out.terms, each);
      }
    } else if (t == invalidType() || (term.tilde && !identical(term.type, t))) {
      continue;  // an error was or will be reported; such a term contains nothing
    } else {
      addTerm(out.terms, term);
    }
  }
  if (out.allTypes) out.terms.clear();
  return out;
}

bool methodLess(const Func* a, const Func* b) {
  bool ea = a->isExported(), eb = b->isExported();
  if (ea != eb) return ea;
  if (a->name != b->name) return a->name < b->name;
  if (ea) return false;
  std::string_view pa = a->pkg != nullptr ? a->pkg->path : std::string_view();
  std::string_view pb = b->pkg != nullptr ? b->pkg->path : std::string_view();
  return pa < pb;
}

namespace {

// Collects what an interface's elements demand.
struct Collector {
  TypeSet& set;
  std::vector<Func*> methods;
  NameIndex index{};

  void addMethod(Func* m) {
    for (size_t i = index.find<Func>(methods, m->name); i != NameIndex::kNone;
         i = index.find<Func>(methods, m->name, i + 1))
      if (sameName(methods[i], m->pkg, m->name)) return;
    methods.push_back(m);
  }

  void intersect(const TypeSet& other) {
    if (set.allTypes) {
      set.allTypes = other.allTypes;
      set.terms = other.terms;
    } else if (!other.allTypes) {
      set.terms = intersectTerms(set.terms, other.terms);
    }
    set.comparable = set.comparable || other.comparable;
    if (set.comparable && !set.allTypes) {
      std::erase_if(set.terms, [](const Term& term) { return !comparableType(term.type, false); });
      set.comparable = false;
    }
  }

  void element(Type* t) {
    Type* u = under(t);
    if (auto* i = as<Interface>(u)) {
      TypeSet* inner = typeSetOf(i);
      for (Func* m : inner->methods) addMethod(m);
      intersect(*inner);
    } else if (auto* un = as<Union>(u)) {
      intersect(typeSetOfUnion(un));
    } else if (u != invalidType()) {
      TypeSet single;
      single.allTypes = false;
      single.terms.push_back({false, t});
      intersect(single);
    }
  }
};

// Type sets live as long as the process for interfaces without methods or elements.
TypeSet* topTypeSet() {
  static TypeSet top;
  return &top;
}

}  // namespace

TypeSet* typeSetOf(Interface* t) {
  if (t->typeSet != nullptr) return t->typeSet;
  if (!t->complete) return topTypeSet();
  if (t->methods.empty() && t->embeddeds.empty()) return t->typeSet = topTypeSet();
  t->ownTypeSet = std::make_unique<TypeSet>();
  t->typeSet = t->ownTypeSet.get();
  TypeSet& set = *t->typeSet;
  Collector collector{set, {}};
  for (Func* m : t->methods) collector.addMethod(m);
  for (Type* e : t->embeddeds) collector.element(e);
  std::stable_sort(collector.methods.begin(), collector.methods.end(), methodLess);
  set.methods = std::move(collector.methods);
  return t->typeSet;
}

Interface* constraintInterface(TypeParam* p) {
  auto* empty = static_cast<Interface*>(universe().emptyInterface);
  if (p->bound == nullptr) return empty;
  Type* bound = unalias(p->bound);
  if (is<TypeParam>(bound)) return empty;  // an error was reported
  Type* u = under(bound);
  if (u == invalidType()) return empty;
  if (auto* i = as<Interface>(u)) return i;
  auto* wrapper = p->context->arena().make<Interface>();
  wrapper->embeddeds = p->context->arena().copy(std::vector<Type*>{p->bound});
  wrapper->embedPos = p->context->arena().copy(std::vector<Pos>{Pos{}});
  wrapper->implicit = true;
  wrapper->complete = true;
  p->bound = wrapper;
  return wrapper;
}

bool forTypeSet(Type* t, const std::function<bool(Type*, Type*)>& f) {
  auto* p = unaliasAs<TypeParam>(t);
  if (p == nullptr) return f(t, under(t));
  TypeSet* set = typeSetOf(constraintInterface(p));
  if (set->allTypes || set->terms.empty()) return f(nullptr, nullptr);
  for (const Term& term : set->terms)
    if (!f(term.type, under(term.type))) return false;
  return true;
}

// --- What the types of a set have in common ----------------------------------------------------------------------

Type* commonUnder(Type* t, Cause* cause) {
  Type *common = nullptr, *from = nullptr;
  auto name = [&](Type* each) { return typeString(each, cause->from); };
  auto fail = [&](const char* what, Type* each) {
    if (cause != nullptr) cause->text = name(from) + " and " + name(each) + what;
    return false;
  };
  bool ok = forTypeSet(t, [&](Type* each, Type* u) {
    if (u == nullptr) {
      if (cause != nullptr) cause->text = "no specific type";
      return false;
    }
    if (common == nullptr) {
      common = u;
      from = each;
      return true;
    }
    auto *a = as<Chan>(common), *b = as<Chan>(u);
    if (a != nullptr && b != nullptr) {
      if (!identical(a->elem, b->elem)) {
        if (cause != nullptr)
          cause->text = "channels " + name(from) + " and " + name(each) + " have different element types";
        return false;
      }
      if (a->dir == b->dir) return true;
      if (a->dir == ChanDir::Both) {
        common = u;  // the restricted direction
        from = each;
        return true;
      }
      if (b->dir == ChanDir::Both) return true;
      if (cause != nullptr)
        cause->text = "channels " + name(from) + " and " + name(each) + " have conflicting directions";
      return false;
    }
    return identical(common, u) || fail(" have different underlying types", each);
  });
  return ok ? common : nullptr;
}

Type* coreType(Type* t) { return isTypeParam(t) ? commonUnder(t) : under(t); }

Type* coreString(Type* t) {
  if (!isTypeParam(t)) return under(t);
  Type* common = nullptr;
  bool hasString = false;
  bool ok = forTypeSet(t, [&](Type*, Type* u) {
    if (u == nullptr) return false;
    auto* s = as<Slice>(u);
    if (isString(u)) {
      hasString = true;
      return common == nullptr || (is<Slice>(common) && identical(as<Slice>(common)->elem, byteType()));
    }
    if (hasString && (s == nullptr || !identical(s->elem, byteType()))) return false;
    if (common != nullptr && !identical(common, u)) return false;
    common = u;
    return true;
  });
  if (!ok) return commonUnder(t);
  return hasString ? basicType(BasicKind::String) : common;
}

}  // namespace burrow::types
