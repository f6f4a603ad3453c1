// Finding fields and methods through embedded types, and method sets.
//
// The search goes level by level, as the selector rules say: the shallowest match wins, two on one level are ambiguous.
// A type that was met on a shallower level is not searched again, which also ends the search in recursive types; one that
// occurs several times on a level makes everything found in it ambiguous.
#include <algorithm>

#include "types/queries.h"

namespace burrow::types {

namespace {

struct Embedded {
  Type* type;
  std::vector<int> index;
  bool indirect;
  bool multiple;  // the type occurs more than once on this level
};

std::vector<int> extend(const std::vector<int>& path, size_t i) {
  std::vector<int> out = path;
  out.push_back(static_cast<int>(i));
  return out;
}

// Merges entries of identical types.
void consolidate(std::vector<Embedded>& level) {
  size_t n = 0;
  for (size_t i = 0; i < level.size(); i++) {
    auto end = level.begin() + static_cast<ptrdiff_t>(n);
    auto it = std::find_if(level.begin(), end, [&](const Embedded& e) { return identical(e.type, level[i].type); });
    if (it != end) {
      it->multiple = true;
    } else {
      if (n != i) level[n] = std::move(level[i]);
      n++;
    }
  }
  level.resize(n);
}

struct Search {
  const Package* pkg;
  std::string_view name;
  bool foldCase;
  std::vector<Named*> seen{};
  LookupResult result{};
  bool collision = false;

  bool alreadySeen(Named* n) {
    for (Named* s : seen)
      if (s == n || identical(s, n)) return true;
    seen.push_back(n);
    return false;
  }

  // The first object of that name.
  template <typename T>
  size_t first(std::span<T* const> list, NameIndex& index) {
    if (foldCase) {
      auto it = std::find_if(list.begin(), list.end(), [&](T* o) { return sameName(o, pkg, name, true); });
      return it == list.end() ? NameIndex::kNone : static_cast<size_t>(it - list.begin());
    }
    for (size_t i = index.find(list, name); i != NameIndex::kNone; i = index.find(list, name, i + 1))
      if (sameName(list[i], pkg, name)) return i;
    return NameIndex::kNone;
  }

  // A match at position i of e's type.
  bool found(const Embedded& e, size_t i, Object* object) {
    result.index = extend(e.index, i);
    if (result.object != nullptr || e.multiple) {
      collision = true;
      result.object = nullptr;
      result.indirect = false;
      return false;
    }
    result.object = object;
    result.indirect = e.indirect;
    return true;
  }

  // Looks at one type; what it embeds goes to `next`. False: ambiguous, stop.
  bool visit(const Embedded& e, std::vector<Embedded>& next) {
    if (auto* n = unaliasAs<Named>(e.type)) {
      if (alreadySeen(n)) return true;
      size_t i = first<Func>(n->origin->methods, n->origin->index);
      if (i != NameIndex::kNone) return found(e, i, methodAt(n, i));
    }
    Type* u = under(e.type);
    if (auto* s = as<Struct>(u)) {
      size_t match = first<Var>(s->fields, s->index);
      if (match != NameIndex::kNone) return found(e, match, s->fields[match]);
      if (result.object != nullptr) return true;
      for (size_t i = 0; i < s->fields.size(); i++) {
        Var* f = s->fields[i];
        if (f->embedded) {
          auto [type, isPointer] = derefPointer(f->type);
          switch (unalias(type)->kind) {
            case TypeKind::Named:
            case TypeKind::Struct:
            case TypeKind::Interface:
              next.push_back({type, extend(e.index, i), e.indirect || isPointer, e.multiple});
              break;
            default: break;
          }
        }
      }
    } else if (auto* i = as<Interface>(u)) {
      TypeSet* set = typeSetOf(i);
      size_t k = first<Func>(set->methods, set->index);
      if (k != NameIndex::kNone) return found(e, k, set->methods[k]);
    }
    return true;
  }
};

LookupResult lookupRaw(Type* t, bool addressable, const Package* pkg, std::string_view name, bool foldCase) {
  if (name == "_") return {};
  auto [type, isPointer] = derefPointer(t);
  if (isPointer && isInterface(type)) return {};  // a pointer to an interface has no methods
  Search search{pkg, name, foldCase};
  std::vector<Embedded> level{{type, {}, isPointer, false}};
  while (!level.empty()) {
    std::vector<Embedded> next;
    for (const Embedded& e : level) {
      if (!search.visit(e, next)) return search.result;
    }
    if (search.result.object != nullptr) {
      auto* f = as<Func>(search.result.object);
      if (f != nullptr && f->pointerReceiver && !search.result.indirect && !addressable) return {nullptr, {}, true};
      return search.result;
    }
    consolidate(next);
    level = std::move(next);
  }
  return {};
}

}  // namespace

LookupResult lookupFieldOrMethod(Type* t, bool addressable, const Package* pkg, std::string_view name, bool foldCase) {
  // Methods cannot be associated with a declared pointer type, but its base's fields are reachable.
  if (auto* n = unaliasAs<Named>(t)) {
    if (auto* p = underAs<Pointer>(n)) {
      LookupResult r = lookupRaw(p, false, pkg, name, foldCase);
      return is<Func>(r.object) ? LookupResult{} : r;
    }
  }
  return lookupRaw(t, addressable, pkg, name, foldCase);
}

// --- Method sets -------------------------------------------------------------------------------------------------

namespace {

// Every selectable name of a level-by-level search, with what hides what.
struct MethodSetBuilder {
  struct Candidate {
    Object* object;  // null: the name is ambiguous or hidden by a field
    std::vector<int> index;
    bool indirect;
    bool multiple;
  };
  std::vector<Named*> seen{};
  // By name and package path of unexported names.
  std::unordered_map<std::string, Candidate> all{};

