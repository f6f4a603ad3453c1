// Which types have the methods and belong to the type set that an interface demands.
#include "types/relations.h"

#include "types/termlist.h"
#include "types/type_string.h"

namespace burrow::types {

std::string Relations::name(Type* t) const { return typeString(t, from); }

bool isInterfacePointer(Type* t) {
  auto* p = underAs<Pointer>(t);
  return p != nullptr && isInterface(p->elem);
}

std::string Relations::interfacePointerError(Type* t) const {
  auto* p = underAs<Pointer>(t);
  if (p != nullptr && isTypeParam(p->elem)) return "type " + name(t) + " is pointer to type parameter, not type parameter";
  return "type " + name(t) + " is pointer to interface, not interface";
}

namespace {

enum class Missing : uint8_t { No, NotFound, WrongName, Unexported, WrongSignature, Ambiguous, NeedsPointer, IsField, NoInterface };

// Looks for interface method m in a type that is no interface.
Missing findConcrete(Type* v, Func* m, const TypeRelation& equivalent, Func** found) {
  LookupResult r = lookupFieldOrMethod(v, false, m->pkg, m->name);
  if (r.object == nullptr) {
    if (!r.index.empty()) return Missing::Ambiguous;
    if (r.indirect) return Missing::NeedsPointer;
    *found = as<Func>(lookupFieldOrMethod(v, false, m->pkg, m->name, true).object);
    if (*found == nullptr) return Missing::NotFound;
    return (*found)->name == m->name ? Missing::Unexported : Missing::WrongName;
  }
  *found = as<Func>(r.object);
  if (*found == nullptr) return Missing::IsField;
  if (!equivalent((*found)->signature(), m->signature())) return Missing::WrongSignature;
  const syntax::FuncDecl* decl = (*found)->origin->decl;
  return decl != nullptr && has(decl->pragma, syntax::Pragma::NoInterface) ? Missing::NoInterface : Missing::No;
}

// Whether t is a struct, or a pointer to one, that embeds something invalid.
bool embedsInvalid(Type* t, std::vector<Struct*>& seen) {
  auto* p = underAs<Pointer>(t);
  auto* s = underAs<Struct>(p != nullptr ? p->elem : t);
  if (s == nullptr) return false;
  for (Struct* other : seen)
    if (other == s) return false;
  seen.push_back(s);
  for (Var* f : s->fields)
    if (f->embedded && (!isValid(f->type) || embedsInvalid(f->type, seen))) return true;
  return false;
}

bool mentions(Type* t, Type* what) {
  if (auto* i = as<Interface>(t)) {
    for (Type* e : i->embeddeds)
      if (mentions(e, what)) return true;
    return false;
  }
  if (auto* u = as<Union>(t)) {
    for (const Term& term : u->terms)
      if (mentions(term.type, what)) return true;
    return false;
  }
  return identical(t, what);
}

// With full package paths, as gc prints them here.
std::string termsString(const std::vector<Term>& terms) {
  std::string out;
  for (const Term& term : terms) {
    if (!out.empty()) out += " | ";
    if (term.tilde) out += "~";
    out += typeString(term.type);
  }
  return out;
}

}  // namespace

Func* Relations::missingMethod(Type* v, Type* t, bool isStatic, const TypeRelation& equivalent, bool* wrongType,
                               Cause* cause) {
  auto* interface = underAs<Interface>(t);
  if (interface == nullptr) return nullptr;
  Missing state = Missing::No;
  Func *missing = nullptr, *found = nullptr;
  auto* vi = underAs<Interface>(v);
  for (Func* m : typeSetOf(interface)->methods) {
    found = nullptr;
    if (vi != nullptr) {
      TypeSet* set = typeSetOf(vi);
      for (size_t i = set->index.find<Func>(set->methods, m->name); i != NameIndex::kNone;
           i = set->index.find<Func>(set->methods, m->name, i + 1)) {
        if (sameName(set->methods[i], m->pkg, m->name)) found = set->methods[i];
      }
      if (found == nullptr) {
        if (isStatic) state = Missing::NotFound;
      } else if (!equivalent(found->signature(), m->signature())) {
        state = Missing::WrongSignature;
      }
    } else {
      state = findConcrete(v, m, equivalent, &found);
    }
    missing = m;
    if (state != Missing::No) break;
  }
  if (state == Missing::No) return nullptr;
  if (wrongType != nullptr) *wrongType = state == Missing::WrongSignature || state == Missing::NeedsPointer;
  if (cause == nullptr) return missing;

  std::string m(missing->name);
  StringStyle style;
  style.from = from;
  style.paramNames = false;
  auto haveWant = [&](const char* what) {
    std::string have = funcString(found, style), want = funcString(missing, style);
    if (have == want) {
      style.from = nullptr;
      style.packageComments = true;
      have = funcString(found, style);
      want = funcString(missing, style);
    }
    // Still the same: type parameters of one name, most likely. Showing them would only confuse.
    if (state == Missing::WrongSignature && have == want) return "(wrong type for method " + m + ")";
    return "(" + std::string(what) + m + ")\n\t\thave " + have + "\n\t\twant " + want;
  };
  switch (state) {
    case Missing::NotFound:
      if (isInterfacePointer(v)) {
        cause->text = "(" + interfacePointerError(v) + ")";
      } else if (isInterfacePointer(t)) {
        cause->text = "(" + interfacePointerError(t) + ")";
      } else {
        cause->text = "(missing method " + m + ")";
      }
      break;
    case Missing::WrongName: cause->text = haveWant("missing method "); break;
    case Missing::Unexported: cause->text = "(unexported method " + m + ")"; break;
    case Missing::WrongSignature: cause->text = haveWant("wrong type for method "); break;
    case Missing::Ambiguous: cause->text = "(ambiguous selector " + name(v) + "." + m + ")"; break;
    case Missing::NeedsPointer: cause->text = "(method " + m + " has pointer receiver)"; break;
    case Missing::IsField: cause->text = "(" + name(v) + "." + m + " is a field, not a method)"; break;
    case Missing::NoInterface: cause->text = "(" + m + " method is marked 'nointerface')"; break;
    case Missing::No: break;
  }
  return missing;
}

bool Relations::hasAllMethods(Type* v, Type* t, bool isStatic, const TypeRelation& equivalent, Cause* cause) {
  if (!isValid(v)) return true;
  if (missingMethod(v, t, isStatic, equivalent, nullptr, cause) == nullptr) return true;
  std::vector<Struct*> seen;
  return embedsInvalid(v, seen);
}

bool Relations::assertableTo(Type* v, Type* t, Cause* cause) {
  return isInterface(t) || hasAllMethods(t, v, false, identical, cause);
}

bool Relations::implements(Type* v, Type* t, bool constraint, Cause* cause) {
  Type *vu = under(v), *tu = under(t);
  if (vu == invalidType() || tu == invalidType()) return true;
  if (auto* p = as<Pointer>(vu); p != nullptr && under(p->elem) == invalidType()) return true;
  std::string verb = constraint ? "satisfy" : "implement";
  auto fail = [&](const std::string& what, const std::string& detail) {
    if (cause != nullptr) cause->text = name(v) + " does not " + verb + " " + what + (detail.empty() ? "" : " " + detail);
    return false;
  };
  auto* ti = as<Interface>(tu);
  if (ti == nullptr) {
    if (cause == nullptr) return false;
    return fail(name(t), isInterfacePointer(tu) ? "(" + interfacePointerError(t) + ")"
                                                : "(" + name(t) + " is not an interface)");
  }
  TypeSet* set = typeSetOf(ti);
  if (set->isAll()) return true;
  auto* vi = as<Interface>(vu);
  if (vi != nullptr && typeSetOf(vi)->isEmpty()) return true;  // the empty set is a subset of every set
  if (set->isEmpty()) {
    if (cause != nullptr) cause->text = "cannot " + verb + " " + name(t) + " (empty type set)";
    return false;
  }
  Cause methods{from};
  if (!hasAllMethods(v, t, true, identical, cause != nullptr ? &methods : nullptr)) {
    return cause == nullptr ? false : fail(name(t), methods.text);
  }
  auto comparableEnough = [&] {
    // Does every type of the set have to be comparable?
    bool wanted = set->comparable;
    if (!set->allTypes) {
      wanted = true;
      for (const Term& term : set->terms) wanted = wanted && comparableType(term.type, false);
    }
    if (!wanted || comparableType(v, false)) return true;
    if (constraint && comparableType(v, true)) {
      if (version.atLeast(20)) return true;
      if (cause != nullptr) cause->text = name(v) + " to " + verb + " comparable requires go1.20 or later";
      return false;
    }
    return cause == nullptr ? false : fail("comparable", "");
  };
  if (set->allTypes) return comparableEnough();
  if (vi != nullptr) {
    if (!termsSubset(*typeSetOf(vi), *set)) return cause == nullptr ? false : fail(name(t), "");
    return comparableEnough();
  }
  Type* almost = nullptr;  // a term that would do if it had a tilde
  bool included = false;
  for (const Term& term : set->terms) {
    if (termIncludes(term, v)) {
      included = true;
      break;
    }
    if (almost == nullptr && !term.tilde && identical(term.type, under(term.type)) && termIncludes({true, term.type}, v))
      almost = term.type;
  }
  if (included) return comparableEnough();
  if (cause == nullptr) return false;
  if (almost != nullptr) return fail(name(t), "(possibly missing ~ for " + name(almost) + " in " + name(t) + ")");
  if (mentions(ti, v))
    return fail(name(t), "(" + name(t) + " mentions " + name(v) + ", but " + name(v) + " is not in the type set of " +
                             name(t) + ")");
  return fail(name(t), "(" + name(v) + " missing in " + termsString(set->terms) + ")");
}

size_t Relations::verifyTypeArgs(std::span<TypeParam* const> params, std::span<Type* const> args, Cause* cause) {
  TypeParamMap map(params, args);
  for (size_t i = 0; i < params.size(); i++) {
    constraintInterface(params[i]);  // wraps constraints that are no interfaces
    if (!implements(args[i], substitute(*context, params[i]->bound, map), true, cause)) return i;
  }
  return params.size();
}

// --- Public forms ------------------------------------------------------------------------------------------------

Func* missingMethod(Type* v, Type* t, bool isStatic, bool* wrongType, Cause* cause) {
  Relations r{nullptr, cause != nullptr ? cause->from : nullptr, {}};
  return r.missingMethod(v, t, isStatic, identical, wrongType, cause);
}

bool implements(Context& context, Type* v, Type* t, bool constraint, Cause* cause) {
  return Relations{&context, cause != nullptr ? cause->from : nullptr, {}}.implements(v, t, constraint, cause);
}

}  // namespace burrow::types
