// Expressions and simple statements on one line. See print.h.
#include "syntax/print.h"

#include <fmt/format.h>

namespace burrow::syntax {

namespace {

class LinePrinter {
 public:
  std::string out;

  void expr(const Expr* x) {
    if (!x) return;
    switch (x->kind) {
      case NodeKind::BadExpr: out += "<bad expr>"; return;
      case NodeKind::Ident: out += as<Ident>(x)->name; return;
      case NodeKind::BasicLit: out += as<BasicLit>(x)->value; return;
      case NodeKind::CompositeLit:
        expr(as<CompositeLit>(x)->type);
        out += as<CompositeLit>(x)->elems.empty() ? "{}" : "{…}";
        return;
      case NodeKind::KeyValueExpr:
        expr(as<KeyValueExpr>(x)->key);
        out += ": ";
        return expr(as<KeyValueExpr>(x)->value);
      case NodeKind::FuncLit:
        expr(as<FuncLit>(x)->type);
        out += as<FuncLit>(x)->body->list.empty() ? " {}" : " {…}";
        return;
      case NodeKind::ParenExpr:
        out += '(';
        expr(as<ParenExpr>(x)->x);
        out += ')';
        return;
      case NodeKind::SelectorExpr:
        expr(as<SelectorExpr>(x)->x);
        out += '.';
        return expr(as<SelectorExpr>(x)->sel);
      case NodeKind::IndexExpr:
        expr(as<IndexExpr>(x)->x);
        out += '[';
        list(as<IndexExpr>(x)->indices);
        out += ']';
        return;
      case NodeKind::SliceExpr: {
        auto* s = as<SliceExpr>(x);
        expr(s->x);
        out += '[';
        expr(s->index[0]);
        out += ':';
        expr(s->index[1]);
        if (s->index[2]) out += ':';
        expr(s->index[2]);
        out += ']';
        return;
      }
      case NodeKind::TypeAssertExpr:
        expr(as<TypeAssertExpr>(x)->x);
        out += ".(";
        if (as<TypeAssertExpr>(x)->type) {
          expr(as<TypeAssertExpr>(x)->type);
        } else {
          out += "type";
        }
        out += ')';
        return;
      case NodeKind::CallExpr:
        expr(as<CallExpr>(x)->fun);
        out += '(';
        list(as<CallExpr>(x)->args);
        if (as<CallExpr>(x)->hasDots()) out += "...";
        out += ')';
        return;
      case NodeKind::StarExpr:
        out += '*';
        return expr(as<StarExpr>(x)->x);
      case NodeKind::UnaryExpr:
        out += spelling(as<UnaryExpr>(x)->op);
        return expr(as<UnaryExpr>(x)->x);
      case NodeKind::BinaryExpr:
        expr(as<BinaryExpr>(x)->x);
        out += fmt::format(" {} ", spelling(as<BinaryExpr>(x)->op));
        return expr(as<BinaryExpr>(x)->y);
      default:
        return type(x);
    }
  }

  template <typename T>
  void list(std::span<T* const> items) {
    for (size_t i = 0; i < items.size(); i++) {
      if (i > 0) out += ", ";
      expr(items[i]);
    }
  }
  template <typename T>
  void list(std::span<T*> items) {
    list(std::span<T* const>(items));
  }