  static std::string key(const Object* o) {
    std::string k(o->name);
    if (!o->isExported() && o->pkg != nullptr) k.append(" ").append(o->pkg->path);
    return k;
  }
  bool alreadySeen(Named* n) {
    for (Named* s : seen)
      if (s == n || identical(s, n)) return true;
    seen.push_back(n);
    return false;
  }

  using Level = std::unordered_map<std::string, Candidate>;
  static void add(Level& level, Object* o, Candidate c) {
    auto [it, fresh] = level.emplace(key(o), c);
    if (!fresh || c.multiple) it->second.object = nullptr;
  }

  void visit(const Embedded& e, Level& level, std::vector<Embedded>& next) {
    if (auto* n = unaliasAs<Named>(e.type)) {
      if (alreadySeen(n)) return;
      for (size_t i = 0; i < methodCount(n); i++) {
        Func* m = methodAt(n, i);
        add(level, m, {m, extend(e.index, i), e.indirect, e.multiple});
      }
    }
    Type* u = under(e.type);
    if (auto* s = as<Struct>(u)) {
      for (size_t i = 0; i < s->fields.size(); i++) {
        Var* f = s->fields[i];
        if (f->name != "_") add(level, f, {f, {}, false, e.multiple});
        if (!f->embedded) continue;
        auto [type, isPointer] = derefPointer(f->type);
        next.push_back({type, extend(e.index, i), e.indirect || isPointer, e.multiple});
      }
    } else if (auto* i = as<Interface>(u)) {
      auto methods = typeSetOf(i)->methods;
      for (size_t k = 0; k < methods.size(); k++)
        add(level, methods[k], {methods[k], extend(e.index, k), e.indirect, e.multiple});
    }
  }
};

}  // namespace

std::vector<MethodEntry> methodSet(Type* t) {
  std::vector<MethodEntry> out;
  auto [type, isPointer] = derefPointer(t);
  if (isPointer && isInterface(type)) return out;
  if (is<Named>(unalias(t)) && is<Pointer>(under(t))) return out;
  MethodSetBuilder builder;
  std::vector<Embedded> level{{type, {}, isPointer, false}};
  while (!level.empty()) {
    std::vector<Embedded> next;
    MethodSetBuilder::Level found;
    for (const Embedded& e : level) builder.visit(e, found, next);
    for (auto& [key, candidate] : found) builder.all.emplace(key, std::move(candidate));
    consolidate(next);
    level = std::move(next);
  }
  for (auto& [key, c] : builder.all) {
    auto* f = as<Func>(c.object);
    if (f == nullptr || (f->pointerReceiver && !c.indirect)) continue;
    out.push_back({f, std::move(c.index), c.indirect});
  }
  std::sort(out.begin(), out.end(), [](const MethodEntry& a, const MethodEntry& b) { return methodLess(a.func, b.func); });
  return out;
}

}  // namespace burrow::types
