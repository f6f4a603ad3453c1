// Cycles of declarations and types that contain themselves.
//
// Three different things go by that name. (1) A declaration that is needed while it is being looked at: legal for types
// (through pointers, say) and for functions, not for constants and aliases. (2) `type A B; type B A`: found by syntax,
// before anything else. (3) A type whose values would be infinitely large: found on complete types.
#include <algorithm>

#include "types/checker.h"

namespace burrow::types {

bool Checker::validCycle(Object* o) {
  std::vector<Object*> cycle(path_.begin() + (o->pathIndex - 1), path_.end());
  size_t values = 0, definitions = 0;
  for (Object* each : cycle) {
    if (is<Const>(each) || is<Var>(each)) values++;
    if (auto* tn = as<TypeName>(each)) {
      // A generic type in its own parameter list, as in `type T[P interface{ *T[P] }] ...`.
      if (env_.inTypeParams && tn->type != nullptr && isGeneric(tn->type)) return true;
      if (!tn->isAlias()) definitions++;
    }
  }
  // Only values: initialisation order finds those that are wrong. Types and functions with at least one definition:
  // validType finds those that are wrong.
  if (values == cycle.size() || (values == 0 && definitions > 0)) return true;
  cycleError(cycle, firstInSource(cycle));
  return false;
}

size_t Checker::firstInSource(const std::vector<Object*>& path) {
  size_t first = 0;
  for (size_t i = 1; i < path.size(); i++)
    if (path[i]->pos < path[first]->pos) first = i;
  return first;
}

void Checker::cycleError(const std::vector<Object*>& cycle, size_t start) {
  std::vector<Station> stations;
  for (Object* o : cycle) {
    auto* n = o->type != nullptr ? unaliasAs<Named>(o->type) : nullptr;
    stations.push_back({o, n != nullptr && n->isInstance() ? typeText(n) : std::string(o->name), o->pos});
  }
  cycleError(stations, start);
}

void Checker::cycleError(const std::vector<Station>& cycle, size_t start) {
  const Station& first = cycle[start];
  auto* tn = as<TypeName>(first.object);
  // An alias on a cycle stands for nothing.
  if (tn != nullptr)
    if (auto* a = as<Alias>(tn->type)) a->rhs = invalidType();
  if (cycle.size() == 1) {
    if (tn != nullptr) {
      error(first.pos, diag::RecursiveTypeSelf, first.name);
    } else {
      error(first.pos, diag::DeclCycleSelf, first.name);
    }
    return;
  }
  std::vector<Note> notes;
  for (size_t i = 0; i < cycle.size(); i++) {
    const Station& from = cycle[(start + i) % cycle.size()];
    const Station& to = cycle[(start + i + 1) % cycle.size()];
    notes.push_back({from.pos, from.name + " refers to " + to.name});
  }
  if (tn != nullptr) {
    errorWithNotes(first.pos, std::move(notes), diag::RecursiveType, first.name);
  } else {
    errorWithNotes(first.pos, std::move(notes), diag::DeclCycle, first.name);
  }
}

// --- Direct cycles -----------------------------------------------------------------------------------------------

void Checker::directCycles() {
  std::unordered_map<TypeName*, int> index;  // place on the current path; -1: no cycle from here
  for (Object* o : objects_)
    if (auto* tn = as<TypeName>(o)) directCycle(tn, index);
}

void Checker::directCycle(TypeName* name, std::unordered_map<TypeName*, int>& index) {
  std::vector<TypeName*> path;
  while (name != nullptr) {
    auto it = index.find(name);
    if (it != index.end()) {
      if (it->second < 0) break;
      name->type = invalidType();
      std::vector<Object*> cycle(path.begin() + it->second, path.end());
      cycleError(cycle, firstInSource(cycle));
      break;
    }
    index.emplace(name, static_cast<int>(path.size()));
    path.push_back(name);
    auto* rhs = name->declInfo != nullptr ? dynAs<Ident>(name->declInfo->typeSpec->type) : nullptr;
    name = rhs != nullptr ? as<TypeName>(pkg_->scope->lookup(rhs->name)) : nullptr;
  }
  for (TypeName* tn : path) index[tn] = -1;
}

// Whether values of t can be handled already: its declaration, and those that its name leads to, have been looked at.
bool Checker::isComplete(Type* t) {
  constexpr int kMaxChain = 1000;
  for (int i = 0; t != nullptr && i < kMaxChain; i++) {
    TypeName* o = nullptr;
    Type* rhs = nullptr;
    if (auto* a = as<Alias>(t)) {
      o = a->object;
      rhs = a->rhs;
    } else if (auto* n = as<Named>(t)) {
      if (n->isInstance()) return true;  // its parts are looked at when they are needed
      o = n->object;
      rhs = n->fromRhs;
    } else {
      return true;
    }
    if (o->pathIndex != 0) {
      std::vector<Object*> cycle(path_.begin() + (o->pathIndex - 1), path_.end());
      cycleError(cycle, firstInSource(cycle));
      return false;
    }
    t = rhs;
  }
  return true;
}

// --- Types that contain themselves -------------------------------------------------------------------------------

void Checker::validType(Named* t) {
  std::vector<Named*> nest, path;
  validType(t, nest, path);
}

// `nest`: the declared types whose declarations enclose this place, innermost last; a type parameter is looked up in the
// innermost one and its argument is looked at as if it stood one level further out. `path`: all types on the way.
bool Checker::validType(Type* type, std::vector<Named*>& nest, std::vector<Named*>& path) {
  Type* t = unalias(type);
  if (t == nullptr) return true;
  switch (t->kind) {
    case TypeKind::Array: return validType(as<Array>(t)->elem, nest, path);
    case TypeKind::Struct:
      for (Var* f : as<Struct>(t)->fields)
        if (!validType(f->type, nest, path)) return false;
      return true;
    case TypeKind::Union:
      for (const Term& term : as<Union>(t)->terms)
        if (!validType(term.type, nest, path)) return false;
      return true;
    case TypeKind::Interface:
      for (Type* e : as<Interface>(t)->embeddeds)
        if (!validType(e, nest, path)) return false;
      return true;
    case TypeKind::TypeParam: {
      if (nest.empty()) return true;
      Named* instance = nest.back();
      auto params = instance->origin->typeParams;
      for (size_t i = 0; i < params.size() && i < instance->typeArgs.size(); i++) {
        if (params[i] != t) continue;
        nest.pop_back();
        bool ok = validType(instance->typeArgs[i], nest, path);
        nest.push_back(instance);
        return ok;
      }
      return true;
    }
    case TypeKind::Named: break;
    default: return true;
  }
  auto* n = as<Named>(t);
  bool plain = n->origin->typeParams.empty();
  if (plain && (n->object->pkg != pkg_ || validTypes_.contains(n))) return true;
  for (Named* outer : nest) {
    if (!identical(outer, n)) continue;
    n->origin->fromRhs = invalidType();
    n->origin->underlying = invalidType();
    n->underlying = invalidType();
    for (size_t start = 0; start < path.size(); start++) {
      if (!identical(path[start], n)) continue;
      std::vector<Station> cycle;
      for (size_t i = start; i < path.size(); i++) {
        Named* each = path[i];
        bool placed = each->isInstance() && each->instancePos.isValid();
        cycle.push_back({each->object, each->isInstance() ? typeText(each) : std::string(each->object->name),
                         placed ? each->instancePos : each->object->pos});
      }
      cycleError(cycle, 0);
      break;
    }
    return false;
  }
  // Expanding instances could go on forever without coming back to one of them; no sensible type nests so deeply.
  constexpr size_t kMaxNesting = 500;
  if (n->origin->fromRhs == nullptr || nest.size() > kMaxNesting) return true;
  nest.push_back(n);
  path.push_back(n);
  bool ok = validType(n->origin->fromRhs, nest, path);
  nest.pop_back();
  path.pop_back();
  if (ok && plain) validTypes_.insert(n);
  return ok;
}

}  // namespace burrow::types
