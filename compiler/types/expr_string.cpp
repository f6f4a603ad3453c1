// Expressions and operands as gc's messages print them.
#include "syntax/ast.h"
#include "types/operand.h"
#include "types/queries.h"
#include "types/type_string.h"

namespace burrow::types {

using namespace syntax;
using types::as;

namespace {

class ExprWriter {
 public:
  std::string out;

  void list(std::span<Expr* const> exprs) {
    for (size_t i = 0; i < exprs.size(); i++) {
      if (i > 0) out += ", ";
      expr(exprs[i]);
    }
  }

  void names(const Field* f) {
    for (size_t i = 0; i < f->names.size(); i++) {
      if (i > 0) out += ", ";
      out.append(f->names[i]->name);
    }
  }

  void params(const FieldList& list) {
    out += '(';
    bool first = true;
    for (const Field* f : list.fields) {
      if (!first) out += ", ";
      first = false;
      names(f);
      if (!f->names.empty()) out += ' ';
      expr(f->type);
    }
    out += ')';
  }

  void signature(const FuncType* t) {
    params(t->params);
    if (t->results.fields.empty()) return;
    out += ' ';
    if (t->results.fields.size() == 1 && t->results.fields[0]->names.empty()) {
      expr(t->results.fields[0]->type);
    } else {
      params(t->results);
    }
  }

  void structType(const StructType* t) {
    out += "struct{";
    bool first = true;
    for (const Field* f : t->fields.fields) {
      if (!first) out += "; ";
      first = false;
      names(f);
      if (!f->names.empty()) out += ' ';
      expr(f->type);
      if (f->tag != nullptr) out.append(" ").append(f->tag->value);
    }
    out += '}';
  }

  void interfaceType(const InterfaceType* t) {
    out += "interface{";
    bool first = true;
    for (const Field* f : t->elems.fields) {
      if (!first) out += "; ";
      first = false;
      auto* method = dynAs<FuncType>(f->type);
      if (!f->names.empty() && method != nullptr) {
        out.append(f->names[0]->name);
        signature(method);
      } else {
        expr(f->type);
      }
    }
    out += '}';
  }

  void chanType(const ChanType* t) {
    if (t->dir == syntax::ChanDir::RecvOnly) out += "<-";
    out += "chan";
    if (t->dir == syntax::ChanDir::SendOnly) out += "<-";
    out += ' ';
    auto* inner = dynAs<ChanType>(t->elem);
    bool parens = t->dir == syntax::ChanDir::Both && inner != nullptr && inner->dir == syntax::ChanDir::RecvOnly;
    if (parens) out += '(';
    expr(t->elem);
    if (parens) out += ')';
  }

  // A chain of binary operators leans left and can be long; it is written without recursion.
  void binary(const BinaryExpr* b) {
    std::vector<const BinaryExpr*> chain;
    const Expr* x = b;
    while (auto* inner = dynAs<BinaryExpr>(x)) {
      chain.push_back(inner);
      x = inner->x;
    }
    expr(x);
    for (size_t i = chain.size(); i-- > 0;) {
      out.append(" ").append(spelling(chain[i]->op)).append(" ");
      expr(chain[i]->y);
    }
  }

