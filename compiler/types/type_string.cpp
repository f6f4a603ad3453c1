// Types and objects as text. Two writers: one prints as gc's diagnostics do, the other as gc's linker and package reflect
// name types (blanks inside braces, no parameter names, aliases resolved).
#include "types/type_string.h"

#include <algorithm>
#include <unordered_set>

#include "source/pos.h"
#include "types/queries.h"
#include "types/text.h"

namespace burrow::types {

namespace {

// Whether packages that `from` imports, directly or not, share the name of `pkg` with another path.
bool nameClashes(const Package* from, const Package* pkg) {
  std::vector<const Package*> work{from};
  std::unordered_set<const Package*> seen{from};
  while (!work.empty()) {
    const Package* p = work.back();
    work.pop_back();
    if (p != pkg && p->name == pkg->name && p->path != pkg->path) return true;
    for (const Package* i : p->imports)
      if (seen.insert(i).second) work.push_back(i);
  }
  return false;
}

std::string subscript(uint32_t n) {
  std::string out;
  for (char c : std::to_string(n)) appendRune(out, 0x2080 + static_cast<uint32_t>(c - '0'));
  return out;
}

class Writer {
 public:
  explicit Writer(const StringStyle& style) : style_(style) {}
  std::string out;

  bool linkStyle() const { return style_.qualify != Qualify::Diagnostic; }
  bool spaced() const { return linkStyle() || style_.spaced; }

  void package(const Package* pkg) {
    if (pkg == nullptr) return;
    switch (style_.qualify) {
      case Qualify::PackageName: out.append(pkg->name) += '.'; return;
      case Qualify::PackagePath: out.append(pkg->path) += '.'; return;
      case Qualify::Diagnostic: break;
    }
    if (pkg == style_.from) return;
    if (style_.from == nullptr) {
      out.append(pkg->path);
    } else if (nameClashes(style_.from, pkg)) {
      out += quote(pkg->path);
    } else {
      out.append(pkg->name);
    }
    out += '.';
  }

  void typeName(const TypeName* o) {
    package(o->pkg);
    out.append(o->name);
  }

  void types(std::span<Type* const> list) {
    for (size_t i = 0; i < list.size(); i++) {
      if (i > 0) out += linkStyle() ? "," : ", ";
      type(list[i]);
    }
  }

  void typeArgs(std::span<Type* const> list, std::span<Type* const> outer) {
    if (list.empty() && outer.empty()) return;
    out += '[';
    types(outer);
    if (!list.empty() && !outer.empty()) out += ';';
    types(list);
    out += ']';
  }

  void typeParams(std::span<TypeParam* const> list) {
    out += '[';
    Type* previous = nullptr;
    for (size_t i = 0; i < list.size(); i++) {
      if (i > 0) {
        if (list[i]->bound != previous && previous != nullptr) {
          out += ' ';
          type(previous);
        }
        out += ", ";
      }
      previous = list[i]->bound;
      type(list[i]);
    }
    if (previous != nullptr) {
      out += ' ';
      type(previous);
    }
    out += ']';
  }

  static std::string place(const Object* o) {
    if (o->pkg == nullptr || o->pkg->sources == nullptr) return "?";
    return o->pkg->sources->position(o->pos).str();
  }

  void typeParam(TypeParam* p) {
    out.append(p->object->name);
    if (style_.typeParamIds) out += subscript(p->id);
    if (!linkStyle() && universe().scope->lookup(p->object->name) != nullptr)
      out += " /* with " + std::string(p->object->name) + " declared at " + place(p->object) + " */";
  }

  void tuple(Tuple* t, bool variadic) {
    out += '(';
    for (size_t i = 0; i < t->vars.size(); i++) {
      Var* v = t->vars[i];
      if (i > 0) out += ", ";
      if (!linkStyle() && style_.paramNames && !v->name.empty()) out.append(v->name) += ' ';
      auto* slice = as<Slice>(v->type);
      if (variadic && i + 1 == t->vars.size()) {
        if (slice != nullptr) {
          out += "...";
          type(slice->elem);
        } else {  // append(b, s...) with a string
          type(v->type);
          out += "...";
        }
      } else {
        type(v->type);
      }
    }
    out += ')';
  }

  void signature(Signature* s) {
    if (!s->typeParams.empty() && !linkStyle()) typeParams(s->typeParams);
    tuple(s->params, s->variadic);
    if (s->results->size() == 0) return;
    out += ' ';
    Var* first = s->results->vars[0];
    if (s->results->size() == 1 && (linkStyle() || first->name.empty())) {
      type(first->type);
    } else {
      tuple(s->results, false);
    }
  }

