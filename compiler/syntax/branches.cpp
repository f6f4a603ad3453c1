// See branches.h.
//
// One walk over the statements of a body, block by block. Backward gotos, break and continue find their label at once,
// as labels are declared in source order. A forward goto stays in the list of its block until the label comes; what is
// left at the end of a block becomes the enclosing block's, so a goto can jump out of blocks but never into one. A
// variable declaration marks the gotos that are open at that moment: if such a goto ends in this very block, it jumps
// over the declaration.
#include "syntax/branches.h"

#include "syntax/diagnostics.h"
#include "syntax/print.h"
#include "syntax/string_table.h"

#include <string>
#include <unordered_map>
#include <vector>

namespace burrow::syntax {

namespace {

struct Block {
  const Block* parent;
  uint32_t id;  // distinct for every block of a body
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
    std::vector<BranchStmt*> open;
    block(nullptr, {}, nullptr, body->pos, body->list, open);
    for (BranchStmt* jump : open) {
      if (Label* l = find(jump->label->name)) {
        l->used = true;
        error(jump->label->pos, diag::GotoIntoBlock, jump->label->name, place(l->blockStart));
      } else {
        error(jump->label->pos, diag::LabelNotDefined, jump->label->name);
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

  void jump(BranchStmt* s, const Block* b, const Targets& targets, bool lastInList, std::vector<BranchStmt*>& open) {
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
        open.push_back(s);
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

  // Walks one block. Forward gotos without a target yet are added to `outerOpen`.
  void block(const Block* parent, const Targets& targets, const LabeledStmt* labeled, Pos start,
             std::span<Stmt*> list, std::vector<BranchStmt*>& outerOpen) {
    Block b{parent, nextBlock_++, start, labeled};
    std::vector<BranchStmt*> open;  // forward gotos so far, in source order
    size_t jumpsOver = 0;           // how many of them, from the front, were open at the last variable declaration
    Pos declared;
    std::string declaredName;

    auto declare = [&](Pos at, std::string name) {
      declared = at;
      declaredName = std::move(name);
      jumpsOver = open.size();
    };
    // fallthrough may be followed by empty statements.
    while (!list.empty() && list.back()->kind == NodeKind::EmptyStmt) list = list.first(list.size() - 1);

    for (size_t i = 0; i < list.size(); i++) {
      Stmt* s = list[i];
      const LabeledStmt* label = nullptr;
      while (auto* l = dynAs<LabeledStmt>(s)) {
        if (l->label->name != "_") {
          if (Label* other = find(l->label->name)) {
            error(l->label->pos, diag::LabelRedefined, l->label->name, place(other->stmt->label->pos));
          } else {
            byName_.emplace(l->label->name.data(), labels_.size());
            labels_.push_back({b.id, start, l, false});
          }
          Label* mine = find(l->label->name);
          for (size_t k = 0; k < open.size();) {
            BranchStmt* jump = open[k];
            if (!sameName(jump->label->name, l->label->name)) {
              k++;
              continue;
            }
            jump->target = l;
            mine->used = true;
            open.erase(open.begin() + static_cast<ptrdiff_t>(k));
            if (k < jumpsOver) {
              jumpsOver--;
              error(jump->label->pos, diag::GotoOverDeclaration, jump->label->name, declaredName, place(declared));
            }
          }
          label = l;
        }
        s = l->stmt;
      }

      Targets inner{targets.breaks, targets.continues, Targets::kNotInCase};
      auto nested = [&](Pos at, std::span<Stmt*> body) { block(&b, inner, label, at, body, open); };
      switch (s->kind) {
        case NodeKind::DeclStmt: {
          GenDecl* d = as<DeclStmt>(s)->decl;
          if (d->tok == Token::Var && !d->specs.empty()) {
            auto* spec = as<VarSpec>(d->specs[0]);
            declare(spec->pos, std::string(spec->names[0]->name));
          }
          break;
        }
        case NodeKind::AssignStmt: {
          auto* a = as<AssignStmt>(s);
          // Its name is only wanted for a message about a goto that is open now.
          if (a->op == Token::Define) declare(a->pos, open.empty() ? "" : exprListString(a->lhs));
          break;
        }
        case NodeKind::BranchStmt:
          jump(as<BranchStmt>(s), &b, targets, i + 1 == list.size(), open);
          break;
        case NodeKind::BlockStmt:
          nested(s->pos, as<BlockStmt>(s)->list);
          break;
        case NodeKind::IfStmt:
          ifChain(as<IfStmt>(s), &b, inner, label, open);
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
    outerOpen.insert(outerOpen.end(), open.begin(), open.end());
  }

  // if {} else if {} else {}: the else branches are blocks of their own inside the statement's block.
  void ifChain(IfStmt* s, const Block* b, const Targets& inner, const LabeledStmt* label,
               std::vector<BranchStmt*>& open) {
    for (;;) {
      block(b, inner, label, s->then->pos, s->then->list, open);
      if (auto* next = dynAs<IfStmt>(s->else_)) {
        s = next;
        continue;
      }
      if (auto* last = dynAs<BlockStmt>(s->else_)) block(b, inner, label, last->pos, last->list, open);
      return;
    }
  }

  const source::SourceFile& file_;
  source::Diagnostics& diagnostics_;
  std::vector<Label> labels_;
  std::unordered_map<const char*, size_t> byName_;  // names are interned: their address is their identity
  uint32_t nextBlock_ = 0;
  uint32_t errors_ = 0;
};

}  // namespace

uint32_t checkBranches(BlockStmt* body, const source::SourceFile& file, source::Diagnostics& diagnostics) {
  return BranchChecker(file, diagnostics).run(body);
}

}  // namespace burrow::syntax
