// Type inference.
//
// Sources, in this order: types of typed arguments; the constraints (a core type says what an argument looks like, methods
// say what their signatures mention), over and over until nothing new comes out; at last the default types of untyped
// constant arguments. What was found may mention other type parameters under inference: these are then replaced by what was
// found for them, until nothing is left to replace.
#include <algorithm>

#include "types/checker.h"
#include "types/unify.h"

namespace burrow::types {

namespace {

// Whether one of the parameters occurs in a type.
class Occurs {
 public:
  explicit Occurs(std::span<TypeParam* const> params) : params_(params) {}

  bool in(Type* t) {
    if (t == nullptr) return false;
    switch (t->kind) {
      case TypeKind::Basic: return false;
      case TypeKind::TypeParam: return std::find(params_.begin(), params_.end(), t) != params_.end();
      case TypeKind::Alias: return in(unalias(t));
      case TypeKind::Pointer: return in(as<Pointer>(t)->elem);
      case TypeKind::Slice: return in(as<Slice>(t)->elem);
      case TypeKind::Array: return in(as<Array>(t)->elem);
      case TypeKind::Map: return in(as<Map>(t)->key) || in(as<Map>(t)->elem);
      case TypeKind::Chan: return in(as<Chan>(t)->elem);
      case TypeKind::Struct: return vars(as<Struct>(t)->fields);
      case TypeKind::Tuple: return vars(as<Tuple>(t)->vars);
      case TypeKind::Signature: return in(as<Signature>(t)->params) || in(as<Signature>(t)->results);
      case TypeKind::Union:
        for (const Term& term : as<Union>(t)->terms)
          if (in(term.type)) return true;
        return false;
      case TypeKind::Named:
        for (Type* a : as<Named>(t)->typeArgs)
          if (in(a)) return true;
        return false;
      case TypeKind::Interface: {
        if (std::find(seen_.begin(), seen_.end(), t) != seen_.end()) return false;
        seen_.push_back(t);
        TypeSet* set = typeSetOf(as<Interface>(t));
        for (Func* m : set->methods)
          if (in(m->signature())) return true;
        for (const Term& term : set->terms)
          if (in(term.type)) return true;
        return false;
      }
    }
    return false;
  }

 private:
  bool vars(std::span<Var*> list) {
    for (Var* v : list)
      if (in(v->type)) return true;
    return false;
  }
  std::span<TypeParam* const> params_;
  std::vector<Type*> seen_;
};

bool occurs(std::span<TypeParam* const> params, Type* t) { return Occurs(params).in(t); }

// Finds parameters whose type mentions the parameter itself (directly or through others), and forgets their types: there
// is no finite solution.
class CycleKiller {
 public:
  CycleKiller(std::span<TypeParam* const> params, std::vector<Type*>& types) : params_(params), types_(types) {}

  void run() {
    for (TypeParam* p : params_) visit(p);
  }

 private:
  void vars(std::span<Var*> list) {
    for (Var* v : list) visit(v->type);
  }
  size_t indexOf(Type* t) const {
    return static_cast<size_t>(std::find(params_.begin(), params_.end(), t) - params_.begin());
  }
  void visit(Type* t) {
    t = unalias(t);
    if (t == nullptr || is<Basic>(t)) return;
    if (std::find(open_.begin(), open_.end(), t) != open_.end()) {
      if (is<TypeParam>(t) && indexOf(t) < params_.size()) types_[indexOf(t)] = nullptr;
      return;
    }
    open_.push_back(t);
    switch (t->kind) {
      case TypeKind::Pointer: visit(as<Pointer>(t)->elem); break;
      case TypeKind::Slice: visit(as<Slice>(t)->elem); break;
      case TypeKind::Array: visit(as<Array>(t)->elem); break;
      case TypeKind::Map:
        visit(as<Map>(t)->key);
        visit(as<Map>(t)->elem);
        break;
      case TypeKind::Chan: visit(as<Chan>(t)->elem); break;
      case TypeKind::Struct: vars(as<Struct>(t)->fields); break;
      case TypeKind::Signature:
        vars(as<Signature>(t)->params->vars);
        vars(as<Signature>(t)->results->vars);
        break;
      case TypeKind::Union:
        for (const Term& term : as<Union>(t)->terms) visit(term.type);
        break;
      case TypeKind::Interface:
        for (Func* m : as<Interface>(t)->methods) visit(m->type);
        for (Type* e : as<Interface>(t)->embeddeds) visit(e);
        break;
      case TypeKind::Named:
        for (Type* a : as<Named>(t)->typeArgs) visit(a);
        break;
      case TypeKind::TypeParam: {
        size_t i = indexOf(t);
        if (i < params_.size() && types_[i] != nullptr) visit(types_[i]);
        break;
      }
      default: break;
    }
    open_.pop_back();
  }

