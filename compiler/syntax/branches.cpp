// See branches.h.
//
// One walk over the statements of a body, block by block. Backward gotos, break and continue find their label at once,
// as labels are declared in source order. A forward goto waits, under its label's name, until the label comes. Gotos are
// numbered in source order, and each block knows the number of the first one in it; so a label that is declared in a
// block is the target of just those waiting gotos that are not older than the block: they stand in it, or in blocks
// inside it that have ended. A goto can jump out of blocks but never into one: what waits at the end has no target.
// The last variable declaration of a block knows the number of the next goto, too: a goto that is older and ends in this
// very block jumps over the declaration.
#include "syntax/branches.h"

#include "syntax/diagnostics.h"
#include "syntax/print.h"
#include "syntax/string_table.h"

#include <algorithm>
#include <string>
#include <unordered_map>
#include <vector>

namespace burrow::syntax {

namespace {

struct Block {
  const Block* parent;
  uint32_t id;         // distinct for every block of a body
  uint32_t firstGoto;  // the number of the next goto when it began
  Pos start;
  const LabeledStmt* labeled;  // the label of the statement whose block this is, if any
};

// The statements that a break, continue or fallthrough can refer to without a label.
struct Targets {
  Stmt* breaks = nullptr;
  Stmt* continues = nullptr;
  // Where in the switch `breaks` we are; kNotInCase in blocks inside a case.
  int caseIndex = kNotInCase;
  static constexpr int kNotInCase = -1;
};

bool isLoop(const Stmt* s) { return s->kind == NodeKind::ForStmt || s->kind == NodeKind::RangeStmt; }
bool canBreak(const Stmt* s) {
  return isLoop(s) || s->kind == NodeKind::SwitchStmt || s->kind == NodeKind::TypeSwitchStmt ||
         s->kind == NodeKind::SelectStmt;
}

class BranchChecker {
 public:
  BranchChecker(const source::SourceFile& file, source::Diagnostics& diagnostics)
      : file_(file), diagnostics_(diagnostics) {}

  uint32_t run(BlockStmt* body) {
    block(nullptr, {}, nullptr, body->pos, body->list);
    std::vector<Goto> open;
    for (const auto& [name, waiting] : waiting_) open.insert(open.end(), waiting.begin(), waiting.end());
    std::sort(open.begin(), open.end(), [](const Goto& a, const Goto& b) { return a.number < b.number; });
    for (const Goto& g : open) {
      const Ident* label = g.stmt->label;
      if (Label* l = find(label->name)) {
        l->used = true;
        error(label->pos, diag::GotoIntoBlock, label->name, place(l->blockStart));
      } else {
        error(label->pos, diag::LabelNotDefined, label->name);
      }
    }
    for (const Label& l : labels_) {
      if (!l.used) error(l.stmt->label->pos, diag::LabelNotUsed, l.stmt->label->name);
    }
    return errors_;
  }

 private:
  struct Label {
    uint32_t block;  // the id of the block that it stands in
    Pos blockStart;
    LabeledStmt* stmt;
    bool used;
  };
  struct Goto {
    BranchStmt* stmt;
    uint32_t number;
  };
  // The last variable declaration of a block.
  struct Declaration {
    const Stmt* stmt = nullptr;  // DeclStmt or AssignStmt
    uint32_t nextGoto = 0;
  };

  template <typename... Args>
  void error(Pos at, const source::DiagnosticKind& kind, const Args&... args) {
    errors_++;
    diagnostics_.report(at, kind, args...);
  }
  std::string place(Pos p) const { return file_.position(file_.offset(p)).str(); }

  Label* find(std::string_view name) {
    auto it = byName_.find(name.data());
    return it == byName_.end() ? nullptr : &labels_[it->second];
  }

  // The statement labelled `name` if it encloses the block; null, after an error, if not.
  Stmt* enclosing(const Block* b, const Ident* name, bool loop) {
    Label* l = find(name->name);
    if (!l) {
      error(name->pos, loop ? diag::ContinueLabelNotDefined : diag::BreakLabelNotDefined, name->name);
      return nullptr;
    }
    l->used = true;
    for (; b; b = b->parent) {
      if (b->labeled != l->stmt) continue;
      Stmt* s = l->stmt->stmt;
      if (loop ? isLoop(s) : canBreak(s)) return s;
      break;
    }
    error(name->pos, loop ? diag::InvalidContinueLabel : diag::InvalidBreakLabel, name->name);
    return nullptr;
  }

  void jump(BranchStmt* s, const Block* b, const Targets& targets, bool lastInList) {
    if (!s->label) {
      switch (s->tok) {
        case Token::Break:
          s->target = targets.breaks;
          if (!s->target) error(s->pos, diag::BreakOutside);
          return;
        case Token::Continue:
          s->target = targets.continues;
          if (!s->target) error(s->pos, diag::ContinueOutside);
          return;
        default:
          return fallThrough(s, targets, lastInList);
      }
    }
    switch (s->tok) {
      case Token::Break:
        s->target = enclosing(b, s->label, false);
        return;
      case Token::Continue:
        s->target = enclosing(b, s->label, true);
        return;
      default:
        if (Label* l = find(s->label->name)) {
          l->used = true;
          for (const Block* outer = b; outer; outer = outer->parent) {
            if (l->block == outer->id) {
              s->target = l->stmt;
              return;
            }
          }
        }
        waiting_[s->label->name.data()].push_back({s, nextGoto_++});
    }
  }

