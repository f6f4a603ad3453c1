// Types as text: in Go's syntax, with link names (IR text, symbols) or with package names (reflect, messages). See type.h.
#include "ir/type.h"
#include "ir/text.h"
#include "source/unicode.h"

namespace burrow::ir {
namespace {

constexpr std::string_view kBasicNames[] = {
    "invalid", "bool",   "int",    "int8",    "int16",   "int32",     "int64",      "uint",   "uint8",         "uint16",
    "uint32",  "uint64", "uintptr", "float32", "float64", "complex64", "complex128", "string", "unsafe.Pointer",
};

enum Mode { kLink, kQuoted, kGo };

// "a/b.c" -> "c": the package's name as far as its path tells.
std::string_view lastElement(std::string_view path) {
  size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

}  // namespace

void TypeTable::write(TypeId t, int mode, std::string& out) const {
  const TypeData& d = types_[t.value];
  auto list = [&](const std::vector<TypeId>& types, bool variadic) {
    out += '(';
    for (size_t i = 0; i < types.size(); i++) {
      if (i != 0) out += ", ";
      if (variadic && i + 1 == types.size()) {
        out += "...";
        write(types_[underlying(types[i]).value].elem, mode, out);
      } else {
        write(types[i], mode, out);
      }
    }
    out += ')';
  };
  auto signature = [&](const TypeData& f) {
    list(f.params, f.variadic);
    if (f.results.empty()) return;
    out += ' ';
    if (f.results.size() == 1 && types_[f.results[0].value].kind != TypeKind::Tuple) {
      write(f.results[0], mode, out);
    } else {
      list(f.results, false);
    }
  };
  auto memberName = [&](const std::string& name, const std::string& pkgPath) {
    // Names of different packages are different names; only reflect's form leaves the package out.
    if (mode == kQuoted && !pkgPath.empty()) out += quote(pkgPath) + '.';
    if (mode == kLink && !pkgPath.empty()) out += pkgPath + '.';
    out += name;
  };
  switch (d.kind) {
    case TypeKind::Pointer:
      out += '*';
      write(d.elem, mode, out);
      break;
    case TypeKind::Slice:
      out += "[]";
      write(d.elem, mode, out);
      break;
    case TypeKind::Array:
      out += '[' + std::to_string(d.length) + ']';
      write(d.elem, mode, out);
      break;
    case TypeKind::Chan: {
      out += d.chanDir == ChanDir::Recv ? "<-chan " : d.chanDir == ChanDir::Send ? "chan<- " : "chan ";
      const TypeData& e = types_[d.elem.value];
      bool parens = d.chanDir == ChanDir::Both && e.kind == TypeKind::Chan && e.chanDir == ChanDir::Recv;
      if (parens) out += '(';
      write(d.elem, mode, out);
      if (parens) out += ')';
      break;
    }
    case TypeKind::Map:
      out += "map[";
      write(d.key, mode, out);
      out += ']';
      write(d.elem, mode, out);
      break;
    case TypeKind::Struct:
      if (d.fields.empty()) {
        out += "struct {}";
        break;
      }
      out += "struct { ";
      for (size_t i = 0; i < d.fields.size(); i++) {
        const Field& f = d.fields[i];
        if (i != 0) out += "; ";
        if (mode == kQuoted && f.embedded) out += "^";
        // The name of an embedded field is its type's, unless that is predeclared (`int` and `error` are other fields in each
        // package), an alias or an instance.
        const TypeData& e = types_[f.type.value];
        const TypeData& base = e.kind == TypeKind::Pointer ? types_[e.elem.value] : e;
        const bool named = base.kind == TypeKind::Named && base.name.ends_with('.' + f.name);
        if (mode == kQuoted || !f.embedded || (mode == kLink && !named)) {
          memberName(f.name, f.pkgPath);
          out += mode == kLink && f.embedded ? " = " : " ";
        }
        write(f.type, mode, out);
        // What reflect shows has the characters themselves.
        if (!f.tag.empty()) out += ' ' + (mode == kGo ? source::quoteString(f.tag) : quote(f.tag));
      }
      out += " }";
      break;
    case TypeKind::Func:
      out += "func";
      signature(d);
      break;
    case TypeKind::Interface:
      if (d.methods.empty()) {
        out += "interface {}";
        break;
      }
      out += "interface { ";
      for (size_t i = 0; i < d.methods.size(); i++) {
        if (i != 0) out += "; ";
        // reflect shows the package of an unexported method, but of no field.
        if (mode == kGo && !d.methods[i].pkgPath.empty()) out += std::string(lastElement(d.methods[i].pkgPath)) + '.';
        memberName(d.methods[i].name, d.methods[i].pkgPath);
        signature(types_[d.methods[i].type.value]);
      }
      out += " }";
      break;
    case TypeKind::Tuple:
      out += "tuple";
      list(d.results, false);
      break;
    case TypeKind::Named:
      if (mode == kQuoted) {
        out += quote(d.name);
      } else if (mode == kGo) {
        out += d.goName.empty() ? std::string(lastElement(d.name)) : d.goName;
      } else {
        out += d.name;
      }
      break;
    default:
      out += kBasicNames[static_cast<size_t>(d.kind)];
      break;
  }
}

std::string TypeTable::str(TypeId t, bool quoted) const {
  std::string out;
  write(t, quoted ? kQuoted : kLink, out);
  return out;
}

std::string TypeTable::goString(TypeId t) const {
  std::string out;
  write(t, kGo, out);
  return out;
}

}  // namespace burrow::ir
