// switch over types. Cases are tried in order: in an instance of a generic function two of them may be the same type, or
// an interface that another one satisfies.
//
// From kTypeSearch concrete types in a row on, which can only hold one at a time, the hash of what the interface holds is looked for
// first: a Switch, which becomes a search. Not when the operand is made there and then (any(x) in an instance of a generic
// function): the comparisons are constants, and one body is left.
//
// A case of a concrete type only compares; the clause that binds the value takes it out of the interface, straight into its
// variable. (A comma-ok assertion would have copied it at each test, which nobody looks at but in one clause.)
#include <map>
#include <unordered_set>

#include "ir/type_hash.h"
#include "irgen/order.h"

namespace burrow::irgen {

using namespace syntax;

namespace {
constexpr size_t kTypeSearch = 8;
}  // namespace

ValueId FunctionGen::holdsType(ValueId iface, TypeId type) {
  if (!T().isEmptyInterface(b_.typeOf(iface))) package_.needMethods(type);
  return b_.emit(Op::TypeAssert, bool_(), {iface}, 0, {}, type, ir::kTestOnly);
}

void FunctionGen::takeOut(ValueId iface, TypeId type, ValueId to) {
  if (T().isDirectIface(type) && !T().isPointerLike(type)) return b_.store(to, assertTo(iface, type, false));
  ValueId data = b_.emit(Op::IfaceData, T().unsafePointer(), {iface});
  if (T().isPointerLike(type)) return b_.store(to, b_.convert(Op::Bitcast, type, data));
  copyValue(to, b_.convert(Op::Bitcast, T().pointer(type), data));
}

// Goes to the block of the case that x's type is equal to; when x is nil to `onNil`, if that is valid. Goes on in a new block.
void FunctionGen::searchType(ValueId x, std::span<const TypeCase> cases, BlockId onNil) {
  BlockId some = b_.newBlock(), miss = b_.newBlock();
  ValueId tab = b_.emit(Op::IfaceTab, T().unsafePointer(), {x});
  b_.branch(b_.binary(Op::Eq, tab, b_.zero(T().unsafePointer())), onNil.isValid() ? onNil : miss, some);
  b_.setBlock(some);
  TypeId word = T().basic(TypeKind::Uint32);
  ValueId at = b_.emit(Op::PtrAdd, T().unsafePointer(), {tab, constInt(ir::kTypeHashOffset)});
  ValueId hash = b_.load(b_.convert(Op::Bitcast, T().pointer(word), at));
  std::map<uint32_t, std::vector<TypeCase>> byHash;
  for (const TypeCase& c : cases) byHash[ir::typeHash(T(), c.type)].push_back(c);
  std::vector<ir::Edge> edges{ir::Edge{miss, 0, {}}};
  for (const auto& entry : byHash) edges.push_back(ir::Edge{b_.newBlock(), entry.first, {}});
  std::vector<BlockId> same;
  for (const ir::Edge& e : edges) same.push_back(e.block);
  b_.switchOn(hash, std::move(edges));
  size_t next = 1;
  for (const auto& entry : byHash) {
    b_.setBlock(same[next++]);
    for (const TypeCase& c : entry.second) {
      BlockId other = &c == &entry.second.back() ? miss : b_.newBlock();
      setPos(c.pos);
      b_.branch(holdsType(x, c.type), c.block, other);
      if (other != miss) b_.setBlock(other);
    }
  }
  b_.setBlock(miss);
}

// The same one after the other.
void FunctionGen::tryTypes(ValueId x, std::span<const TypeCase> cases) {
  for (const TypeCase& c : cases) {
    BlockId next = b_.newBlock();
    setPos(c.pos);
    if (c.type.isValid()) {
      b_.branch(holdsType(x, c.type), c.block, next);
    } else {
      ValueId tab = b_.emit(Op::IfaceTab, T().unsafePointer(), {x});
      b_.branch(b_.binary(Op::Eq, tab, b_.zero(T().unsafePointer())), c.block, next);
    }
    b_.setBlock(next);
  }
}

void FunctionGen::typeSwitchStmt(const TypeSwitchStmt* s) {
  if (s->init) stmt(s->init);
  InOrder order(*this, {s->guard->x});
  ValueId x = expr(s->guard->x);
  setPos(s->pos);
  BlockId end = b_.newBlock();
  targets_[s] = Targets{end, {}};
  std::vector<BlockId> bodies;
  std::vector<ValueId> bound(s->clauses.size(), x);  // what the clause's variable is
  std::vector<TypeId> held(s->clauses.size());       // or the concrete type of what x holds there
  BlockId otherwise = end;
  for (const CaseClause* c : s->clauses) {
    bodies.push_back(b_.newBlock());
    if (c->isDefault) otherwise = bodies.back();
  }
  // Concrete types, each once, and nil, without a type: since the last case that is an interface.
  std::vector<TypeCase> row;
  std::unordered_set<TypeId> seen;
  auto flush = [&] {
    std::vector<TypeCase> concrete;
    BlockId onNil;
    for (const TypeCase& c : row) {
      if (c.type.isValid()) concrete.push_back(c); else onNil = c.block;
    }
    if (concrete.size() >= kTypeSearch && fn_[x].op != Op::MakeIface) {
      searchType(x, concrete, onNil);
    } else {
      tryTypes(x, row);
    }
    row.clear();
  };
  for (size_t c = 0; c < s->clauses.size(); c++) {
    for (const Expr* e : s->clauses[c]->exprs) {
      TypeId type = info().of(e).mode == types::Mode::NilValue ? TypeId() : typeOf(e);
      if (!type.isValid() || !T().isInterface(type)) {
        if (type.isValid() && s->clauses[c]->exprs.size() == 1) held[c] = type;
        if (seen.insert(type).second) row.push_back({type, bodies[c], e->pos});
        continue;
      }
      flush();
      setPos(e->pos);
      BlockId next = b_.newBlock();
      ValueId both = assertTo(x, type, true);
      if (s->clauses[c]->exprs.size() == 1) bound[c] = b_.tupleGet(both, 0);
      b_.branch(b_.tupleGet(both, 1), bodies[c], next);
      b_.setBlock(next);
    }
  }
  flush();
  b_.jump(otherwise);
  for (size_t c = 0; c < s->clauses.size(); c++) {
    b_.setBlock(bodies[c]);
    setPos(s->clauses[c]->pos);
    if (auto it = info().implicits.find(s->clauses[c]); s->bind != nullptr && it != info().implicits.end()) {
      if (auto* v = types::as<types::Var>(it->second)) {
        TypeId type = map(v->type);
        clauseVariable_ = package_.options().describe;
        if (clauseVariable_ && !s->clauses[c]->exprs.empty()) setPos(s->clauses[c]->exprs.back()->pos);
        if (held[c].isValid()) {
          takeOut(x, held[c], declareVar(v, type, false));
        } else {
          ValueId value = assignable(bound[c], type);
          b_.store(declareVar(v, type, false), value);
        }
        clauseVariable_ = false;
      }
    }
    stmtList(s->clauses[c]->body);
    b_.jump(end);
  }
  b_.setBlock(end);
}

}  // namespace burrow::irgen
