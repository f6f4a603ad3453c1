// Making and comparing IR types; see type.h. Layout questions are answered in layout.cpp, names in type_string.cpp.
#include "ir/type.h"

#include "abi/value.h"

#include <algorithm>

namespace burrow::ir {

TypeTable::TypeTable() {
  for (int k = 0; k <= static_cast<int>(TypeKind::UnsafePointer); k++) {
    types_.emplace_back().kind = static_cast<TypeKind>(k);
  }
}

TypeId TypeTable::underlying(TypeId t) const {
  while (types_[t.value].kind == TypeKind::Named) t = types_[t.value].elem;
  return t;
}

namespace {

// The key of a composite type: its parts in a form that no two different types share.
struct KeyWriter {
  std::string out;
  void tag(char c) { out.push_back(c); }
  void id(TypeId t) { number(t.value); }
  void number(int64_t n) {
    out += std::to_string(n);
    out.push_back(',');
  }
  void text(const std::string& s) {
    number(static_cast<int64_t>(s.size()));
    out += s;
  }
  void list(const std::vector<TypeId>& ids) {
    number(static_cast<int64_t>(ids.size()));
    for (TypeId t : ids) id(t);
  }
};

std::string keyOf(const TypeData& d) {
  KeyWriter k;
  k.tag(static_cast<char>('A' + static_cast<int>(d.kind)));
  switch (d.kind) {
    case TypeKind::Pointer:
    case TypeKind::Slice:
      k.id(d.elem);
      break;
    case TypeKind::Array:
      k.id(d.elem);
      k.number(d.length);
      break;
    case TypeKind::Chan:
      k.id(d.elem);
      k.number(static_cast<int>(d.chanDir));
      break;
    case TypeKind::Map:
      k.id(d.key);
      k.id(d.elem);
      break;
    case TypeKind::Struct:
      for (const Field& f : d.fields) {
        k.text(f.name);
        k.text(f.pkgPath);
        k.id(f.type);
        k.text(f.tag);
        k.tag(f.embedded ? 'e' : '-');
      }
      break;
    case TypeKind::Func:
      k.list(d.params);
      k.list(d.results);
      k.tag(d.variadic ? 'v' : '-');
      break;
    case TypeKind::Interface:
      for (const InterfaceMethod& m : d.methods) {
        k.text(m.name);
        k.text(m.pkgPath);
        k.id(m.type);
      }
      break;
    case TypeKind::Tuple:
      k.list(d.results);
      break;
    case TypeKind::Named:
      k.text(d.name);
      break;
    default:
      break;
  }
  return std::move(k.out);
}

}  // namespace

TypeId TypeTable::intern(TypeData data) {
  auto [it, added] = byKey_.try_emplace(keyOf(data), static_cast<uint32_t>(types_.size()));
  if (added) types_.push_back(std::move(data));
  return TypeId{it->second};
}

// Every address and many values ask for these two: no key is made for what was asked for before.
TypeId TypeTable::derived(std::vector<TypeId>& known, TypeKind kind, TypeId elem) {
  if (elem.value < known.size() && known[elem.value].isValid()) return known[elem.value];
  TypeData d;
  d.kind = kind;
  d.elem = elem;
  const TypeId t = intern(std::move(d));
  if (known.size() <= elem.value) known.resize(types_.size());
  return known[elem.value] = t;
}

TypeId TypeTable::pointer(TypeId elem) { return derived(pointers_, TypeKind::Pointer, elem); }
TypeId TypeTable::slice(TypeId elem) { return derived(slices_, TypeKind::Slice, elem); }

TypeId TypeTable::array(TypeId elem, int64_t length) {
  TypeData d;
  d.kind = TypeKind::Array;
  d.elem = elem;
  d.length = length;
  return intern(std::move(d));
}

TypeId TypeTable::chan(TypeId elem, ChanDir dir) {
  TypeData d;
  d.kind = TypeKind::Chan;
  d.elem = elem;
  d.chanDir = dir;
  return intern(std::move(d));
}

TypeId TypeTable::map(TypeId key, TypeId elem) {
  TypeData d;
  d.kind = TypeKind::Map;
  d.key = key;
  d.elem = elem;
  return intern(std::move(d));
}

TypeId TypeTable::structOf(std::vector<Field> fields) {
  TypeData d;
  d.kind = TypeKind::Struct;
  d.fields = std::move(fields);
  return intern(std::move(d));
}

TypeId TypeTable::func(std::vector<TypeId> params, std::vector<TypeId> results, bool variadic) {
  TypeData d;
  d.kind = TypeKind::Func;
  d.params = std::move(params);
  d.results = std::move(results);
  d.variadic = variadic;
  return intern(std::move(d));
}

TypeId TypeTable::interface(std::vector<InterfaceMethod> methods) {
  TypeData d;
  d.kind = TypeKind::Interface;
  d.methods = std::move(methods);
  std::sort(d.methods.begin(), d.methods.end(), [](const InterfaceMethod& a, const InterfaceMethod& b) {
    return methodBefore(a.name, a.pkgPath, b.name, b.pkgPath);
  });
  return intern(std::move(d));
}

TypeId TypeTable::tuple(std::vector<TypeId> types) {
  TypeData d;
  d.kind = TypeKind::Tuple;
  d.results = std::move(types);
  return intern(std::move(d));
}

TypeId TypeTable::named(std::string_view name) {
  TypeData d;
  d.kind = TypeKind::Named;
  d.name = name;
  return intern(std::move(d));
}

void TypeTable::setUnderlying(TypeId named, TypeId underlying) {
  // The underlying type is never itself a name, so that looking through names is one step.
  types_[named.value].elem = this->underlying(underlying);
}

TypeId TypeTable::emptyInterface() {
  if (!emptyInterface_.isValid()) emptyInterface_ = interface({});
  return emptyInterface_;
}

TypeId TypeTable::mapIter() {
  if (mapIter_.isValid()) return mapIter_;
  TypeId p = unsafePointer();
  std::vector<Field> fields;
  // Words 0-3 are the key, element, map type and map pointers; then the state of docs/maps.md, of which words 6 and 11 are
  // the directory and the group pointer. All of it may be scanned as pointers: a wrong guess only keeps an object longer.
  for (int i = 0; i < abi::kMapIterWords; i++) {
    Field f;
    f.name = "w" + std::to_string(i);
    f.pkgPath = "runtime";
    f.type = p;
    fields.push_back(std::move(f));
  }
  return mapIter_ = structOf(std::move(fields));
}

void TypeTable::setMethods(TypeId t, std::vector<Method> methods) {
  std::sort(methods.begin(), methods.end(), [](const Method& a, const Method& b) {
    return methodBefore(a.name, a.pkgPath, b.name, b.pkgPath);
  });
  methods_[t.value] = std::move(methods);
}

const std::vector<Method>& TypeTable::methodsOf(TypeId t) const {
  static const std::vector<Method> none;
  auto it = methods_.find(t.value);
  return it == methods_.end() ? none : it->second;
}

bool TypeTable::isInteger(TypeId t) const {
  TypeKind k = kind(t);
  return k >= TypeKind::Int && k <= TypeKind::Uintptr;
}

bool TypeTable::isSigned(TypeId t) const {
  TypeKind k = kind(t);
  return k >= TypeKind::Int && k <= TypeKind::Int64;
}

bool TypeTable::isFloat(TypeId t) const {
  TypeKind k = kind(t);
  return k == TypeKind::Float32 || k == TypeKind::Float64;
}

bool TypeTable::isComplex(TypeId t) const {
  TypeKind k = kind(t);
  return k == TypeKind::Complex64 || k == TypeKind::Complex128;
}

bool TypeTable::isPointerLike(TypeId t) const {
  switch (kind(t)) {
    case TypeKind::Pointer:
    case TypeKind::UnsafePointer:
    case TypeKind::Map:
    case TypeKind::Chan:
    case TypeKind::Func:
      return true;
    default:
      return false;
  }
}

bool TypeTable::isDirectIface(TypeId t) const {
  const TypeData& d = get(t);
  if (d.kind == TypeKind::Struct) return d.fields.size() == 1 && isDirectIface(d.fields[0].type);
  if (d.kind == TypeKind::Array) return d.length == 1 && isDirectIface(d.elem);
  return isPointerLike(t);
}

int TypeTable::bits(TypeId t) const {
  switch (kind(t)) {
    case TypeKind::Bool:
    case TypeKind::Int8:
    case TypeKind::Uint8:
      return 8;
    case TypeKind::Int16:
    case TypeKind::Uint16:
      return 16;
    case TypeKind::Int32:
    case TypeKind::Uint32:
    case TypeKind::Float32:
      return 32;
    default:
      return 64;
  }
}

}  // namespace burrow::ir
