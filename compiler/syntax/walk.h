// Visiting a tree: `forEachChild` calls a function for the direct children of a node in source order, `walk` goes down
// the whole tree.
#pragma once

#include "syntax/ast.h"

namespace burrow::syntax {

namespace detail {
template <typename F>
void visitOne(const Node* n, F& f) {
  if (n) f(const_cast<Node*>(n));
}
template <typename T, typename F>
void visitAll(std::span<T*> list, F& f) {
  for (T* n : list) visitOne(n, f);
}
template <typename F>
void visitFields(const FieldList& list, F& f) {
  visitAll(list.fields, f);
}
}  // namespace detail

// Calls f(Node*) for each child that is not null.
template <typename F>
void forEachChild(const Node* node, F&& f) {
  using namespace detail;
  switch (node->kind) {
    case NodeKind::BadExpr:
    case NodeKind::Ident:
    case NodeKind::BasicLit:
    case NodeKind::EmptyStmt:
      return;
    case NodeKind::CompositeLit: {
      auto* n = as<CompositeLit>(node);
      visitOne(n->type, f);
      return visitAll(n->elems, f);
    }
    case NodeKind::KeyValueExpr: {
      auto* n = as<KeyValueExpr>(node);
      visitOne(n->key, f);
      return visitOne(n->value, f);
    }
    case NodeKind::FuncLit: {
      auto* n = as<FuncLit>(node);
      visitOne(n->type, f);
      return visitOne(n->body, f);
    }
    case NodeKind::ParenExpr:
      return visitOne(as<ParenExpr>(node)->x, f);
    case NodeKind::SelectorExpr: {
      auto* n = as<SelectorExpr>(node);
      visitOne(n->x, f);
      return visitOne(n->sel, f);
    }
    case NodeKind::IndexExpr: {
      auto* n = as<IndexExpr>(node);
      visitOne(n->x, f);
      return visitAll(n->indices, f);
    }
    case NodeKind::SliceExpr: {
      auto* n = as<SliceExpr>(node);
      visitOne(n->x, f);
      for (Expr* i : n->index) visitOne(i, f);
      return;
    }
    case NodeKind::TypeAssertExpr: {
      auto* n = as<TypeAssertExpr>(node);
      visitOne(n->x, f);
      return visitOne(n->type, f);
    }
    case NodeKind::CallExpr: {
      auto* n = as<CallExpr>(node);
      visitOne(n->fun, f);
      return visitAll(n->args, f);
    }
    case NodeKind::StarExpr:
      return visitOne(as<StarExpr>(node)->x, f);
    case NodeKind::UnaryExpr:
      return visitOne(as<UnaryExpr>(node)->x, f);
    case NodeKind::BinaryExpr: {
      auto* n = as<BinaryExpr>(node);
      visitOne(n->x, f);
      return visitOne(n->y, f);
    }
    case NodeKind::Ellipsis:
      return visitOne(as<Ellipsis>(node)->elem, f);
    case NodeKind::ArrayType: {
      auto* n = as<ArrayType>(node);
      visitOne(n->len, f);
      return visitOne(n->elem, f);
    }
    case NodeKind::SliceType:
      return visitOne(as<SliceType>(node)->elem, f);
    case NodeKind::StructType:
      return visitFields(as<StructType>(node)->fields, f);
    case NodeKind::FuncType: {
      auto* n = as<FuncType>(node);
      visitFields(n->typeParams, f);
      visitFields(n->params, f);
      return visitFields(n->results, f);
    }
    case NodeKind::InterfaceType:
      return visitFields(as<InterfaceType>(node)->elems, f);
    case NodeKind::MapType: {
      auto* n = as<MapType>(node);
      visitOne(n->key, f);
      return visitOne(n->value, f);
    }
    case NodeKind::ChanType:
      return visitOne(as<ChanType>(node)->elem, f);
    case NodeKind::LabeledStmt: {
      auto* n = as<LabeledStmt>(node);
      visitOne(n->label, f);
      return visitOne(n->stmt, f);
    }
    case NodeKind::BlockStmt:
      return visitAll(as<BlockStmt>(node)->list, f);
    case NodeKind::ExprStmt:
      return visitOne(as<ExprStmt>(node)->x, f);
    case NodeKind::SendStmt: {
      auto* n = as<SendStmt>(node);
      visitOne(n->chan, f);
      return visitOne(n->value, f);
    }
    case NodeKind::IncDecStmt:
      return visitOne(as<IncDecStmt>(node)->x, f);
    case NodeKind::AssignStmt: {
      auto* n = as<AssignStmt>(node);
      visitAll(n->lhs, f);
      return visitAll(n->rhs, f);
    }
    case NodeKind::DeclStmt:
      return visitOne(as<DeclStmt>(node)->decl, f);
    case NodeKind::GoStmt:
      return visitOne(as<GoStmt>(node)->call, f);
    case NodeKind::DeferStmt:
      return visitOne(as<DeferStmt>(node)->call, f);
    case NodeKind::ReturnStmt:
      return visitAll(as<ReturnStmt>(node)->results, f);
    case NodeKind::BranchStmt:
      return visitOne(as<BranchStmt>(node)->label, f);
    case NodeKind::IfStmt: {
      auto* n = as<IfStmt>(node);
      visitOne(n->init, f);
      visitOne(n->cond, f);
      visitOne(n->then, f);
      return visitOne(n->else_, f);
    }
    case NodeKind::ForStmt: {
      auto* n = as<ForStmt>(node);
      visitOne(n->init, f);
      visitOne(n->cond, f);
      visitOne(n->post, f);
      return visitOne(n->body, f);
    }
    case NodeKind::RangeStmt: {
      auto* n = as<RangeStmt>(node);
      visitAll(n->lhs, f);
      visitOne(n->x, f);
      return visitOne(n->body, f);
    }
    case NodeKind::CaseClause: {
      auto* n = as<CaseClause>(node);
      visitAll(n->exprs, f);
      return visitAll(n->body, f);
    }
    case NodeKind::SwitchStmt: {
      auto* n = as<SwitchStmt>(node);
      visitOne(n->init, f);
      visitOne(n->tag, f);
      return visitAll(n->clauses, f);
    }
    case NodeKind::TypeSwitchStmt: {
      auto* n = as<TypeSwitchStmt>(node);
      visitOne(n->init, f);
      visitOne(n->bind, f);
      visitOne(n->guard, f);
      return visitAll(n->clauses, f);
    }
    case NodeKind::CommClause: {
      auto* n = as<CommClause>(node);
      visitOne(n->comm, f);
      return visitAll(n->body, f);
    }
    case NodeKind::SelectStmt:
      return visitAll(as<SelectStmt>(node)->clauses, f);
    case NodeKind::Field: {
      auto* n = as<Field>(node);
      visitAll(n->names, f);
      visitOne(n->type, f);
      return visitOne(n->tag, f);
    }
    case NodeKind::ImportSpec: {
      auto* n = as<ImportSpec>(node);
      visitOne(n->name, f);
      return visitOne(n->path, f);
    }
    case NodeKind::ConstSpec:
    case NodeKind::VarSpec: {
      auto* n = as<ValueSpec>(node);
      visitAll(n->names, f);
      visitOne(n->type, f);
      return visitAll(n->values, f);
    }
    case NodeKind::TypeSpec: {
      auto* n = as<TypeSpec>(node);
      visitOne(n->name, f);
      visitFields(n->typeParams, f);
      return visitOne(n->type, f);
    }
    case NodeKind::GenDecl:
      return visitAll(as<GenDecl>(node)->specs, f);
    case NodeKind::FuncDecl: {
      auto* n = as<FuncDecl>(node);
      visitFields(n->recv, f);
      visitOne(n->name, f);
      visitOne(n->type, f);
      return visitOne(n->body, f);
    }
    case NodeKind::File: {
      auto* n = as<File>(node);
      visitOne(n->name, f);
      return visitAll(n->decls, f);
    }
  }
}

// Calls enter(node) for `root` and everything below it, parents first. Where it returns false the children are left
// out.
template <typename F>
void walk(Node* root, F&& enter) {
  if (!root || !enter(root)) return;
  forEachChild(root, [&](Node* child) { walk(child, enter); });
}

}  // namespace burrow::syntax
