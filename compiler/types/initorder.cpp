// The order in which package-level variables are initialised, and cycles among initialisers.
//
// A variable is initialised after all variables that its initialiser mentions, directly or through functions; apart from
// that in source order. The graph of mentions is reduced to constants and variables: each needs those that it reaches
// over functions alone; then, again and again, the earliest variable without outstanding dependencies is taken. Constants take part so that cycles are told as the language describes them.
//
// Rejected: taking functions out of the graph one by one by connecting their users with what they mention, as gc does. When
// thousands of methods call each other the graph becomes dense on the way, and that takes minutes.
#include <algorithm>
#include <memory>
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

using NodeMap = std::unordered_map<Object*, InitNode*>;

// Which values a function mentions, directly or through other functions. Functions that mention each other in circles
// mention the same; the search is Tarjan's for such groups, without recursion, and a group's values are complete when it is
// found. Groups that add nothing to what one other group mentions share its list.
class FunctionValues {
 public:
  explicit FunctionValues(const NodeMap& nodes) : nodes_(nodes) {}

  const std::vector<InitNode*>& of(InitNode* function) {
    if (!states_.contains(function)) search(function);
    return *states_[function].values;
  }

 private:
  using Values = std::shared_ptr<const std::vector<InitNode*>>;
  struct State {
    size_t index = 0, low = 0, next = 0;
    Values values;  // null: its group has not been found yet
  };

  InitNode* dependency(InitNode* n, size_t i) const {
    auto it = nodes_.find(n->object->declInfo->deps[i]);
    return it == nodes_.end() ? nullptr : it->second;
  }

  void search(InitNode* root) {
    std::vector<InitNode*> path, open;
    auto enter = [&](InitNode* n) {
      State& s = states_[n];
      s.index = s.low = ++counter_;
      path.push_back(n);
      open.push_back(n);
    };
    enter(root);
    while (!path.empty()) {
      InitNode* n = path.back();
      State& s = states_[n];
      if (s.next < n->object->declInfo->deps.size()) {
        InitNode* d = dependency(n, s.next++);
        if (d == nullptr || !is<Func>(d->object)) continue;
        auto it = states_.find(d);
        if (it == states_.end()) {
          enter(d);
        } else if (it->second.values == nullptr) {
          s.low = std::min(s.low, it->second.index);
        }
        continue;
      }
      path.pop_back();
      if (!path.empty()) {
        State& below = states_[path.back()];
        below.low = std::min(below.low, s.low);
      }
      if (s.low != s.index) continue;
      auto first = std::find(open.rbegin(), open.rend(), n).base() - 1;
      finish({first, open.end()});
      open.erase(first, open.end());
    }
  }

  void finish(const std::vector<InitNode*>& group) {
    std::unordered_set<InitNode*> own;
    std::unordered_set<const std::vector<InitNode*>*> seen;
    std::vector<Values> others;
    for (InitNode* n : group) {
      for (size_t i = 0; i < n->object->declInfo->deps.size(); i++) {
        InitNode* d = dependency(n, i);
        if (d == nullptr) continue;
        if (!is<Func>(d->object)) {
          own.insert(d);
        } else if (Values v = states_[d].values; v != nullptr && !v->empty() && seen.insert(v.get()).second) {
          others.push_back(std::move(v));
        }
      }
    }
    Values all;
    if (own.empty() && others.size() == 1) {
      all = others[0];
    } else {
      for (const Values& v : others) own.insert(v->begin(), v->end());
      all = std::make_shared<const std::vector<InitNode*>>(own.begin(), own.end());
    }
    for (InitNode* n : group) states_[n].values = all;
  }

  const NodeMap& nodes_;
  std::unordered_map<InitNode*, State> states_;
  size_t counter_ = 0;
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
  std::vector<InitNode*> values;
  NodeMap nodes;
  for (Object* o : objects_) {
    if (!takesPart(o)) continue;
    auto* n = make<InitNode>();
    n->object = o;
    nodes.emplace(o, n);
    if (!is<Func>(o)) values.push_back(n);
  }
  FunctionValues reached(nodes);
  for (InitNode* n : values) {
    auto need = [&](InitNode* value) {
      n->needs.insert(value);
      value->users.insert(n);
    };
    for (Object* d : n->object->declInfo->deps) {
      auto it = nodes.find(d);
      if (it == nodes.end()) continue;
      if (!is<Func>(d)) {
        need(it->second);
      } else {
        for (InitNode* value : reached.of(it->second)) need(value);
      }
    }
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