  void structure(Struct* s) {
    out += spaced() ? "struct {" : "struct{";
    for (size_t i = 0; i < s->fields.size(); i++) {
      Var* f = s->fields[i];
      if (i > 0) out += spaced() ? ";" : "; ";
      if (spaced()) out += ' ';
      bool comment = style_.packageComments && !f->isExported() && f->pkg != nullptr;
      if (!f->embedded) {
        if (style_.qualify == Qualify::PackagePath && !f->isExported()) package(f->pkg);
        out.append(f->name) += ' ';
      }
      type(f->type);
      if (comment) {
        style_.packageComments = false;  // once is enough
        out += " /* package " + std::string(f->pkg->path) + " */ ";
      }
      if (!s->tag(i).empty()) out += ' ' + quote(s->tag(i));
    }
    out += spaced() && !s->fields.empty() ? " }" : "}";
  }

  // The link form lists all methods; interfaces with terms do not occur there.
  void linkInterface(Interface* t) {
    out += "interface {";
    auto methods = typeSetOf(t)->methods;
    for (size_t i = 0; i < methods.size(); i++) {
      out += i > 0 ? "; " : " ";
      if (!methods[i]->isExported()) package(methods[i]->pkg);
      out.append(methods[i]->name);
      signature(methods[i]->signature());
    }
    out += methods.empty() ? "}" : " }";
  }

  void interface(Interface* t) {
    if (spaced()) return linkInterface(t);
    if (t == as<Named>(universe().comparableType)->underlying) {
      out += "interface{comparable}";
      return;
    }
    if (t->implicit) {
      if (t->methods.empty() && t->embeddeds.size() == 1) return type(t->embeddeds[0]);
      out += "/* implicit */ ";
    }
    out += "interface{";
    bool first = true;
    auto separate = [&] {
      if (!first) out += "; ";
      first = false;
    };
    // gc keeps an interface's own methods sorted.
    std::vector<Func*> methods(t->methods.begin(), t->methods.end());
    std::stable_sort(methods.begin(), methods.end(), methodLess);
    for (Func* m : methods) {
      separate();
      out.append(m->name);
      if (auto* s = as<Signature>(m->type)) signature(s);
    }
    for (Type* e : t->embeddeds) {
      separate();
      type(e);
    }
    out += '}';
  }

  void chan(Chan* c) {
    auto* inner = as<Chan>(linkStyle() ? unalias(c->elem) : c->elem);
    bool parens = c->dir == ChanDir::Both && inner != nullptr && inner->dir == ChanDir::RecvOnly;
    out += c->dir == ChanDir::Both ? "chan " : c->dir == ChanDir::SendOnly ? "chan<- " : "<-chan ";
    if (parens) out += '(';
    type(c->elem);
    if (parens) out += ')';
  }

  void basic(Basic* b) {
    if (b->basic == BasicKind::UnsafePointer) {
      out += style_.from == universe().unsafe ? "Pointer" : "unsafe.Pointer";
    } else {
      out.append((linkStyle() ? basicType(b->basic) : b)->name);
    }
  }

  void named(Named* n) {
    typeName(n->object);
    if (linkStyle() && n->object->localIndex != 0 && style_.qualify == Qualify::PackagePath)
      out += "\u00b7" + std::to_string(n->object->localIndex);
    if (n->isInstance()) {
      typeArgs(n->typeArgs, linkStyle() ? std::span<Type* const>(n->outerArgs) : std::span<Type* const>());
    } else if (!n->typeParams.empty() && !linkStyle()) {
      typeParams(n->typeParams);
    }
  }

