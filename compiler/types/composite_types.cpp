// Struct types, interface types and unions.
#include "syntax/positions.h"

#include <algorithm>
#include "types/checker.h"
#include "types/termlist.h"
#include "types/text.h"
#include "types/type_string.h"

namespace burrow::types {

static constexpr size_t kMaxTerms = 100;  // of a union; gc's limit

// --- Structs -----------------------------------------------------------------------------------------------------

// The name of an embedded field: T in T, *T, p.T, T[int].
static Ident* embeddedFieldName(Expr* e) {
  bool pointer = false;
  for (;;) {
    if (auto* id = dynAs<Ident>(e)) return id;
    if (auto* s = dynAs<syntax::SelectorExpr>(e)) return s->sel;
    if (auto* i = dynAs<syntax::IndexExpr>(e)) {
      e = i->x;
    } else if (auto* star = dynAs<syntax::StarExpr>(e); star != nullptr && !pointer) {
      pointer = true;
      e = star->x;
    } else {
      return nullptr;
    }
  }
}

std::string Checker::structTag(const syntax::BasicLit* tag) {
  std::string value;
  if (tag == nullptr || tag->bad) return value;
  if (tag->literal != syntax::LiteralKind::String || !unquoteString(tag->value, &value)) {
    error(tag, diag::IncorrectTag, quote(tag->value));
    value.clear();
  }
  return value;
}

void Checker::structType(Struct* t, syntax::StructType* e) {
  std::vector<Var*> fields;
  std::vector<std::string_view> tags;
  NameSet names;
  bool anyTag = false;
  auto add = [&](Ident* name, Type* type, bool embedded, std::string_view tag) {
    Var* f = newVar(VarKind::Field, name->pos, name->name, type);
    f->embedded = embedded;
    if (name->name != "_") {
      if (Object* other = names.insert(f)) {
        errorWithNotes(name, otherDeclaration(other), diag::FieldRedeclared, name->name);
        return;
      }
    }
    fields.push_back(f);
    tags.push_back(tag);
    anyTag = anyTag || !tag.empty();
    recordDef(name, f);
  };
  for (syntax::Field* f : e->fields.fields) {
    Type* type = varType(f->type);
    std::string_view tag = arena().copy(structTag(f->tag));
    for (Ident* name : f->names) add(name, type, false, tag);
    if (!f->names.empty()) continue;
    Pos pos = syntax::reportPos(f->type);
    Ident* name = embeddedFieldName(f->type);
    if (name == nullptr) continue;  // the parser has complained
    add(name, type, true, tag);
    later([this, type, pos] { embeddedField(type, pos); });
  }
  t->fields = list(fields);
  if (anyTag) t->tags = list(tags);
}

void Checker::embeddedField(Type* type, Pos pos) {
  auto [t, isPointer] = derefPointer(type);
  Type* u = under(t);
  if (!isValid(t)) return;
  if (isUnsafePointer(u)) {
    error(pos, diag::EmbeddedUnsafePointer);
  } else if (is<Pointer>(u)) {
    error(pos, diag::EmbeddedPointer);
  } else if (is<Interface>(u)) {
    if (isTypeParam(t)) {
      error(pos, diag::EmbeddedTypeParam);
    } else if (isPointer) {
      error(pos, diag::EmbeddedInterfacePointer);
    }
  }
}

// --- Interfaces --------------------------------------------------------------------------------------------------

void Checker::interfaceType(Interface* t, syntax::InterfaceType* e, TypeName* def) {
  std::vector<Func*> methods;
  std::vector<Type*> embeddeds;
  std::vector<Pos> embedPos;
  Type* recvType = t;
  if (def != nullptr && def->type != nullptr)
    if (auto* n = unaliasAs<Named>(def->type)) recvType = n;
  for (syntax::Field* f : e->elems.fields) {
    if (f->names.empty()) {
      embeddeds.push_back(unionType(f->type));
      embedPos.push_back(syntax::reportPos(f->type));
      continue;
    }
    Ident* name = f->names[0];
    if (name->name == "_") {
      error(name, diag::BlankMethod);
      continue;
    }
    auto* sig = as<Signature>(typ(f->type));
    if (sig == nullptr) continue;
    sig->recv = newVar(VarKind::Receiver, name->pos, "", recvType);
    auto* m = make<Func>(name->pos, pkg_, name->name, sig);
    m->isInterfaceMethod = true;
    recordDef(name, m);
    methods.push_back(m);
  }
  t->methods = list(methods);
  t->embeddeds = list(embeddeds);
  t->embedPos = list(embedPos);
  t->complete = true;
  if (!methods.empty() || !embeddeds.empty()) later([this, t] { validateInterface(t); });
}

// Reports methods that collide, and elements that the language version does not have.
void Checker::validateInterface(Interface* t) {
  struct Entry {
    Func* method;
    Pos pos;
  };
  std::vector<Entry> all;
  NameSet names;
  auto duplicate = [&](Func* m, Pos pos, Object* other) {
    Pos otherPos = other->pos;
    for (const Entry& e : all)
      if (e.method == other) otherPos = e.pos;
    errorWithNotes(pos, {{otherPos, "other declaration of method " + std::string(m->name)}}, diag::DuplicateMethod, m->name);
  };
  for (Func* m : t->methods) {
    if (Object* other = names.insert(m)) {
      duplicate(m, m->pos, other);
    } else {
      all.push_back({m, m->pos});
    }
  }
  std::vector<Type*> kept;  // those that the language version knows
  for (size_t i = 0; i < t->embeddeds.size(); i++) {
    Pos pos = t->embedPos[i];
    Type* embedded = t->embeddeds[i];
    Type* u = under(embedded);
    if (auto* inner = as<Interface>(u)) {
      TypeSet* set = typeSetOf(inner);
      auto* n = unaliasAs<Named>(embedded);
      bool foreign = n != nullptr && n->object->pkg != pkg_ && n->object->pkg != nullptr;
      if (foreign && !set->isMethodSet() && !requireVersion(pos, 18, "embedding constraint interface " + typeText(embedded)))
        continue;
      for (Func* m : set->methods) {
        if (Object* other = names.insert(m)) {
          bool same = other == m || identical(m->signature(), as<Func>(other)->signature());
          if (!allows(14) || !same) duplicate(m, pos, other);
        } else {
          all.push_back({m, pos});
        }
      }
    } else if (is<Union>(u)) {
      if (!requireVersion(pos, 18, "embedding interface element " + typeText(u))) continue;
      if (typeSetOfUnion(as<Union>(u)).terms.size() > kMaxTerms) {
        error(pos, diag::TooManyTerms, kMaxTerms);
        continue;
      }
    } else if (isValid(u)) {
      if (!requireVersion(pos, 18, "embedding non-interface type " + typeText(embedded))) continue;
    }
    kept.push_back(embedded);
  }
  if (kept.size() != t->embeddeds.size()) {
    t->embeddeds = list(kept);
    t->embedPos = t->embedPos.subspan(0, kept.size());
    t->typeSet = nullptr;
  }
  typeSetOf(t);
}

// --- Unions ------------------------------------------------------------------------------------------------------

Type* Checker::unionType(Expr* e) {
  std::vector<Expr*> terms;  // left to right
  std::vector<Expr*> operators;
  for (;;) {
    auto* b = dynAs<syntax::BinaryExpr>(e);
    if (b == nullptr || b->op != Token::Or) break;
    terms.push_back(b->y);
    operators.push_back(b);
    e = b->x;
  }
  terms.push_back(e);
  std::reverse(terms.begin(), terms.end());
  std::vector<Term> all;
  for (size_t i = 0; i < terms.size(); i++) {
    Term term = unionTerm(terms[i]);
    if (terms.size() == 1 && !term.tilde) return term.type;
    if (all.size() == kMaxTerms) {
      error(terms[i], diag::TooManyTerms, kMaxTerms);
      return invalidType();
    }
    all.push_back(term);
  }
  auto* u = make<Union>(list(all));
  for (Expr* op : operators) recordTypeAndValue(op, Mode::TypeExpr, u);
  later([this, terms = std::move(terms), all = std::move(all)] { validateTerms(terms, all); });
  return u;
}

Term Checker::unionTerm(Expr* e) {
  Expr* x = e;
  auto* u = dynAs<syntax::UnaryExpr>(e);
  bool tilde = u != nullptr && u->op == Token::Tilde;
  if (tilde) x = u->x;
  Type* t = typ(x);
  // A type parameter's type set is not known here.
  if (isTypeParam(t)) {
    if (tilde) {
      error(x, diag::TypeParamTerm, e);
    } else {
      error(x, diag::TypeParamUnion);
    }
    t = invalidType();
  }
  Term term{tilde, t};
  if (tilde) recordTypeAndValue(e, Mode::TypeExpr, make<Union>(list(std::vector<Term>{term})));
  return term;
}

void Checker::validateTerms(const std::vector<Expr*>& exprs, const std::vector<Term>& terms) {
  auto termText = [&](const Term& t) { return (t.tilde ? "~" : "") + typeString(t.type); };  // with paths, as gc
  for (size_t i = 0; i < terms.size(); i++) {
    const Term& term = terms[i];
    if (!isValid(term.type)) continue;
    Type* u = under(term.type);
    auto* interface = as<Interface>(u);
    if (term.tilde) {
      if (interface != nullptr) {
        error(exprs[i], diag::TildeInterface, term.type);
        continue;
      }
      if (!identical(u, term.type)) {
        error(exprs[i], diag::TildeNotUnderlying, term.type, u);
        continue;
      }
    }
    if (interface != nullptr) {
      TypeSet* set = typeSetOf(interface);
      if (!set->methods.empty()) {
        error(exprs[i], diag::UnionWithMethods, termText(term), termText(term));
      } else if (term.type == universe().comparableType) {
        error(exprs[i], diag::UnionComparable);
      } else if (set->comparable) {
        error(exprs[i], diag::UnionEmbedsComparable, termText(term), termText(term));
      }
      continue;
    }
    for (size_t k = 0; k < i; k++) {
      if (!isValid(terms[k].type) || isInterface(terms[k].type) || termsDisjoint(terms[k], term)) continue;
      error(exprs[i], diag::OverlappingTerms, termText(term), termText(terms[k]));
      break;
    }
  }
}

}  // namespace burrow::types