  void expr(const Expr* e) {
    if (e == nullptr) return;
    switch (e->kind) {
      case NodeKind::BadExpr: out += "<bad expr>"; return;
      case NodeKind::Ident: out.append(syntax::as<Ident>(e)->name); return;
      case NodeKind::BasicLit: out.append(syntax::as<BasicLit>(e)->value); return;
      case NodeKind::CompositeLit: {
        auto* n = syntax::as<CompositeLit>(e);
        expr(n->type);
        out += n->elems.empty() ? "{}" : "{…}";
        return;
      }
      case NodeKind::KeyValueExpr:
        expr(syntax::as<KeyValueExpr>(e)->key);
        out += ": ";
        expr(syntax::as<KeyValueExpr>(e)->value);
        return;
      case NodeKind::FuncLit: {
        auto* n = syntax::as<FuncLit>(e);
        expr(n->type);
        out += n->body != nullptr && !n->body->list.empty() ? " {…}" : " {}";
        return;
      }
      case NodeKind::ParenExpr:
        out += '(';
        expr(syntax::as<ParenExpr>(e)->x);
        out += ')';
        return;
      case NodeKind::SelectorExpr:
        expr(syntax::as<SelectorExpr>(e)->x);
        out += '.';
        expr(syntax::as<SelectorExpr>(e)->sel);
        return;
      case NodeKind::IndexExpr:
        expr(syntax::as<IndexExpr>(e)->x);
        out += '[';
        list(syntax::as<IndexExpr>(e)->indices);
        out += ']';
        return;
      case NodeKind::SliceExpr: {
        auto* n = syntax::as<SliceExpr>(e);
        expr(n->x);
        out += '[';
        expr(n->index[0]);
        out += ':';
        expr(n->index[1]);
        if (n->full) {
          out += ':';
          expr(n->index[2]);
        }
        out += ']';
        return;
      }
      case NodeKind::TypeAssertExpr: {
        auto* n = syntax::as<TypeAssertExpr>(e);
        expr(n->x);
        out += ".(";
        if (n->type == nullptr) {
          out += "type";
        } else {
          expr(n->type);
        }
        out += ')';
        return;
      }
      case NodeKind::CallExpr: {
        auto* n = syntax::as<CallExpr>(e);
        expr(n->fun);
        out += '(';
        list(n->args);
        if (n->hasDots()) out += "...";
        out += ')';
        return;
      }
      case NodeKind::StarExpr:
        out += '*';
        expr(syntax::as<StarExpr>(e)->x);
        return;
      case NodeKind::UnaryExpr:
        out.append(spelling(syntax::as<UnaryExpr>(e)->op));
        expr(syntax::as<UnaryExpr>(e)->x);
        return;
      case NodeKind::BinaryExpr: binary(syntax::as<BinaryExpr>(e)); return;
      case NodeKind::Ellipsis:
        out += "...";
        expr(syntax::as<Ellipsis>(e)->elem);
        return;
      case NodeKind::ArrayType: {
        auto* n = syntax::as<ArrayType>(e);
        out += '[';
        if (n->len == nullptr) out += "...";
        expr(n->len);
        out += ']';
        expr(n->elem);
        return;
      }
      case NodeKind::SliceType:
        out += "[]";
        expr(syntax::as<SliceType>(e)->elem);
        return;
      case NodeKind::StructType: structType(syntax::as<StructType>(e)); return;
      case NodeKind::FuncType:
        out += "func";
        signature(syntax::as<FuncType>(e));
        return;
      case NodeKind::InterfaceType: interfaceType(syntax::as<InterfaceType>(e)); return;
      case NodeKind::MapType:
        out += "map[";
        expr(syntax::as<MapType>(e)->key);
        out += ']';
        expr(syntax::as<MapType>(e)->value);
        return;
      case NodeKind::ChanType: chanType(syntax::as<ChanType>(e)); return;
      default: return;
    }
  }
};

std::string_view modeText(Mode m) {
  switch (m) {
    case Mode::None:
    case Mode::Invalid: return "invalid operand";
    case Mode::NoValue: return "no value";
    case Mode::Builtin: return "built-in";
    case Mode::TypeExpr: return "type";
    case Mode::Constant: return "constant";
    case Mode::Variable: return "variable";
    case Mode::MapIndex: return "map index expression";
    case Mode::Value: return "value";
    case Mode::NilValue: return "nil";
    case Mode::CommaOk: return "comma, ok expression";
    case Mode::CommaErr: return "comma, error expression";
    case Mode::CgoFunc: return "cgo function";
  }
  return "";
}

// " of struct type T", " of type P constrained by C".
std::string typePhrase(Type* t, const Package* from) {
  if (!isValid(t)) return " with invalid type";
  std::string out = " of ";
  if (isGeneric(t)) out += "generic ";
  auto* p = types::as<TypeParam>(unalias(t));
  if (p == nullptr && (types::is<Alias>(t) || types::is<Named>(t))) {
    std::string_view what = compositeKind(t);
    if (what.empty()) {
      if (auto* b = underAs<Basic>(t)) what = b->name;
    }
    out.append(what) += ' ';
  }
  out += "type " + typeString(t, from);
  if (p != nullptr) {
    out += " constrained by " + typeString(p->bound, from);
    auto* i = p->bound != nullptr ? underAs<Interface>(p->bound) : nullptr;
    if (i != nullptr && i->typeSet != nullptr && i->typeSet->isEmpty()) out += " with empty type set";
  }
  return out;
}

}  // namespace

std::string exprString(const Expr* e) {
  ExprWriter w;
  w.expr(e);
  return std::move(w.out);
}

std::string_view compositeKind(Type* t) {
  switch (under(t)->kind) {
    case TypeKind::Array: return "array";
    case TypeKind::Slice: return "slice";
    case TypeKind::Struct: return "struct";
    case TypeKind::Pointer: return "pointer";
    case TypeKind::Signature: return "func";
    case TypeKind::Interface: return "interface";
    case TypeKind::Map: return "map";
    case TypeKind::Chan: return "chan";
    case TypeKind::Tuple: return "tuple";
    case TypeKind::Union: return "union";
    default: return "";
  }
}

std::string operandString(const Operand& x, const Package* from) {
  if (x.mode == Mode::NilValue) {
    if (x.type == invalidType()) return "nil (with invalid type)";
    if (x.type == basicType(BasicKind::UntypedNil)) return "nil";
    return "nil (of type " + typeString(x.type, from) + ")";
  }
  std::string text = !x.label.empty() ? std::string(x.label) : exprString(x.expr);
  if (text.empty()) {
    if (x.mode == Mode::TypeExpr) text = typeString(x.type, from);
    if (x.mode == Mode::Constant) text = x.value.str();
  }
  std::string out;
  if (!text.empty()) out = text + " (";
  bool typed = false;
  if (x.mode != Mode::Invalid && x.mode != Mode::NoValue && x.mode != Mode::Builtin && x.mode != Mode::TypeExpr) {
    if (isUntyped(x.type)) {
      out.append(types::as<Basic>(x.type)->name) += ' ';
    } else {
      typed = true;
    }
  }
  out.append(modeText(x.mode));
  if (x.mode == Mode::Constant) {
    std::string value = x.value.str();
    if (value != text) out += ' ' + value;
  }
  if (typed) out += typePhrase(x.type, from);
  if (!text.empty()) out += ')';
  return out;
}

}  // namespace burrow::types
