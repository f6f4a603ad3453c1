// Statements: the dispatcher, blocks, if, for, labels and branches, return.
#include "irgen/order.h"

namespace burrow::irgen {

using namespace syntax;

void FunctionGen::stmtList(std::span<Stmt* const> list) {
  const int depth = loopDepth_;
  for (const Stmt* s : list) stmt(s);
  while (loopDepth_ > depth) leaveLoop();  // what a label in the list began: a goto to it stands in the list, too
}

void FunctionGen::stmt(const Stmt* s) {
  switch (s->kind) {
    case NodeKind::EmptyStmt:
      return;
    case NodeKind::BlockStmt:
      return block(as<BlockStmt>(s));
    case NodeKind::ExprStmt: {
      InOrder order(*this, {as<ExprStmt>(s)->x});
      return discard(as<ExprStmt>(s)->x);
    }
    case NodeKind::SendStmt: {
      auto* send = as<SendStmt>(s);
      InOrder order(*this, {send->chan, send->value});
      ValueId chan = expr(send->chan);
      ValueId v = exprTo(send->value, T().elem(b_.typeOf(chan)));
      setPos(s->pos);
      b_.emit(Op::Send, {}, {chan, v});
      return;
    }
    case NodeKind::IncDecStmt: {
      auto* i = as<IncDecStmt>(s);
      InOrder order(*this, std::span(&i->x, 1), {});
      return opAssign(i->x, i->op == Token::Increment ? Token::Add : Token::Sub, nullptr, s->pos);
    }
    case NodeKind::AssignStmt:
      return assignStmt(as<AssignStmt>(s));
    case NodeKind::DeclStmt:
      return declStmt(as<DeclStmt>(s));
    case NodeKind::LabeledStmt:
      return labeledStmt(as<LabeledStmt>(s));
    case NodeKind::GoStmt:
      return goStmt(as<GoStmt>(s));
    case NodeKind::DeferStmt:
      return deferStmt(as<DeferStmt>(s));
    case NodeKind::ReturnStmt:
      return returnStmt(as<ReturnStmt>(s));
    case NodeKind::BranchStmt:
      return branchStmt(as<BranchStmt>(s));
    case NodeKind::IfStmt:
      return ifStmt(as<IfStmt>(s));
    case NodeKind::ForStmt:
      return forStmt(as<ForStmt>(s));
    case NodeKind::RangeStmt:
      return rangeStmt(as<RangeStmt>(s));
    case NodeKind::SwitchStmt:
      return switchStmt(as<SwitchStmt>(s));
    case NodeKind::TypeSwitchStmt:
      return typeSwitchStmt(as<TypeSwitchStmt>(s));
    case NodeKind::SelectStmt:
      return selectStmt(as<SelectStmt>(s));
    default:
      return;
  }
}

void FunctionGen::declStmt(const DeclStmt* s) {
  if (s->decl->tok != Token::Var) return;
  for (const Spec* spec : s->decl->specs)
    if (auto* v = dynAs<VarSpec>(spec)) varDecl(v);
}

void FunctionGen::ifStmt(const IfStmt* s) {
  // A chain of else-ifs is a loop here, however long it is.
  BlockId end = b_.newBlock();
  const Stmt* next = s;
  while (auto* i = dynAs<IfStmt>(next)) {
    if (i->init) stmt(i->init);
    BlockId then = b_.newBlock();
    BlockId otherwise = i->else_ ? b_.newBlock() : end;
    setPos(i->pos);
    condition(i->cond, then, otherwise);
    b_.setBlock(then);
    block(i->then);
    b_.jump(end);
    next = i->else_;
    if (next != nullptr) b_.setBlock(otherwise);
  }
  if (next != nullptr) {
    stmt(next);
    b_.jump(end);
  }
  b_.setBlock(end);
}

// Since Go 1.22 every iteration has its own variables. If anybody could tell (`own`), an iteration begins by making a new
// object for each and copying the value of the last iteration into it; then, but for the first iteration, comes the post
// statement, which belongs to the new objects:
//
//   first = true
//   top:  i := kept
//         if first { first = false } else { post }
//         if !cond { goto end }
//         body
//   next: kept = i; goto top
//
// So an object is older than nothing but its own iteration, and escape analysis may leave it on the stack.
void FunctionGen::forStmt(const ForStmt* s) {
  if (s->init) stmt(s->init);
  std::vector<const types::Var*> own;
  std::vector<ValueId> kept;
  if (auto* a = s->init ? dynAs<AssignStmt>(s->init) : nullptr; a && a->op == Token::Define && context_.version.atLeast(22)) {
    for (const Expr* e : a->lhs) {
      const types::Var* v = definedVar(e);
      if (v == nullptr || !isNew(v, map(v->type))) continue;
      own.push_back(v);
      kept.push_back(vars_[v].v);
    }
  }
  BlockId head = b_.newBlock(), body = b_.newBlock(), next = b_.newBlock(), end = b_.newBlock();
  targets_[s] = Targets{end, next};
  setPos(s->pos);
  const bool postFirst = !own.empty() && s->post != nullptr;
  ValueId first = postFirst ? b_.addBlockParam(head, bool_()) : ValueId{};
  b_.jump(head, postFirst ? std::vector<ValueId>{b_.constBool(true)} : std::vector<ValueId>{});
  enterLoop();
  b_.setBlock(head);
  for (size_t i = 0; i < own.size(); i++) {
    ValueId copy = variableObject(own[i], T().elem(b_.typeOf(kept[i])));
    copyValue(copy, kept[i]);
    bindVar(own[i], Place{true, copy});
  }
  if (postFirst) {
    BlockId post = b_.newBlock(), test = b_.newBlock();
    b_.branch(first, test, post);
    b_.setBlock(post);
    stmt(s->post);
    b_.jump(test);
    b_.setBlock(test);
  }
  if (s->cond) {
    condition(s->cond, body, end);
  } else {
    b_.jump(body);
  }
  b_.setBlock(body);
  block(s->body);
  setPos(s->pos);
  b_.jump(next);
  b_.setBlock(next);
  for (size_t i = 0; i < own.size(); i++) copyValue(kept[i], vars_[own[i]].v);
  if (s->post && !postFirst) stmt(s->post);
  b_.jump(head, postFirst ? std::vector<ValueId>{b_.constBool(false)} : std::vector<ValueId>{});
  leaveLoop();
  b_.setBlock(end);
}

// --- labels and branches ---------------------------------------------------------------------------------------------

BlockId FunctionGen::labelBlock(const Stmt* label) {
  auto [it, added] = labels_.try_emplace(label);
  if (added) it->second = b_.newBlock();
  return it->second;
}

void FunctionGen::labeledStmt(const LabeledStmt* s) {
  BlockId here = labelBlock(s);
  setPos(s->pos);
  b_.jump(here);
  if (context_.facts->loopLabels.contains(s)) enterLoop();  // until the end of its block
  b_.setBlock(here);
  stmt(s->stmt);
}

void FunctionGen::branchTo(Exit::Kind kind, const Stmt* target) {
  if (kind == Exit::Goto) {
    auto home = context_.facts->labelHome.find(target);
    if (home != context_.facts->labelHome.end() && home->second == rangeBody_) return b_.jump(labelBlock(target));
  } else if (kind != Exit::Return) {
    if (auto it = targets_.find(target); it != targets_.end()) {
      return b_.jump(kind == Exit::Break ? it->second.breakTo : it->second.continueTo);
    }
    if (rangeBody_ != nullptr && target == rangeBody_) return finishRangeBody(kind == Exit::Continue);
  } else if (rangeBody_ == nullptr) {
    return leave();
  }
  leaveRangeBody(kind, target);
}

void FunctionGen::branchStmt(const BranchStmt* s) {
  setPos(s->pos);
  switch (s->tok) {
    case Token::Break:
      return branchTo(Exit::Break, s->target);
    case Token::Continue:
      return branchTo(Exit::Continue, s->target);
    case Token::Goto:
      return branchTo(Exit::Goto, s->target);
    default:
      return b_.jump(fallthrough_);
  }
}

// --- return ----------------------------------------------------------------------------------------------------------

void FunctionGen::returnStmt(const ReturnStmt* s) {
  std::vector<ValueId> values;
  InOrder order(*this, {}, s->results);
  if (s->results.size() == 1 && resultTypes_.size() > 1) {
    values = exprMulti(s->results[0]);
    for (size_t i = 0; i < values.size(); i++) values[i] = assignable(values[i], resultTypes_[i]);
  } else {
    for (size_t i = 0; i < s->results.size(); i++) values.push_back(exprTo(s->results[i], resultTypes_[i]));
  }
  setPos(s->pos);
  if (rangeBody_ != nullptr) {
    for (size_t i = 0; i < values.size(); i++) b_.store(results_[i], values[i]);
    return branchTo(Exit::Return, nullptr);
  }
  if (values.empty()) {
    if (context_.facts->leaves.contains(s)) moveOut(s);
    return leave();
  }
  if (!fn_.attributes.hasDefer) {
    // The results are set all the same: a result on the heap may be seen through a pointer or a function literal.
    for (size_t i = 0; i < results_.size(); i++) {
      if (fn_[results_[i]].op == Op::New) b_.store(results_[i], values[i]);
    }
    return b_.ret(std::move(values));
  }
  for (size_t i = 0; i < values.size(); i++) b_.store(results_[i], values[i]);
  leave();
}

void FunctionGen::leave() {
  if (fn_.attributes.hasDefer) return b_.jump(exit_);
  std::vector<ValueId> values;
  for (ValueId address : results_) values.push_back(b_.load(address));
  b_.ret(std::move(values));
}

}  // namespace burrow::irgen
