// Instantiation cycles: programs that would need infinitely many instances.
//
// Vertices are type parameters (and local types of generic functions, which depend on the function's parameters). When a
// parameter P is instantiated with a type that mentions Q, there is an edge from Q to P: of weight 0 when the type is Q
// itself, 1 when it is built from Q. A cycle of positive weight means that types grow each time round. Finding the heaviest
// paths as Bellman and Ford do finds it.
#include "types/checker.h"

namespace burrow::types {

struct Checker::MonoGraph {
  struct Vertex {
    int weight = 0;       // of the heaviest known path to here
    size_t previous = 0;  // last edge of that path
    size_t length = 0;    // edges on it
    TypeName* object;
  };
  struct Edge {
    size_t to, from;
    int weight;
    Pos pos;
    Type* type;
  };
  std::vector<Vertex> vertices;
  std::vector<Edge> edges;
  std::unordered_map<TypeName*, int> index;  // -1: a local type without ambient parameters

  size_t paramVertex(TypeParam* p) {
    if (p->canonical != nullptr) p = p->canonical;
    auto [it, fresh] = index.emplace(p->object, static_cast<int>(vertices.size()));
    if (fresh) vertices.push_back({0, 0, 0, p->object});
    return static_cast<size_t>(it->second);
  }

  int localTypeVertex(Named* n) {
    TypeName* o = n->object;
    if (n->outerParams.empty()) return -1;
    auto [it, fresh] = index.emplace(o, static_cast<int>(vertices.size()));
    if (!fresh) return it->second;
    int v = it->second;
    vertices.push_back({0, 0, 0, o});
    for (TypeParam* p : n->outerParams) {
      size_t from = paramVertex(p);
      edges.push_back({static_cast<size_t>(v), from, 1, o->pos, p});
    }
    return v;
  }

  struct Flow {
    MonoGraph& graph;
    const Package* pkg;
    TypeParam* param;
    Type* arg;
    Pos pos;
    std::vector<Type*> seen{};

    void add(size_t from, Type* t) { graph.edges.push_back({graph.paramVertex(param), from, t == arg ? 0 : 1, pos, arg}); }
    void vars(std::span<Var*> list) {
      for (Var* v : list) visit(v->type);
    }
    void visit(Type* t) {
      t = unalias(t);
      switch (t->kind) {
        case TypeKind::TypeParam: add(graph.paramVertex(as<TypeParam>(t)), t); break;
        case TypeKind::Named: {
          auto* n = as<Named>(t);
          int v = n->object->pkg == pkg ? graph.localTypeVertex(n->origin) : -1;
          if (v >= 0) add(static_cast<size_t>(v), t);
          for (Type* a : n->typeArgs) visit(a);
          break;
        }
        case TypeKind::Pointer: visit(as<Pointer>(t)->elem); break;
        case TypeKind::Slice: visit(as<Slice>(t)->elem); break;
        case TypeKind::Array: visit(as<Array>(t)->elem); break;
        case TypeKind::Chan: visit(as<Chan>(t)->elem); break;
        case TypeKind::Map:
          visit(as<Map>(t)->key);
          visit(as<Map>(t)->elem);
          break;
        case TypeKind::Struct: vars(as<Struct>(t)->fields); break;
        case TypeKind::Signature:
          vars(as<Signature>(t)->params->vars);
          vars(as<Signature>(t)->results->vars);
          break;
        case TypeKind::Interface:
          for (Type* s : seen)
            if (s == t) return;
          seen.push_back(t);
          for (Func* m : typeSetOf(as<Interface>(t))->methods) visit(m->signature());
          break;
        default: break;
      }
    }
  };
};

void Checker::monoRecord(Pos pos, std::span<TypeParam* const> params, std::span<Type* const> args,
                         std::span<Expr* const> argExprs) {
  if (mono_ == nullptr) mono_ = std::make_shared<MonoGraph>();
  for (size_t i = 0; i < params.size() && i < args.size(); i++) {
    // Parameters of other packages cannot be on a cycle with this package's.
    if (params[i]->object->pkg != pkg_) continue;
    MonoGraph::Flow{*mono_, pkg_, params[i], args[i], i < argExprs.size() ? Where(argExprs[i]).pos : pos}.visit(args[i]);
  }
}

void Checker::monomorph() {
  if (mono_ == nullptr) return;
  auto& g = *mono_;
  for (bool again = true; again;) {
    again = false;
    for (size_t i = 0; i < g.edges.size(); i++) {
      auto& e = g.edges[i];
      auto &from = g.vertices[e.from], &to = g.vertices[e.to];
      int w = from.weight + e.weight;
      if (w <= to.weight) continue;
      to.previous = i;
      to.length = from.length + 1;
      if (to.length >= g.vertices.size()) {
        // A path through more edges than there are vertices: go back until a vertex repeats.
        std::vector<size_t> stack;
        std::vector<bool> seen(g.vertices.size());
        size_t v = e.to;
        while (!seen[v]) {
          stack.push_back(v);
          seen[v] = true;
          v = g.edges[g.vertices[v].previous].from;
        }
        while (stack[0] != v) stack.erase(stack.begin());
        std::vector<Note> notes;
        for (size_t s : stack) {
          auto& edge = g.edges[g.vertices[s].previous];
          TypeName* o = g.vertices[edge.to].object;
          notes.push_back({edge.pos, std::string(o->name) +
                                         (is<TypeParam>(o->type) ? " instantiated as " : " implicitly parameterized by ") +
                                         typeText(edge.type)});
        }
        errorWithNotes(g.vertices[v].object, std::move(notes), diag::InstantiationCycle);
        return;
      }
      to.weight = w;
      again = true;
    }
  }
}

}  // namespace burrow::types