  void fallThrough(const BranchStmt* s, const Targets& targets, bool lastInList) {
    if (dynAs<TypeSwitchStmt>(targets.breaks)) return error(s->pos, diag::FallthroughInTypeSwitch);
    auto* sw = dynAs<SwitchStmt>(targets.breaks);
    if (!sw || targets.caseIndex == Targets::kNotInCase || !lastInList) {
      return error(s->pos, diag::FallthroughMisplaced);
    }
    if (static_cast<size_t>(targets.caseIndex) + 1 == sw->clauses.size()) {
      error(s->pos, diag::FallthroughFinalCase);
    }
  }

  // Makes `s` the target of the gotos that have waited for it.
  void resolve(LabeledStmt* s, const Block& b, const Declaration& declared) {
    auto it = waiting_.find(s->label->name.data());
    if (it == waiting_.end()) return;
    std::vector<Goto>& waiting = it->second;
    while (!waiting.empty() && waiting.back().number >= b.firstGoto) {
      Goto g = waiting.back();
      waiting.pop_back();
      g.stmt->target = s;
      find(s->label->name)->used = true;
      if (declared.stmt && g.number < declared.nextGoto) reportJumpOver(g.stmt->label, declared.stmt);
    }
  }

  void reportJumpOver(const Ident* label, const Stmt* declaration) {
    Pos at = declaration->pos;
    std::string names;
    if (auto* a = dynAs<AssignStmt>(declaration)) {
      names = exprListString(a->lhs);
    } else {
      auto* spec = as<VarSpec>(as<DeclStmt>(declaration)->decl->specs[0]);
      at = spec->pos;
      names = spec->names[0]->name;
    }
    error(label->pos, diag::GotoOverDeclaration, label->name, names, place(at));
  }

  void declareLabel(LabeledStmt* s, const Block& b) {
    if (Label* other = find(s->label->name)) {
      error(s->label->pos, diag::LabelRedefined, s->label->name, place(other->stmt->label->pos));
      return;
    }
    byName_.emplace(s->label->name.data(), labels_.size());
    labels_.push_back({b.id, b.start, s, false});
  }

  void block(const Block* parent, const Targets& targets, const LabeledStmt* labeled, Pos start,
             std::span<Stmt*> list) {
    Block b{parent, nextBlock_++, nextGoto_, start, labeled};
    Declaration declared;
    // fallthrough may be followed by empty statements.
    while (!list.empty() && list.back()->kind == NodeKind::EmptyStmt) list = list.first(list.size() - 1);

    for (size_t i = 0; i < list.size(); i++) {
      Stmt* s = list[i];
      const LabeledStmt* label = nullptr;
      while (auto* l = dynAs<LabeledStmt>(s)) {
        if (l->label->name != "_") {
          declareLabel(l, b);
          resolve(l, b, declared);
          label = l;
        }
        s = l->stmt;
      }

      Targets inner{targets.breaks, targets.continues, Targets::kNotInCase};
      auto nested = [&](Pos at, std::span<Stmt*> body) { block(&b, inner, label, at, body); };
      switch (s->kind) {
        case NodeKind::DeclStmt: {
          GenDecl* d = as<DeclStmt>(s)->decl;
          if (d->tok == Token::Var && !d->specs.empty()) declared = {s, nextGoto_};
          break;
        }
        case NodeKind::AssignStmt:
          if (as<AssignStmt>(s)->op == Token::Define) declared = {s, nextGoto_};
          break;
        case NodeKind::BranchStmt:
          jump(as<BranchStmt>(s), &b, targets, i + 1 == list.size());
          break;
        case NodeKind::BlockStmt:
          nested(s->pos, as<BlockStmt>(s)->list);
          break;
        case NodeKind::IfStmt:
          ifChain(as<IfStmt>(s), &b, inner, label);
          break;
        case NodeKind::ForStmt:
          inner.breaks = inner.continues = s;
          nested(as<ForStmt>(s)->body->pos, as<ForStmt>(s)->body->list);
          break;
        case NodeKind::RangeStmt:
          inner.breaks = inner.continues = s;
          nested(as<RangeStmt>(s)->body->pos, as<RangeStmt>(s)->body->list);
          break;
        case NodeKind::SwitchStmt:
        case NodeKind::TypeSwitchStmt: {
          inner.breaks = s;
          auto* sw = dynAs<SwitchStmt>(s);
          inner.caseIndex = 0;
          for (CaseClause* c : sw ? sw->clauses : as<TypeSwitchStmt>(s)->clauses) {
            nested(c->pos, c->body);
            inner.caseIndex++;
          }
          break;
        }
        case NodeKind::SelectStmt:
          inner.breaks = s;
          for (CommClause* c : as<SelectStmt>(s)->clauses) nested(c->pos, c->body);
          break;
        default:
          break;
      }
    }
  }

  // if {} else if {} else {}: the else branches are blocks of their own inside the statement's block.
  void ifChain(IfStmt* s, const Block* b, const Targets& inner, const LabeledStmt* label) {
    for (;;) {
      block(b, inner, label, s->then->pos, s->then->list);
      if (auto* next = dynAs<IfStmt>(s->else_)) {
        s = next;
        continue;
      }
      if (auto* last = dynAs<BlockStmt>(s->else_)) block(b, inner, label, last->pos, last->list);
      return;
    }
  }

  const source::SourceFile& file_;
  source::Diagnostics& diagnostics_;
  std::vector<Label> labels_;
  std::unordered_map<const char*, size_t> byName_;  // names are interned: their address is their identity
  std::unordered_map<const char*, std::vector<Goto>> waiting_;  // forward gotos by label, ascending numbers
  uint32_t nextBlock_ = 0;
  uint32_t nextGoto_ = 0;
  uint32_t errors_ = 0;
};

}  // namespace

uint32_t checkBranches(BlockStmt* body, const source::SourceFile& file, source::Diagnostics& diagnostics) {
  return BranchChecker(file, diagnostics).run(body);
}

}  // namespace burrow::syntax