  std::span<TypeParam* const> params_;
  std::vector<Type*>& types_;
  std::vector<Type*> open_;
};

// What a parameter's constraint says about the shape of its type. `single`: there is only one type in the set.
struct CoreTerm {
  Type* type = nullptr;
  bool tilde = false;
  bool single = false;
};

CoreTerm coreTermOf(TypeParam* p) {
  TypeSet* set = typeSetOf(constraintInterface(p));
  if (set->allTypes || set->terms.empty()) return {};
  if (set->terms.size() == 1) return {set->terms[0].type, set->terms[0].tilde, true};
  bool tilde = std::any_of(set->terms.begin(), set->terms.end(), [](const Term& t) { return t.tilde; });
  Type* common = commonUnder(p);
  return common != nullptr ? CoreTerm{common, tilde, false} : CoreTerm{};
}

std::string paramNames(std::span<TypeParam* const> list) {
  std::string out;
  for (size_t i = 0; i < list.size(); i++) {
    if (i > 0) out += list.size() == 2 ? " and " : i + 1 == list.size() ? ", and " : ", ";
    out.append(list[i]->object->name);
  }
  return out;
}

}  // namespace

std::vector<TypeParam*> Checker::renameTypeParams(std::span<TypeParam* const> params, Type* t, Type** renamed) {
  std::vector<TypeParam*> fresh;
  TypeParamMap map;
  for (TypeParam* p : params) {
    auto* name = make<TypeName>(p->object->pos, p->object->pkg, p->object->name, nullptr);
    fresh.push_back(context_.newTypeParam(name, p->index, nullptr));
    fresh.back()->canonical = p->canonical != nullptr ? p->canonical : p;
    map.add(p, fresh.back());
  }
  for (size_t i = 0; i < fresh.size(); i++) fresh[i]->bound = substitute(context_, params[i]->bound, map);
  *renamed = substitute(context_, t, map);
  return fresh;
}

std::vector<Type*> Checker::infer(Pos pos, std::span<TypeParam* const> params, std::vector<Type*> typeArgs, Tuple* formals,
                                  std::vector<Operand>& args, bool reverse, Failure* failure) {
  size_t n = params.size();
  typeArgs.resize(n);
  if (std::find(typeArgs.begin(), typeArgs.end(), nullptr) == typeArgs.end()) return typeArgs;
  for (const Operand& a : args)
    if (!a.isValid()) return {};

  auto fail = [&](Pos at, const DiagnosticKind& kind, std::initializer_list<std::string> texts) {
    failure->pos = at;
    failure->kind = &kind;
    failure->message = fill(kind, texts);
    return std::vector<Type*>();
  };
  auto exprText = [&](const Operand& x) { return x.label.empty() ? exprString(x.expr) : std::string(x.label); };
  // A map of those parameters whose types are known.
  auto mapOf = [&](const std::vector<Type*>& types) {
    TypeParamMap map;
    for (size_t i = 0; i < n; i++)
      if (types[i] != nullptr) map.add(params[i], types[i]);
    return map;
  };

  formals = as<Tuple>(substitute(context_, formals, mapOf(typeArgs)));
  Unifier u(params, typeArgs, allows(21));

  auto mismatch = [&](Type* formal, Type* type, const Operand& arg) {
    std::vector<Type*> known = u.inferred();
    bool none = std::all_of(known.begin(), known.end(), [](Type* t) { return t == nullptr; });
    Pos at = Where(arg).pos;
    if (none)
      return fail(at, diag::InferNoMatchAll, {text(type), exprText(arg), text(formal), paramNames(params)});
    Type* inferred = substitute(context_, formal, mapOf(known));
    if (inferred == formal) return fail(at, diag::InferNoMatch, {text(type), exprText(arg), text(formal)});
    if (reverse)
      return fail(at, diag::InferNoMatchReverse, {text(inferred), text(formal), text(type), exprText(arg)});
    return fail(at, diag::InferNoMatchInferred, {text(type), exprText(arg), text(inferred), text(formal)});
  };

  // Typed arguments; untyped ones for a parameter of a type parameter's type wait.
  std::vector<size_t> untyped;
  for (size_t i = 0; i < args.size(); i++) {
    Type* formal = formals->vars[i]->type;
    if (!occurs(params, formal) && !occurs(params, args[i].type)) continue;
    if (isTyped(args[i].type)) {
      if (!u.unify(formal, args[i].type, Unifier::kAssign)) return mismatch(formal, args[i].type, args[i]);
    } else if (is<TypeParam>(formal) && !args[i].isNil()) {
      untyped.push_back(i);
    }
  }

  // Constraints.
  for (;;) {
    size_t before = u.unknowns();
    for (TypeParam* p : params) {
      Type* t = u.at(p);
      CoreTerm core = coreTermOf(p);
      if (core.type != nullptr) {
        if (t != nullptr) {
          if (!u.unify(t, core.type, Unifier::kInexact))
            return fail(pos, diag::InferUnsatisfied, {text(p), text(t), text(p->bound)});
        } else if (core.single && !core.tilde) {
          u.set(p, core.type);
        }
      }
      if (t == nullptr || occurs(params, t)) continue;
      // Methods of a type that is fully known.
      Cause cause = newCause();
      auto unifyExactly = [&](Type* x, Type* y) { return u.unify(x, y, Unifier::kExact); };
      if (!relations().hasAllMethods(t, constraintInterface(p), true, unifyExactly, &cause))
        return fail(pos, diag::InferMethodsUnsatisfied, {text(p), text(t), text(p->bound), cause.text});
    }
    if (u.unknowns() == before) break;
  }

  // Untyped constants.
  std::vector<std::pair<TypeParam*, Type*>> largest;
  for (size_t i : untyped) {
    auto* p = as<TypeParam>(formals->vars[i]->type);
    if (std::find(params.begin(), params.end(), p) == params.end() || u.at(p) != nullptr) continue;
    auto it = std::find_if(largest.begin(), largest.end(), [&](auto& e) { return e.first == p; });
    if (it == largest.end()) {
      largest.emplace_back(p, args[i].type);
      continue;
    }
    Type* max = maxUntyped(it->second, args[i].type);
    if (max == nullptr) return fail(Where(args[i]).pos, diag::InferUntypedMismatch, {text(it->second), text(args[i].type), text(p)});
    it->second = max;
  }
  for (auto& [p, t] : largest) u.set(p, defaultType(t));

  // Replace parameters in what was found.
  std::vector<Type*> inferred = u.inferred();
  CycleKiller(params, inferred).run();
  std::vector<size_t> dirty;
  for (size_t i = 0; i < n; i++)
    if (inferred[i] != nullptr && typeArgs[i] == nullptr) dirty.push_back(i);
  while (!dirty.empty()) {
    TypeParamMap map = mapOf(inferred);
    std::vector<size_t> next;
    for (size_t i : dirty) {
      Type* t = substitute(context_, inferred[i], map);
      if (t == inferred[i]) continue;
      // A generic function argument that has been instantiated by this is generic no more.
      if (auto* sig = as<Signature>(t); sig != nullptr && !sig->typeParams.empty() && !occurs(params, sig)) {
        auto* plain = make<Signature>(*sig);
        plain->typeParams = {};
        t = plain;
      }
      inferred[i] = t;
      next.push_back(i);
    }
    dirty = std::move(next);
  }
  for (size_t i = 0; i < n; i++) {
    if (inferred[i] != nullptr && !occurs(params, inferred[i])) continue;
    return fail(pos, diag::CannotInfer, {std::string(params[i]->object->name), text(params[i]->object->pos)});
  }
  return inferred;
}

}  // namespace burrow::types
