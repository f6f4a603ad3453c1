// Composite literals.
#include <algorithm>
#include <map>

#include "syntax/positions.h"
#include "types/checker.h"
#include "types/type_string.h"

namespace burrow::types {

using syntax::CompositeLit;
using syntax::KeyValueExpr;

void Checker::compositeLit(Operand& x, CompositeLit* e, Type* hint) {
  Type *type = nullptr, *base = nullptr;
  bool isElem = false;  // its type is elided: it is an element of another literal
  bool open = false;    // [...]T
  if (e->type != nullptr) {
    auto* array = dynAs<syntax::ArrayType>(e->type);
    open = array != nullptr && array->len == nullptr;
    type = open ? make<Array>(varType(array->elem), -1) : typ(e->type);
    base = type;
  } else if (hint != nullptr) {
    // *T as element type: &T{} may be written {}.
    type = base = hint;
    Type* u = isTypeParam(hint) ? commonUnder(hint) : under(hint);
    if (auto* p = as<Pointer>(u)) base = p->elem;
    isElem = true;
  } else {
    error(e, diag::MissingLitType);
    type = base = invalidType();
  }
  if (!isComplete(base)) {
    x.invalidate();
    return;
  }
  Type* u = isTypeParam(base) ? commonUnder(base) : under(base);
  TypeKind kind = u != nullptr ? u->kind : TypeKind::Basic;
  switch (kind) {
    case TypeKind::Struct:
      if (!e->elems.empty()) structLit(x, e, as<Struct>(u), base);
      break;
    case TypeKind::Array: {
      auto* a = as<Array>(u);
      int64_t n = indexedElements(e->elems, a->elem, a->length);
      if (open) {
        a->length = n;
        recordTypeAndValue(e->type, Mode::TypeExpr, a);
      }
      break;
    }
    case TypeKind::Slice: indexedElements(e->elems, as<Slice>(u)->elem, -1); break;
    case TypeKind::Map: mapLit(x, e, as<Map>(u)); break;
    default:
      for (Expr* elem : e->elems) {
        auto* kv = dynAs<KeyValueExpr>(elem);
        // Keys may be field names: only values are looked at.
        use(kv != nullptr ? kv->value : elem);
      }
      if (u == nullptr || isValid(u)) {
        error(e, diag::InvalidLitType, isElem ? " element" : "", type, u == nullptr ? " (no common underlying type)" : "");
      } else if (u == nullptr || !isValid(u)) {
        break;  // reported; the value has the invalid type
      }
      x.invalidate();
      return;
  }
  x.mode = Mode::Value;
  x.type = type;
}

void Checker::structLit(Operand& x, CompositeLit* e, Struct* s, Type* base) {
  if (dynAs<KeyValueExpr>(e->elems[0]) != nullptr) return keyedStructLit(x, e, s, base);
  auto hidden = [&](Var* f) { return !f->isExported() && f->pkg != pkg_; };
  for (size_t i = 0; i < e->elems.size(); i++) {
    if (auto* kv = dynAs<KeyValueExpr>(e->elems[i])) {
      error(kv, diag::MixedStructLit);
      continue;
    }
    genericExpr(x, e->elems[i]);
    if (i >= s->fields.size()) {
      error(x, diag::TooManyStructValues, base);
      break;
    }
    Var* f = s->fields[i];
    if (hidden(f)) {
      error(x, diag::UnexportedLitField, f->name, base);
      continue;
    }
    assignment(x, f->type, Purpose{"struct literal"});
  }
  if (e->elems.size() < s->fields.size()) {
    bool any = std::any_of(s->fields.begin(), s->fields.end(), hidden);
    error(e->rbrace, diag::TooFewStructValues, base, any ? " (type has unexported fields - use key:value pairs)" : "");
  }
}

// The names of the fields on a path, dotted.
static std::string fieldPath(Type* t, const std::vector<int>& index) {
  std::string out;
  for (int i : index) {
    auto* p = underAs<Pointer>(t);
    auto* s = underAs<Struct>(p != nullptr ? p->elem : t);
    if (s == nullptr || static_cast<size_t>(i) >= s->fields.size()) break;
    Var* f = s->fields[static_cast<size_t>(i)];
    if (!out.empty()) out += '.';
    out.append(f->name);
    t = f->type;
  }
  return out;
}

void Checker::keyedStructLit(Operand& x, CompositeLit* e, Struct* s, Type* base) {
  // Paths of the fields that have been set. A field and one of its own fields cannot both be.
  std::map<std::vector<int>, Var*> visited;
  bool anyPromoted = false;
  for (Expr* elem : e->elems) {
    auto* kv = dynAs<KeyValueExpr>(elem);
    if (kv == nullptr) {
      error(elem, diag::MixedStructLit);
      continue;
    }
    auto* key = dynAs<Ident>(kv->key);
    // The value first, so that it is looked at in any case.
    genericExpr(x, kv->value);
    if (key == nullptr) {
      error(kv, diag::InvalidFieldName, kv->key);
      continue;
    }
    LookupResult found = lookupFieldOrMethod(s, false, pkg_, key->name);
    if (found.object == nullptr) {
      LookupResult alt = lookupFieldOrMethod(s, false, pkg_, key->name, true);
      error(kv->key, diag::MissingLitField, lookupError(base, key->name, alt.object, true));
      continue;
    }
    auto* f = as<Var>(found.object);
    if (f == nullptr) {
      error(kv->key, diag::NotAField, kv->key);
      continue;
    }
    if (found.index.size() > 1 && !allows(27)) {
      requireVersion(kv->key, 27,
                     "use of promoted field " + fieldPath(s, found.index) + " in struct literal of type " + typeText(base));
      continue;
    }
    if (found.indirect) {
      error(kv->key, diag::PromotedThroughPointer, kv->key);
      continue;
    }
    recordUse(key, f);
    if (found.index.size() > 1) info_->promotedKeys[key] = list(found.index);
    assignment(x, f->type, Purpose{"struct literal"});

    auto prefixOf = [](const std::vector<int>& a, const std::vector<int>& b) {
      return a.size() < b.size() && std::equal(a.begin(), a.end(), b.begin());
    };
    auto [it, fresh] = visited.emplace(found.index, f);
    if (!fresh) {
      error(kv, diag::DuplicateLitField, f->name);
      continue;
    }
    anyPromoted = anyPromoted || found.index.size() > 1;
    if (!anyPromoted) continue;
    for (auto& [path, other] : visited) {
      if (prefixOf(path, found.index)) {
        error(kv, diag::PromotedAndEmbedded, f->name, other->name);
        break;
      }
      if (prefixOf(found.index, path)) {
        error(kv, diag::EmbeddedAndPromoted, f->name, other->name);
        break;
      }
    }
  }
}

// A text that is equal for equal constants of comparable types.
static std::string constantKey(const Constant& v) {
  if (v.kind() == Constant::Kind::String) return "s" + v.stringValue();
  if (v.kind() == Constant::Kind::Bool) return v.boolValue() ? "t" : "f";
  Constant i = v.toInt();
  if (i.kind() == Constant::Kind::Int) return "i" + i.exactStr();
  char buffer[80];
  std::snprintf(buffer, sizeof buffer, "n%a,%a", v.real().doubleValue(), v.imag().doubleValue());
  return buffer;
}

void Checker::mapLit(Operand& x, CompositeLit* e, Map* m) {
  bool keyIsInterface = isNonTypeParamInterface(m->key);
  std::unordered_map<std::string, std::vector<Type*>> visited;
  for (Expr* elem : e->elems) {
    auto* kv = dynAs<KeyValueExpr>(elem);
    if (kv == nullptr) {
      error(elem, diag::MissingKey);
      continue;
    }
    genericExpr(x, kv->key, m->key);
    assignment(x, m->key, Purpose{"map literal"});
    if (!x.isValid()) continue;
    if (x.isConstant() && x.value.isKnown()) {
      auto& types = visited[constantKey(x.value)];
      bool duplicate = std::any_of(types.begin(), types.end(),
                                   [&](Type* t) { return !keyIsInterface || identical(t, x.type); });
      if (duplicate) {
        error(x, diag::DuplicateKey, x.value.str());
        continue;
      }
      types.push_back(x.type);
    }
    genericExpr(x, kv->value, m->elem);
    assignment(x, m->elem, Purpose{"map literal"});
  }
}

int64_t Checker::indexedElements(std::span<Expr* const> elems, Type* t, int64_t length) {
  std::unordered_set<int64_t> visited;
  bool keyed = false;  // without keys no index can occur twice
  int64_t at = 0, max = 0;
  for (Expr* e : elems) {
    bool validIndex = false;
    Expr* value = e;
    if (auto* kv = dynAs<KeyValueExpr>(e)) {
      if (!keyed)
        for (int64_t i = 0; i < at; i++) visited.insert(i);
      keyed = true;
      int64_t i = -1;
      if (isValid(index(kv->key, length, &i))) {
        if (i >= 0) {
          at = i;
          validIndex = true;
        } else {
          error(e, diag::IndexNotConstant, kv->key);
        }
      }
      value = kv->value;
    } else if (length >= 0 && at >= length) {
      error(e, diag::IndexBeyondArray, at, length);
    } else {
      validIndex = true;
    }
    if (validIndex && keyed && !visited.insert(at).second) error(e, diag::DuplicateIndex, at);
    at++;
    max = std::max(max, at);
    Operand x;
    genericExpr(x, value, t);
    assignment(x, t, Purpose{"array or slice literal"});
  }
  return max;
}

}  // namespace burrow::types