  void stmt(const Stmt* s) {
    switch (s->kind) {
      case NodeKind::ExprStmt: return expr(as<ExprStmt>(s)->x);
      case NodeKind::SendStmt:
        expr(as<SendStmt>(s)->chan);
        out += " <- ";
        return expr(as<SendStmt>(s)->value);
      case NodeKind::IncDecStmt:
        expr(as<IncDecStmt>(s)->x);
        out += spelling(as<IncDecStmt>(s)->op);
        return;
      case NodeKind::AssignStmt:
        list(as<AssignStmt>(s)->lhs);
        out += fmt::format(" {} ", spelling(as<AssignStmt>(s)->op));
        return list(as<AssignStmt>(s)->rhs);
      case NodeKind::GoStmt:
        out += "go ";
        return expr(as<GoStmt>(s)->call);
      case NodeKind::DeferStmt:
        out += "defer ";
        return expr(as<DeferStmt>(s)->call);
      case NodeKind::ReturnStmt:
        out += as<ReturnStmt>(s)->results.empty() ? "return" : "return ";
        return list(as<ReturnStmt>(s)->results);
      case NodeKind::BranchStmt:
        out += spelling(as<BranchStmt>(s)->tok);
        if (as<BranchStmt>(s)->label) out += fmt::format(" {}", as<BranchStmt>(s)->label->name);
        return;
      case NodeKind::LabeledStmt: out += fmt::format("{}: …", as<LabeledStmt>(s)->label->name); return;
      case NodeKind::BlockStmt: out += "{…}"; return;
      case NodeKind::DeclStmt: out += fmt::format("{} …", spelling(as<DeclStmt>(s)->decl->tok)); return;
      case NodeKind::IfStmt: out += "if …"; return;
      case NodeKind::ForStmt:
      case NodeKind::RangeStmt: out += "for …"; return;
      case NodeKind::SwitchStmt:
      case NodeKind::TypeSwitchStmt: out += "switch …"; return;
      case NodeKind::SelectStmt: out += "select …"; return;
      default: return;
    }
  }

 private:
  void type(const Expr* x) {
    switch (x->kind) {
      case NodeKind::Ellipsis:
        out += "...";
        return expr(as<Ellipsis>(x)->elem);
      case NodeKind::ArrayType:
        out += '[';
        if (as<ArrayType>(x)->len) {
          expr(as<ArrayType>(x)->len);
        } else {
          out += "...";
        }
        out += ']';
        return expr(as<ArrayType>(x)->elem);
      case NodeKind::SliceType:
        out += "[]";
        return expr(as<SliceType>(x)->elem);
      case NodeKind::StructType:
        out += "struct{";
        fields(as<StructType>(x)->fields, "; ");
        out += '}';
        return;
      case NodeKind::FuncType:
        out += "func";
        return signature(as<FuncType>(x));
      case NodeKind::InterfaceType: {
        out += "interface{";
        bool first = true;
        for (const Field* f : as<InterfaceType>(x)->elems.fields) {
          if (!first) out += "; ";
          first = false;
          auto* method = dynAs<FuncType>(f->type);
          if (f->names.empty() || !method) {
            expr(f->type);
          } else {
            expr(f->names[0]);
            signature(method);
          }
        }
        out += '}';
        return;
      }
      case NodeKind::MapType:
        out += "map[";
        expr(as<MapType>(x)->key);
        out += ']';
        return expr(as<MapType>(x)->value);
      case NodeKind::ChanType: {
        auto* c = as<ChanType>(x);
        out += c->dir == ChanDir::RecvOnly ? "<-chan " : c->dir == ChanDir::SendOnly ? "chan<- " : "chan ";
        // chan (<-chan T), which without the parentheses would be chan<- (chan T)
        auto* elem = dynAs<ChanType>(c->elem);
        bool parens = c->dir == ChanDir::Both && elem && elem->dir == ChanDir::RecvOnly;
        if (parens) out += '(';
        expr(c->elem);
        if (parens) out += ')';
        return;
      }
      default:
        return;
    }
  }

  void fields(const FieldList& fieldList, std::string_view separator) {
    for (size_t i = 0; i < fieldList.fields.size(); i++) {
      const Field* f = fieldList.fields[i];
      if (i > 0) out += separator;
      if (!f->names.empty()) {
        list(f->names);
        out += ' ';
      }
      expr(f->type);
      if (f->tag) {
        out += ' ';
        expr(f->tag);
      }
    }
  }

  void signature(const FuncType* t) {
    out += '(';
    fields(t->params, ", ");
    out += ')';
    if (t->results.empty()) return;
    out += ' ';
    if (t->results.fields.size() == 1 && t->results.fields[0]->names.empty()) return expr(t->results.fields[0]->type);
    out += '(';
    fields(t->results, ", ");
    out += ')';
  }
};

}  // namespace

std::string exprString(const Expr* x) {
  LinePrinter p;
  p.expr(x);
  return std::move(p.out);
}

std::string exprListString(std::span<Expr* const> list) {
  LinePrinter p;
  p.list(list);
  return std::move(p.out);
}

std::string stmtString(const Stmt* s) {
  LinePrinter p;
  p.stmt(s);
  return std::move(p.out);
}

}  // namespace burrow::syntax
