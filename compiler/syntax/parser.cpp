// See parser.h and parser_impl.h. Here: tokens, errors, names, and the file as a whole.
#include "source/deep_stack.h"
#include "syntax/parser_impl.h"

#include <algorithm>

namespace burrow::syntax {

namespace {

// Keywords that start a statement: where recovery inside a function stops in any case.
constexpr TokenSet kStatementStart = {Token::Break, Token::Const, Token::Continue, Token::Defer, Token::Fallthrough,
                                      Token::For,   Token::Go,    Token::Goto,     Token::If,    Token::Return,
                                      Token::Select, Token::Switch, Token::Type,   Token::Var};
constexpr TokenSet kDeclarationStart = {Token::Import, Token::Const, Token::Type, Token::Var, Token::Func};

}  // namespace

Parser::Parser(source::SourceFile& file, source::Arena& arena, StringTable& names, const ParseOptions& options,
               source::Diagnostics& diagnostics)
    : s_(file, arena, names, diagnostics),
      arena_(arena),
      names_(names),
      options_(options),
      diagnostics_(diagnostics),
      ids_(options.ids ? *options.ids : ownIds_),
      blankName_(names.intern("_")),
      dotName_(names.intern(".")) {}

// ---------------------------------------------------------------------------------------------------------------------
// Tokens and errors

Pos Parser::want(Token t) {
  Pos at = pos();
  if (got(t)) return at;
  at = missing();
  expected(expectedText(t));
  advance();
  return at;
}

// The place of a token that should be here. It counts as one byte long, so it is never behind the file's last byte.
Pos Parser::missing() const {
  uint32_t size = s_.file().size();
  return s_.offset == size && size > 0 ? s_.file().pos(size - 1) : pos();
}

// An "=", or a ":=" that should be one.
bool Parser::gotAssign(Pos* assign) {
  if (tok() == Token::Define) {
    expected("=");
  } else if (tok() != Token::Assign) {
    return false;
  }
  *assign = pos();
  next();
  return true;
}

// Skips to a token of `follow` or, inside functions, to the start of a statement. With nothing given it skips one
// token, so that there is progress.
void Parser::advance(const TokenSet& follow) {
  if (follow.empty()) {
    if (tok() != Token::EndOfFile) next();
    return;
  }
  TokenSet stop = functionDepth_ > 0 ? follow | kStatementStart : follow;
  while (tok() != Token::EndOfFile && !stop.has(tok())) next();
}

// Whether the tree would become too deep with `more` levels. Then parsing is over: the error is reported and only the
// end of the file follows.
bool Parser::tooDeep(int more) {
  if (depth_ + more <= kMaxNesting) return false;
  if (!gaveUp_) {
    gaveUp_ = true;
    error(pos(), diag::NestingTooDeep);
    s_.stop();
  }
  return true;
}

void Parser::expected(std::string_view what) { unexpected(diag::Unexpected, what); }

bool Parser::isNewErrorLine(Pos at) {
  const auto& starts = s_.file().lineStarts;
  auto line = static_cast<size_t>(std::upper_bound(starts.begin(), starts.end(), s_.file().offset(at)) -
                                  starts.begin());
  return std::exchange(lastErrorLine_, line) != line;
}

// Where an error at `at` is reported: go/parser knows no line behind the last newline.
Pos Parser::place(Pos at) const {
  const source::SourceFile& f = s_.file();
  bool atEnd = at.isValid() && f.offset(at) == f.size() && f.text.ends_with('\n');
  return atEnd && options_.likeGoParser ? f.pos(f.size() - 1) : at;
}

// The current token, as "unexpected ..." names it.
std::string Parser::tokenText() const {
  switch (tok()) {
    case Token::Name: return "name " + std::string(s_.text);
    case Token::Literal: return "literal " + std::string(s_.text);
    case Token::Semicolon:
      switch (s_.semicolon) {
        case SemicolonKind::Written: return "semicolon";
        case SemicolonKind::Newline: return "newline";
        case SemicolonKind::EndOfFile: return "EOF";
      }
      [[fallthrough]];
    default:
      if (isKeyword(tok())) return "keyword " + std::string(spelling(tok()));
      return tok() == Token::Comma ? "comma" : std::string(spelling(tok()));
  }
}

// A token, as "expected ..." names it.
std::string_view Parser::expectedText(Token t) {
  switch (t) {
    case Token::Comma: return "comma";
    case Token::Semicolon: return "semicolon or newline";
    case Token::Chan: return "keyword chan";
    default: return spelling(t);
  }
}

// ---------------------------------------------------------------------------------------------------------------------
// Names and literals

Ident* Parser::makeName(Pos at, std::string_view interned) {
  auto* n = make<Ident>(at);
  n->name = interned;
  return n;
}

// A blank name where one is missing. As with `missing`, it has to lie inside the file.
Ident* Parser::inventName(Pos at) {
  const source::SourceFile& f = s_.file();
  bool atEnd = f.offset(at) == f.size() && f.size() > 0;
  return makeName(atEnd ? f.pos(f.size() - 1) : at, blankName_);
}

Ident* Parser::name() {
  Ident* n = tok() == Token::Name ? makeName(pos(), s_.text) : inventName(pos());
  if (tok() == Token::Name) {
    next();
  } else {
    expected("name");
    advance();
  }
  return n;
}

std::span<Ident*> Parser::nameList(Ident* first) {
  if (tok() != Token::Comma) return one(first);
  List<Ident> list(*this);
  list.add(first);
  while (got(Token::Comma)) list.add(name());
  return list.finish();
}

BasicLit* Parser::literalOrNull() {
  if (tok() != Token::Literal) return nullptr;
  auto* n = make<BasicLit>(pos());
  n->value = s_.text;
  n->literal = s_.literal;
  n->bad = s_.bad;
  next();
  return n;
}

// ---------------------------------------------------------------------------------------------------------------------
// Files

// SourceFile = PackageClause ";" { ImportDecl ";" } { TopLevelDecl ";" } .
File* Parser::parseFile() {
  next();
  auto* file = make<File>(pos());
  file->source = &s_.file();
  file->importsOnly = options_.importsOnly;

  auto finish = [&] {
    finishDirectives(file);
    file->eof = s_.file().pos(s_.file().size());
    file->hasErrors = s_.errorCount + sideErrors_ > 0;
    return file;
  };

  if (!got(Token::Package)) {
    syntaxError(pos(), diag::PackageFirst);
    return finish();
  }
  file->fileDirectives = takeDirectives(Pragma::Build, false);
  file->name = name();
  want(Token::Semicolon);
  if (s_.errorCount > 0) return finish();

  List<Decl> decls(*this);
  Token previous = Token::Import;
  while (tok() != Token::EndOfFile) {
    if (tok() == Token::Import && previous != Token::Import) syntaxError(pos(), diag::ImportsFirst);
    previous = tok();

    switch (tok()) {
      case Token::Import:
        decls.add(genDecl());
        break;
      case Token::Const:
      case Token::Type:
      case Token::Var:
      case Token::Func:
        if (options_.importsOnly) goto done;
        if (tok() == Token::Func) {
          decls.add(funcDecl());
        } else {
          decls.add(genDecl());
        }
        break;
      default: {
        if (options_.importsOnly) goto done;
        auto* before = decls.empty() ? nullptr : dynAs<FuncDecl>(decls.back());
        if (tok() == Token::LeftBrace && before && !before->body) {
          syntaxError(pos(), diag::BraceOnNextLine);
        } else {
          syntaxError(pos(), diag::StatementOutsideFunction);
        }
        advance(kDeclarationStart);
        continue;
      }
    }

    // Before the semicolon is consumed: what the scanner meets behind it belongs to the next declaration.
    clearDirectives();
    if (tok() != Token::EndOfFile && !got(Token::Semicolon)) {
      unexpected(diag::UnexpectedAfterDeclaration);
      advance(kDeclarationStart);
    }
  }
  clearDirectives();

done:
  file->decls = decls.finish();
  List<ImportSpec> imports(*this);
  for (Decl* d : file->decls) {
    auto* g = dynAs<GenDecl>(d);
    if (!g || g->tok != Token::Import) continue;
    for (Spec* spec : g->specs) imports.add(as<ImportSpec>(spec));
  }
  file->imports = imports.finish();
  file->localTypes = arena_.copy(localTypes_);
  return finish();
}

File* parseFile(source::SourceFile& file, source::Arena& arena, StringTable& names, const ParseOptions& options,
                source::Diagnostics& diagnostics) {
  File* tree = nullptr;
  source::onDeepStack([&] { tree = Parser(file, arena, names, options, diagnostics).parseFile(); });
  return tree;
}

}  // namespace burrow::syntax
