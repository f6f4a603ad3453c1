// Interfaces without a name that refer to themselves through a method's signature:
//
//   type I interface { m() interface{ I } }
//
// gc's later phases cannot name such a type, so it is rejected. Every interface type of the source is looked at: its methods
// and everything that their signatures mention, but not through declared types.
#include <algorithm>

#include "syntax/walk.h"
#include "types/checker.h"

namespace burrow::types {

namespace {

class CycleFinder {
 public:
  // Whether t refers to itself. Marks all interfaces on the cycle as done, so that each cycle is reported once.
  bool hasCycle(Interface* t) {
    auto known = state_.find(t);
    if (known != state_.end()) return known->second;
    // On the way: a second arrival is a cycle.
    state_[t] = true;
    for (Func* m : typeSetOf(t)->methods)
      if (m->type != nullptr && visit(m->signature())) return true;
    state_[t] = false;
    return false;
  }
  void forget() {
    for (auto& [t, cyclic] : state_) cyclic = false;
  }

 private:
  bool vars(std::span<Var*> list) {
    return std::any_of(list.begin(), list.end(), [&](Var* v) { return visit(v->type); });
  }
  bool visit(Type* t) {
    t = unalias(t);
    switch (t->kind) {
      case TypeKind::Interface: return hasCycle(as<Interface>(t));
      case TypeKind::Pointer: return visit(as<Pointer>(t)->elem);
      case TypeKind::Slice: return visit(as<Slice>(t)->elem);
      case TypeKind::Array: return visit(as<Array>(t)->elem);
      case TypeKind::Chan: return visit(as<Chan>(t)->elem);
      case TypeKind::Map: return visit(as<Map>(t)->key) || visit(as<Map>(t)->elem);
      case TypeKind::Struct: return vars(as<Struct>(t)->fields);
      case TypeKind::Signature: return vars(as<Signature>(t)->params->vars) || vars(as<Signature>(t)->results->vars);
      default: return false;
    }
  }
  std::unordered_map<Interface*, bool> state_;
};

}  // namespace

void Checker::anonymousCycles() {
  if (errorCount_ > 0) return;  // as gc: only in programs that are right otherwise
  CycleFinder finder;
  for (syntax::File* file : pkg_->files) {
    syntax::walk(file, [&](Node* n) {
      if (n->kind != syntax::NodeKind::InterfaceType) return true;
      auto* t = unaliasAs<Interface>(info_->exprs[n->id].type);
      if (t != nullptr && finder.hasCycle(t)) {
        error(n->pos, diag::AnonymousInterfaceCycle);
        finder.forget();
      }
      return false;
    });
  }
}

}  // namespace burrow::types