  void type(Type* t) {
    if (t == nullptr) {
      out += "<nil>";
      return;
    }
    if (spaced() && !(style_.spaced && t == universe().anyType)) t = unalias(t);
    if (std::find(open_.begin(), open_.end(), t) != open_.end()) {
      out += "<cycle>";
      return;
    }
    open_.push_back(t);
    switch (t->kind) {
      case TypeKind::Basic: basic(as<Basic>(t)); break;
      case TypeKind::Named: named(as<Named>(t)); break;
      case TypeKind::Alias:
        typeName(as<Alias>(t)->object);
        if (!as<Alias>(t)->typeArgs.empty()) {
          typeArgs(as<Alias>(t)->typeArgs, {});
        } else if (!as<Alias>(t)->typeParams.empty()) {
          typeParams(as<Alias>(t)->typeParams);
        }
        break;
      case TypeKind::Pointer:
        out += '*';
        type(as<Pointer>(t)->elem);
        break;
      case TypeKind::Slice:
        out += "[]";
        type(as<Slice>(t)->elem);
        break;
      case TypeKind::Array:
        out += '[' + std::to_string(as<Array>(t)->length) + ']';
        type(as<Array>(t)->elem);
        break;
      case TypeKind::Map:
        out += "map[";
        type(as<Map>(t)->key);
        out += ']';
        type(as<Map>(t)->elem);
        break;
      case TypeKind::Chan: chan(as<Chan>(t)); break;
      case TypeKind::Struct: structure(as<Struct>(t)); break;
      case TypeKind::Tuple: tuple(as<Tuple>(t), false); break;
      case TypeKind::Signature:
        out += "func";
        signature(as<Signature>(t));
        break;
      case TypeKind::Interface: interface(as<Interface>(t)); break;
      case TypeKind::Union: {
        bool first = true;
        for (const Term& term : as<Union>(t)->terms) {
          if (!first) out += " | ";
          first = false;
          if (term.tilde) out += '~';
          type(term.type);
        }
        break;
      }
      case TypeKind::TypeParam: typeParam(as<TypeParam>(t)); break;
    }
    open_.pop_back();
  }

 private:
  StringStyle style_;
  std::vector<Type*> open_;  // types being written; only invalid ones can contain themselves here
};

}  // namespace

std::string typeString(Type* t, const StringStyle& style) {
  Writer w(style);
  w.type(t);
  return std::move(w.out);
}

std::string typeString(Type* t, const Package* from) {
  StringStyle style;
  style.from = from;
  return typeString(t, style);
}

std::string linkName(Type* t) {
  StringStyle style;
  style.qualify = Qualify::PackagePath;
  return typeString(t, style);
}

std::string signatureString(Signature* s, const StringStyle& style) {
  Writer w(style);
  w.signature(s);
  return std::move(w.out);
}

std::string funcString(Func* f, const StringStyle& style) {
  return std::string(f->name) + signatureString(f->signature(), style);
}

std::string objectString(Object* o, const Package* from) {
  StringStyle style;
  style.from = from;
  Writer w(style);
  auto qualified = [&] {
    if (o->isPackageLevel()) w.package(o->pkg);
    w.out.append(o->name);
  };
  Type* type = o->type;
  switch (o->kind) {
    case ObjectKind::PkgName: {
      auto* p = as<PkgName>(o);
      w.out = "package " + std::string(p->name);
      if (!p->imported->path.empty() && p->imported->path != p->name) w.out += " (" + quote(p->imported->path) + ")";
      return std::move(w.out);
    }
    case ObjectKind::Func: {
      w.out = "func ";
      auto* s = as<Signature>(type);
      if (s != nullptr && s->recv != nullptr) {
        w.out += '(';
        if (is<Interface>(s->recv->type)) {
          w.out += "interface";
        } else {
          w.type(s->recv->type);
        }
        w.out += ").";
      } else {
        w.package(o->pkg);
      }
      w.out.append(o->name);
      if (s != nullptr) w.signature(s);
      return std::move(w.out);
    }
    case ObjectKind::Nil: return "nil";
    case ObjectKind::Label: return "label " + std::string(o->name);
    case ObjectKind::Builtin: return "builtin " + std::string(o->name);
    case ObjectKind::Const: w.out = "const "; break;
    case ObjectKind::Var: w.out = as<Var>(o)->isField() ? "field " : "var "; break;
    case ObjectKind::TypeName: w.out = is<TypeParam>(type) ? "type parameter " : "type "; break;
  }
  qualified();
  if (type == nullptr) return std::move(w.out);
  if (auto* tn = as<TypeName>(o)) {
    if (is<Basic>(type) && !tn->isAlias()) return std::move(w.out);
    if (auto* n = as<Named>(type); n != nullptr && !n->typeParams.empty()) w.typeParams(n->typeParams);
    if (auto* a = as<Alias>(type); a != nullptr && !a->typeParams.empty()) w.typeParams(a->typeParams);
    if (tn->isAlias()) {
      w.out += " =";
      if (auto* a = as<Alias>(type)) type = a->rhs;
    } else if (auto* p = as<TypeParam>(type)) {
      type = p->bound;
    } else {
      type = under(type);
    }
  }
  w.out += ' ';
  w.type(type);
  return std::move(w.out);
}

}  // namespace burrow::types
