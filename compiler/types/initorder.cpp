// The order in which package-level variables are initialised, and cycles among initialisers.
//
// A variable is initialised after all variables that its initialiser mentions, directly or through functions; apart from
// that in source order. The graph of mentions is reduced to constants and variables by connecting the users of each
// function with what the function mentions; then, again and again, the earliest variable without outstanding dependencies is
// taken. Constants take part so that cycles are told as the language describes them.
#include <algorithm>
#include <set>

#include "types/checker.h"

namespace burrow::types {

namespace {

struct InitNode {
  Object* object;
  std::unordered_set<InitNode*> users, needs;
  size_t outstanding = 0;
};

// Constants first, then by number of outstanding dependencies, then in source order.
struct NodeOrder {
  bool operator()(const InitNode* a, const InitNode* b) const {
    bool ca = is<Const>(a->object), cb = is<Const>(b->object);
    if (ca != cb) return ca;
    if (a->outstanding != b->outstanding) return a->outstanding < b->outstanding;
    return a->object->order < b->object->order;
  }
};

bool takesPart(const Object* o) { return is<Const>(o) || is<Var>(o) || is<Func>(o); }

// A path of mentions from `from` to `to`, the last first; empty when there is none. Iterative: chains can be long.
std::vector<Object*> findPath(Object* from, Object* to) {
  struct Frame {
    Object* object;
    std::vector<Object*> deps;
    size_t next = 0;
  };
  auto sorted = [](Object* o) {
    std::vector<Object*> deps = o->declInfo->deps;
    std::sort(deps.begin(), deps.end(), [](Object* a, Object* b) { return a->order < b->order; });
    return deps;
  };
  std::unordered_set<Object*> seen{from};
  std::vector<Frame> stack{{from, sorted(from)}};
  while (!stack.empty()) {
    Frame& top = stack.back();
    if (top.next == top.deps.size()) {
      stack.pop_back();
      continue;
    }
    Object* d = top.deps[top.next++];
    if (d == to) {
      std::vector<Object*> path{d};
      for (size_t i = stack.size(); i-- > 1;) path.push_back(stack[i].object);
      return path;
    }
    if (seen.insert(d).second) stack.push_back({d, sorted(d)});
  }
  return {};
}

}  // namespace

void Checker::reportInitCycle(const std::vector<Object*>& cycle) {
  Object* o = cycle[0];
  if (cycle.size() == 1) {
    error(o, diag::InitCycleSelf, o->name);
    return;
  }
  std::vector<Note> notes;
  Object* from = o;
  for (size_t i = cycle.size(); i-- > 0;) {
    notes.push_back({from->pos, std::string(from->name) + " refers to " + std::string(cycle[i]->name)});
    from = cycle[i];
  }
  errorWithNotes(o, std::move(notes), diag::InitCycle, o->name);
}

void Checker::initOrder() {
  std::vector<InitNode*> values, functions;
  std::unordered_map<Object*, InitNode*> nodes;
  for (Object* o : objects_) {
    if (!takesPart(o)) continue;
    auto* n = make<InitNode>();
    n->object = o;
    nodes.emplace(o, n);
    (is<Func>(o) ? functions : values).push_back(n);
  }
  for (auto& [o, n] : nodes) {
    for (Object* d : o->declInfo->deps) {
      auto it = nodes.find(d);
      if (it == nodes.end()) continue;
      n->needs.insert(it->second);
      it->second->users.insert(n);
    }
  }
  // Take functions out, cheap ones first.
  auto cost = [](const InitNode* n) { return n->users.size() * n->needs.size(); };
  std::stable_sort(functions.begin(), functions.end(), [&](InitNode* a, InitNode* b) { return cost(a) < cost(b); });
  for (InitNode* f : functions) {
    for (InitNode* user : f->users) {
      if (user == f) continue;
      for (InitNode* need : f->needs) {
        if (need == f) continue;
        user->needs.insert(need);
        need->users.insert(user);
      }
      user->needs.erase(f);
    }
    for (InitNode* need : f->needs) need->users.erase(f);
  }
  std::set<InitNode*, NodeOrder> queue;
  for (InitNode* n : values) {
    n->outstanding = n->needs.size();
    queue.insert(n);
  }
  std::unordered_set<DeclInfo*> emitted;
  while (!queue.empty()) {
    InitNode* n = *queue.begin();
    queue.erase(queue.begin());
    if (n->outstanding > 0) {
      // Only cycles are left. (One may be reached without being on it.)
      std::vector<Object*> cycle = findPath(n->object, n->object);
      if (!cycle.empty()) reportInitCycle(cycle);
    }
    for (InitNode* user : n->users) {
      bool queued = queue.erase(user) > 0;
      user->outstanding--;
      if (queued) queue.insert(user);
    }
    auto* v = as<Var>(n->object);
    if (v == nullptr || !v->declInfo->hasInitializer() || !emitted.insert(v->declInfo).second) continue;
    Initializer init;
    init.lhs = v->declInfo->lhs.empty() ? std::vector<Var*>{v} : v->declInfo->lhs;
    init.rhs = v->declInfo->init;
    info_->initOrder.push_back(std::move(init));
  }
}

}  // namespace burrow::types
