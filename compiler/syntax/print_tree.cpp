// -dump=tokens and -dump=ast. See print.h.
//
// The tree's text is complete in this sense: two trees with the same text mean the same program. What a child is
// follows from its place, since children come in source order and every optional one is named in its parent's line when
// it is there ("if init else").
#include "syntax/print.h"

#include <algorithm>
#include "syntax/scanner.h"
#include "source/unicode.h"
#include "syntax/walk.h"

#include <fmt/format.h>

namespace burrow::syntax {

using source::quoteString;

namespace {

std::string_view kindName(NodeKind k) {
  static constexpr std::string_view kNames[] = {
#define X(name) #name,
      BURROW_EXPR_KINDS(X) BURROW_STMT_KINDS(X) BURROW_DECL_KINDS(X)
#undef X
  };
  return kNames[static_cast<size_t>(k)];
}

std::string_view literalName(LiteralKind k) {
  static constexpr std::string_view kNames[] = {"int", "float", "imaginary", "rune", "string"};
  return kNames[static_cast<size_t>(k)];
}

// Deeper nodes are still printed, but no further to the right: the text would grow with the square of the depth.
constexpr int kMaxIndent = 100;

class TreePrinter {
 public:
  explicit TreePrinter(const source::SourceFile& file) : file_(file) {}
  std::string out;

  void print(const Node* n, int depth) {
    out.append(static_cast<size_t>(std::min(depth, kMaxIndent)) * 2, ' ');
    out += kindName(n->kind);
    if (n->pos.isValid()) {
      source::Position p = file_.physical(file_.offset(n->pos));
      out += fmt::format(" {}:{}", p.line, p.column);
    }
    details(n);
    out += '\n';
    forEachChild(n, [&](const Node* child) { print(child, depth + 1); });
  }

 private:
  void word(std::string_view s) {
    out += ' ';
    out += s;
  }
  void wordIf(bool condition, std::string_view s) {
    if (condition) word(s);
  }
  void count(std::string_view what, size_t n) { out += fmt::format(" {}={}", what, n); }

