// See positions.h. Both ends of a node are found without recursion: each step goes to the child that stands there.
#include "syntax/positions.h"

namespace burrow::syntax {

namespace {

template <typename T>
const Node* lastOf(std::span<T*> list) {
  return list.empty() ? nullptr : list.back();
}

// Where a node ends: in a child, or at a place of its own.
struct End {
  const Node* child = nullptr;
  Pos pos;
};

End endOf(const FieldList& list, End otherwise) {
  if (list.close.isValid()) return {nullptr, list.close + 1};
  if (!list.fields.empty()) return {list.fields.back(), {}};
  return otherwise;
}
End endOf(const Node* child, Pos otherwise) { return {child, otherwise}; }
End behind(Pos token, uint32_t length = 1) { return {nullptr, token + length}; }
End keyword(const Node* n, Token t) { return behind(n->pos, static_cast<uint32_t>(spelling(t).size())); }

End endStep(const Node* n) {
  switch (n->kind) {
    case NodeKind::BadExpr: return {nullptr, n->pos};
    case NodeKind::Ident: return behind(n->pos, static_cast<uint32_t>(as<Ident>(n)->name.size()));
    case NodeKind::BasicLit: return behind(n->pos, static_cast<uint32_t>(as<BasicLit>(n)->value.size()));
    case NodeKind::CompositeLit: return behind(as<CompositeLit>(n)->rbrace);
    case NodeKind::KeyValueExpr: return {as<KeyValueExpr>(n)->value, {}};
    case NodeKind::FuncLit: return {as<FuncLit>(n)->body, {}};
    case NodeKind::ParenExpr: return behind(as<ParenExpr>(n)->rparen);
    case NodeKind::SelectorExpr: return {as<SelectorExpr>(n)->sel, {}};
    case NodeKind::IndexExpr: return behind(as<IndexExpr>(n)->rbrack);
    case NodeKind::SliceExpr: return behind(as<SliceExpr>(n)->rbrack);
    case NodeKind::TypeAssertExpr: return behind(as<TypeAssertExpr>(n)->rparen);
    case NodeKind::CallExpr: return behind(as<CallExpr>(n)->rparen);
    case NodeKind::StarExpr: return {as<StarExpr>(n)->x, {}};
    case NodeKind::UnaryExpr: return {as<UnaryExpr>(n)->x, {}};
    case NodeKind::BinaryExpr: return {as<BinaryExpr>(n)->y, {}};
    case NodeKind::Ellipsis: return {as<Ellipsis>(n)->elem, {}};
    case NodeKind::ArrayType: return {as<ArrayType>(n)->elem, {}};
    case NodeKind::SliceType: return {as<SliceType>(n)->elem, {}};
    case NodeKind::StructType: return behind(as<StructType>(n)->fields.close);
    case NodeKind::FuncType: {
      auto* t = as<FuncType>(n);
      return endOf(t->results, endOf(t->params, {nullptr, t->pos}));
    }
    case NodeKind::InterfaceType: return behind(as<InterfaceType>(n)->elems.close);
    case NodeKind::MapType: return {as<MapType>(n)->value, {}};
    case NodeKind::ChanType: return {as<ChanType>(n)->elem, {}};
    case NodeKind::EmptyStmt: return behind(n->pos, as<EmptyStmt>(n)->implicit ? 0 : 1);
    case NodeKind::LabeledStmt: return {as<LabeledStmt>(n)->stmt, {}};
    case NodeKind::BlockStmt: return behind(as<BlockStmt>(n)->rbrace);
    case NodeKind::ExprStmt: return {as<ExprStmt>(n)->x, {}};
    case NodeKind::SendStmt: return {as<SendStmt>(n)->value, {}};
    case NodeKind::IncDecStmt: return behind(n->pos, 2);
    case NodeKind::AssignStmt: return {as<AssignStmt>(n)->rhs.back(), {}};
    case NodeKind::DeclStmt: return {as<DeclStmt>(n)->decl, {}};
    case NodeKind::GoStmt: return {as<GoStmt>(n)->call, {}};
    case NodeKind::DeferStmt: return {as<DeferStmt>(n)->call, {}};
    case NodeKind::ReturnStmt: return endOf(lastOf(as<ReturnStmt>(n)->results), keyword(n, Token::Return).pos);
    case NodeKind::BranchStmt: return endOf(as<BranchStmt>(n)->label, keyword(n, as<BranchStmt>(n)->tok).pos);
    case NodeKind::IfStmt: {
      auto* s = as<IfStmt>(n);
      return {s->else_ ? static_cast<const Node*>(s->else_) : s->then, {}};
    }
    case NodeKind::ForStmt: return {as<ForStmt>(n)->body, {}};
    case NodeKind::RangeStmt: return {as<RangeStmt>(n)->body, {}};
    case NodeKind::SwitchStmt: return behind(as<SwitchStmt>(n)->rbrace);
    case NodeKind::TypeSwitchStmt: return behind(as<TypeSwitchStmt>(n)->rbrace);
    case NodeKind::SelectStmt: return behind(as<SelectStmt>(n)->rbrace);
    case NodeKind::CaseClause: return endOf(lastOf(as<CaseClause>(n)->body), as<CaseClause>(n)->colon + 1);
    case NodeKind::CommClause: return endOf(lastOf(as<CommClause>(n)->body), as<CommClause>(n)->colon + 1);
    case NodeKind::Field: {
      auto* f = as<Field>(n);
      return {f->tag ? static_cast<const Node*>(f->tag) : f->type, {}};
    }
    case NodeKind::ImportSpec: {
      auto* s = as<ImportSpec>(n);
      return endOf(s->path ? static_cast<const Node*>(s->path) : s->name, n->pos);
    }
    case NodeKind::ConstSpec:
    case NodeKind::VarSpec: {
      auto* s = as<ValueSpec>(n);
      if (const Node* last = lastOf(s->values)) return {last, {}};
      return {s->type ? static_cast<const Node*>(s->type) : s->names.back(), {}};
    }
    case NodeKind::TypeSpec: return {as<TypeSpec>(n)->type, {}};
    case NodeKind::GenDecl: {
      auto* d = as<GenDecl>(n);
      if (d->isGroup()) return behind(d->rparen);
      return endOf(lastOf(d->specs), keyword(n, d->tok).pos);
    }
    case NodeKind::FuncDecl: {
      auto* d = as<FuncDecl>(n);
      return {d->body ? static_cast<const Node*>(d->body) : d->type, {}};
    }
    case NodeKind::File: return {nullptr, as<File>(n)->eof};
  }
  return {nullptr, n->pos};
}

// The child that stands at the left end of an operation, or null. What gc's type checker follows, too.
const Node* leftChild(const Node* n) {
  switch (n->kind) {
    case NodeKind::CompositeLit: return as<CompositeLit>(n)->type;
    case NodeKind::KeyValueExpr: return as<KeyValueExpr>(n)->key;
    case NodeKind::SelectorExpr: return as<SelectorExpr>(n)->x;
    case NodeKind::IndexExpr: return as<IndexExpr>(n)->x;
    case NodeKind::TypeAssertExpr: return as<TypeAssertExpr>(n)->x;
    case NodeKind::BinaryExpr: return as<BinaryExpr>(n)->x;
    case NodeKind::CallExpr: return as<CallExpr>(n)->fun;
    case NodeKind::SendStmt: return as<SendStmt>(n)->chan;
    case NodeKind::AssignStmt: return as<AssignStmt>(n)->lhs[0];
    case NodeKind::IncDecStmt: return as<IncDecStmt>(n)->x;
    default: return nullptr;
  }
}

}  // namespace

Pos startPos(const Node* n) {
  for (;;) {
    const Node* child = leftChild(n);
    switch (n->kind) {
      case NodeKind::SliceExpr: child = as<SliceExpr>(n)->x; break;
      case NodeKind::ExprStmt: child = as<ExprStmt>(n)->x; break;
      case NodeKind::LabeledStmt: child = as<LabeledStmt>(n)->label; break;
      case NodeKind::FuncType:
        if (as<FuncType>(n)->func.isValid()) return as<FuncType>(n)->func;
        break;
      case NodeKind::FuncDecl: return as<FuncDecl>(n)->func;
      default: break;
    }
    if (!child) return n->pos;
    n = child;
  }
}

Pos endPos(const Node* n) {
  for (;;) {
    End end = endStep(n);
    if (!end.child) return end.pos;
    n = end.child;
  }
}

Pos reportPos(const Node* n) {
  while (const Node* child = leftChild(n)) n = child;
  return n->pos;
}

}  // namespace burrow::syntax