  void details(const Node* n) {
    switch (n->kind) {
      case NodeKind::Ident: return word(as<Ident>(n)->name);
      case NodeKind::BasicLit: {
        auto* l = as<BasicLit>(n);
        word(literalName(l->literal));
        wordIf(l->bad, "bad");
        // A raw string may have lines of its own.
        return word(l->value.find('\n') == std::string_view::npos ? std::string(l->value) : quoteString(l->value));
      }
      case NodeKind::CompositeLit: return wordIf(as<CompositeLit>(n)->type, "typed");
      case NodeKind::SliceExpr: {
        auto* s = as<SliceExpr>(n);
        wordIf(s->index[0], "low");
        wordIf(s->index[1], "high");
        wordIf(s->index[2], "max");
        return wordIf(s->full, "full");
      }
      case NodeKind::TypeAssertExpr: return wordIf(!as<TypeAssertExpr>(n)->type, "type");
      case NodeKind::CallExpr: return wordIf(as<CallExpr>(n)->hasDots(), "...");
      case NodeKind::UnaryExpr: return word(spelling(as<UnaryExpr>(n)->op));
      case NodeKind::BinaryExpr: return word(spelling(as<BinaryExpr>(n)->op));
      case NodeKind::ArrayType: return wordIf(!as<ArrayType>(n)->len, "...");
      case NodeKind::FuncType: {
        auto* t = as<FuncType>(n);
        if (!t->typeParams.empty()) count("typeparams", t->typeParams.fields.size());
        count("params", t->params.fields.size());
        return count("results", t->results.fields.size());
      }
      case NodeKind::ChanType:
        return wordIf(as<ChanType>(n)->dir != ChanDir::Both,
                      as<ChanType>(n)->dir == ChanDir::SendOnly ? "send" : "receive");
      case NodeKind::EmptyStmt: return wordIf(as<EmptyStmt>(n)->implicit, "implicit");
      case NodeKind::IncDecStmt: return word(spelling(as<IncDecStmt>(n)->op));
      case NodeKind::AssignStmt:
        word(spelling(as<AssignStmt>(n)->op));
        return count("left", as<AssignStmt>(n)->lhs.size());
      case NodeKind::BranchStmt: {
        auto* b = as<BranchStmt>(n);
        word(spelling(b->tok));
        if (b->target) {
          source::Position p = file_.physical(file_.offset(b->target->pos));
          out += fmt::format(" to {}:{}", p.line, p.column);
        }
        return;
      }
      case NodeKind::IfStmt:
        wordIf(as<IfStmt>(n)->init, "init");
        return wordIf(as<IfStmt>(n)->else_, "else");
      case NodeKind::ForStmt:
        wordIf(as<ForStmt>(n)->init, "init");
        wordIf(as<ForStmt>(n)->cond, "cond");
        return wordIf(as<ForStmt>(n)->post, "post");
      case NodeKind::RangeStmt:
        count("left", as<RangeStmt>(n)->lhs.size());
        return wordIf(as<RangeStmt>(n)->define, ":=");
      case NodeKind::SwitchStmt:
        wordIf(as<SwitchStmt>(n)->init, "init");
        return wordIf(as<SwitchStmt>(n)->tag, "tag");
      case NodeKind::TypeSwitchStmt:
        wordIf(as<TypeSwitchStmt>(n)->init, "init");
        return wordIf(as<TypeSwitchStmt>(n)->bind, "bind");
      case NodeKind::CaseClause:
        if (as<CaseClause>(n)->isDefault) return word("default");
        return count("cases", as<CaseClause>(n)->exprs.size());
      case NodeKind::CommClause: return wordIf(as<CommClause>(n)->isDefault, "default");
      case NodeKind::Field:
        count("names", as<Field>(n)->names.size());
        return wordIf(as<Field>(n)->tag, "tag");
      case NodeKind::ImportSpec:
        wordIf(as<ImportSpec>(n)->name, "renamed");
        return directives(as<ImportSpec>(n)->directives);
      case NodeKind::ConstSpec:
      case NodeKind::VarSpec: {
        auto* s = as<ValueSpec>(n);
        count("names", s->names.size());
        wordIf(s->type, "typed");
        if (n->kind == NodeKind::ConstSpec) count("iota", s->index);
        return directives(s->directives);
      }
      case NodeKind::TypeSpec: {
        auto* s = as<TypeSpec>(n);
        wordIf(s->isAlias(), "alias");
        if (!s->typeParams.empty()) count("typeparams", s->typeParams.fields.size());
        return directives(s->directives);
      }
      case NodeKind::GenDecl:
        word(spelling(as<GenDecl>(n)->tok));
        return wordIf(as<GenDecl>(n)->isGroup(), "group");
      case NodeKind::FuncDecl: {
        auto* d = as<FuncDecl>(n);
        wordIf(d->isMethod, "method");
        wordIf(!d->body, "external");
        return directives(d->directives);
      }
      case NodeKind::File: {
        auto* f = as<File>(n);
        if (!f->goVersion.empty()) word(f->goVersion);
        for (const Linkname& l : f->linknames) out += fmt::format(" linkname({}, {})", l.local, l.target);
        return;
      }
      default:
        return;
    }
  }

  void directives(std::span<Directive* const> list) {
    for (const Directive* d : list) out += fmt::format(" [{}]", d->text);
  }

  const source::SourceFile& file_;
};

}  // namespace

std::string printTree(const Node* root, const source::SourceFile& file) {
  TreePrinter p(file);
  p.print(root, 0);
  return std::move(p.out);
}

std::string printTokens(source::SourceFile& file) {
  source::Arena arena;
  StringTable names;
  source::Diagnostics ignored;
  Scanner s(file, arena, names, ignored);
  std::string out;
  do {
    s.next();
    source::Position p = file.physical(s.offset);
    out += fmt::format("{}:{} {}", p.line, p.column, spelling(s.tok));
    if (s.tok == Token::Name) {
      out += fmt::format(" {}", s.text);
    } else if (s.tok == Token::Literal) {
      out += fmt::format(" {}{} {}", literalName(s.literal), s.bad ? " bad" : "", quoteString(s.text));
    } else if (s.tok == Token::Semicolon && s.semicolon != SemicolonKind::Written) {
      out += s.semicolon == SemicolonKind::Newline ? " newline" : " EOF";
    }
    out += '\n';
  } while (s.tok != Token::EndOfFile);
  return out;
}

}  // namespace burrow::syntax
