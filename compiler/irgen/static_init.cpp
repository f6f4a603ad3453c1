// See static_init.h.
#include "irgen/static_init.h"

#include <cstring>

namespace burrow::irgen {

using namespace syntax;
using Reloc = ir::Global::Reloc;

// -d=without=static-data. A constant stays what it is: -X gives such a variable another value.
bool StaticInit::isSwitchedOff(const Expr* e) const {
  PackageGen& package = gen_.package_;
  return package.options().without(ir::Optimisation::StaticData) && !ir::isRuntimeCode(package.module().path) && !gen_.info().of(e).isConstant();
}

bool StaticInit::plain(ir::Global& data, int64_t offset, const Expr* e, TypeId type) {
  once_ = false;
  if (isSwitchedOff(e) || !can(e, type)) return false;
  write(data, offset, e, type);
  return true;
}

bool StaticInit::plainElements(ir::Global& data, const CompositeLit* e, TypeId array) {
  once_ = false;
  if (isSwitchedOff(e) || !canLiteral(e, array)) return false;
  writeElements(data, 0, e, T_.elem(array));
  return true;
}

bool StaticInit::once(ir::Global& data, int64_t offset, const Expr* e, TypeId type) {
  once_ = true;
  if (isSwitchedOff(e) || !can(e, type)) return false;
  write(data, offset, e, type);
  return true;
}

// A constant's own type where it goes to an interface.
TypeId StaticInit::constantType(const Expr* e, TypeId type) {
  return T_.isInterface(type) ? gen_.typeOf(e) : type;
}

const types::Func* StaticInit::staticFunction(const Expr* x) {
  const Ident* id = gen_.calleeIdent(x);
  return id == nullptr ? nullptr : types::as<types::Func>(gen_.info().objectOf(id));
}

const types::Var* StaticInit::staticPlace(const Expr* x, int64_t* offset) {
  x = unparen(x);
  const types::Info& info = gen_.info();
  auto packageVar = [](const types::Object* o) -> const types::Var* {
    auto* v = types::as<types::Var>(o);
    return v != nullptr && v->varKind == types::VarKind::Package ? v : nullptr;
  };
  if (auto* id = dynAs<Ident>(x)) {
    *offset = 0;
    return packageVar(info.objectOf(id));
  }
  if (auto* s = dynAs<SelectorExpr>(x)) {
    const types::Selection* sel = info.selection(s);
    if (sel == nullptr) {
      *offset = 0;
      return packageVar(info.objectOf(s->sel));
    }
    TypeId t = gen_.typeOf(s->x);
    if (sel->kind != types::SelectionKind::Field || T_.kind(t) != TypeKind::Struct) return nullptr;
    const types::Var* v = staticPlace(s->x, offset);
    for (int index : sel->index) {
      if (v == nullptr || T_.kind(t) != TypeKind::Struct) return nullptr;
      *offset += T_.fieldOffset(T_.underlying(t), static_cast<size_t>(index));
      t = T_.get(t).fields[static_cast<size_t>(index)].type;
    }
    return v;
  }
  if (auto* ix = dynAs<IndexExpr>(x)) {
    TypeId t = gen_.typeOf(ix->x);
    auto index = gen_.constIntValue(ix->indices[0]);
    if (T_.kind(t) != TypeKind::Array || !index || *index < 0 || *index >= T_.get(t).length) return nullptr;
    const types::Var* v = staticPlace(ix->x, offset);
    *offset += *index * T_.sizeOf(T_.elem(t));
    return v;
  }
  return nullptr;
}

// The type of the field at the end of the path; *offset moves there.
TypeId StaticInit::fieldAt(TypeId type, std::span<const int> path, int64_t* offset) {
  for (int index : path) {
    *offset += T_.fieldOffset(T_.underlying(type), static_cast<size_t>(index));
    type = T_.get(type).fields[static_cast<size_t>(index)].type;
  }
  return type;
}

bool StaticInit::canLiteral(const CompositeLit* e, TypeId type) {
  switch (T_.kind(type)) {
    case TypeKind::Struct: {
      std::vector<ir::Field> fields = T_.get(type).fields;
      for (size_t i = 0; i < e->elems.size(); i++) {
        auto* kv = dynAs<KeyValueExpr>(e->elems[i]);
        int64_t offset = 0;
        if (!can(kv ? kv->value : e->elems[i], fieldAt(type, gen_.fieldPath(e, i, fields), &offset))) return false;
      }
      return true;
    }
    case TypeKind::Pointer:
      return once_ && canLiteral(e, T_.elem(type));
    case TypeKind::Slice:
      if (!once_) return false;
      [[fallthrough]];
    case TypeKind::Array:
      for (const Expr* x : e->elems) {
        auto* kv = dynAs<KeyValueExpr>(x);
        if (!can(kv ? kv->value : x, T_.elem(type))) return false;
      }
      return true;
    default:
      return false;
  }
}

bool StaticInit::can(const Expr* e, TypeId type) {
  e = unparen(e);
  const types::ExprInfo& i = gen_.info().of(e);
  if (i.mode == types::Mode::NilValue) return true;
  if (i.mode == types::Mode::Constant) {
    TypeId own = constantType(e, type);
    TypeKind kind = T_.kind(own);
    return kind != TypeKind::Interface && kind != TypeKind::Slice;
  }
  TypeId own = gen_.typeOf(e);
  if (T_.isInterface(type) && !T_.isInterface(own)) {
    // The data is shared by all evaluations and cannot be changed through the interface.
    return can(e, own);
  }
  if (T_.underlying(own) != T_.underlying(type)) return false;
  switch (e->kind) {
    case NodeKind::CompositeLit:
      return canLiteral(as<CompositeLit>(e), own);
    case NodeKind::FuncLit:
      return gen_.context_.facts->functions.at(e).free.empty() && once_;
    case NodeKind::UnaryExpr: {
      auto* u = as<UnaryExpr>(e);
      if (u->op != Token::And) return false;
      const Expr* x = unparen(u->x);
      if (auto* lit = dynAs<CompositeLit>(x)) return once_ && canLiteral(lit, gen_.typeOf(lit));
      int64_t offset = 0;
      return staticPlace(x, &offset) != nullptr;
    }
    case NodeKind::CallExpr: {
      auto* c = as<CallExpr>(e);
      if (!gen_.isConversion(c)) return false;
      const Expr* arg = unparen(c->args[0]);
      const types::ExprInfo& a = gen_.info().of(arg);
      if (a.mode == types::Mode::Constant && a.value->kind() == types::Constant::Kind::String) {
        return once_ && T_.kind(own) == TypeKind::Slice && T_.kind(T_.elem(own)) == TypeKind::Uint8;
      }
      if (a.mode == types::Mode::NilValue) return true;
      if (T_.isInterface(own)) return can(arg, own);
      return T_.underlying(gen_.typeOf(arg)) == T_.underlying(own) && can(arg, own);
    }
    case NodeKind::SliceExpr: {
      // All of a variable that is an array.
      auto* s = as<SliceExpr>(e);
      int64_t offset = 0;
      return once_ && s->index[0] == nullptr && s->index[1] == nullptr && T_.kind(gen_.typeOf(s->x)) == TypeKind::Array &&
             staticPlace(s->x, &offset) != nullptr;
    }
    case NodeKind::Ident:
    case NodeKind::SelectorExpr:
    case NodeKind::IndexExpr:
      return staticFunction(e) != nullptr;
    default:
      return false;
  }
}

void StaticInit::put(ir::Global& data, int64_t offset, const void* bytes, size_t size) {
  if (size == 0) return;  // bytes may be null then
  auto end = static_cast<size_t>(offset) + size;
  if (data.data.size() < end) data.data.resize(end);
  std::memcpy(data.data.data() + offset, bytes, size);
}

void StaticInit::reloc(ir::Global& data, int64_t offset, Reloc::Kind kind, std::string_view symbol, int64_t addend) {
  putInt(data, offset, 0);
  Reloc r;
  r.offset = offset;
  r.kind = kind;
  r.sym = gen_.package_.module().intern(symbol);
  r.addend = addend;
  data.relocs.push_back(r);
}

void StaticInit::writeConstant(ir::Global& data, int64_t offset, const types::Constant& c, TypeId type) {
  switch (T_.kind(type)) {
    case TypeKind::Bool: {
      uint8_t v = c.boolValue();
      return put(data, offset, &v, 1);
    }
    case TypeKind::String: {
      const std::string& s = c.stringValue();
      if (s.empty()) return;
      reloc(data, offset, Reloc::StringData, s);
      return putInt(data, offset + 8, static_cast<int64_t>(s.size()));
    }
    case TypeKind::Float32: {
      float v = c.toFloat().floatValue();
      return put(data, offset, &v, sizeof v);
    }
    case TypeKind::Float64: {
      double v = c.toFloat().doubleValue();
      return put(data, offset, &v, sizeof v);
    }
    case TypeKind::Complex64: {
      float v[2] = {c.real().toFloat().floatValue(), c.imag().toFloat().floatValue()};
      return put(data, offset, v, sizeof v);
    }
    case TypeKind::Complex128: {
      double v[2] = {c.real().toFloat().doubleValue(), c.imag().toFloat().doubleValue()};
      return put(data, offset, v, sizeof v);
    }
    default: {
      uint8_t bytes[8];
      auto size = static_cast<size_t>(T_.sizeOf(type));
      c.toInt().toBytes(bytes, size);
      return put(data, offset, bytes, size);
    }
  }
}

void StaticInit::writeSlice(ir::Global& data, int64_t offset, const std::string& symbol, int64_t length) {
  reloc(data, offset, Reloc::GlobalAddr, symbol);
  putInt(data, offset + 8, length);
  putInt(data, offset + 16, length);
}

void StaticInit::writeInterface(ir::Global& data, int64_t offset, const Expr* e, TypeId concrete, TypeId iface) {
  bool empty = T_.isEmptyInterface(iface);
  reloc(data, offset, empty ? Reloc::TypeAddr : Reloc::ItabAddr, {});
  data.relocs.back().type = concrete;
  if (!empty) {
    data.relocs.back().iface = iface;
    gen_.package_.needMethods(concrete);
  }
  gen_.package_.needDescriptor(concrete);
  gen_.package_.needDescriptor(iface);
  if (T_.isDirectIface(concrete)) return write(data, offset + 8, e, concrete);
  ir::Global& value = gen_.package_.addStatic(concrete, true);
  write(value, 0, e, concrete);
  reloc(data, offset + 8, Reloc::GlobalAddr, value.name);
}

void StaticInit::writeElements(ir::Global& data, int64_t offset, const CompositeLit* e, TypeId elem) {
  int64_t next = 0, size = T_.sizeOf(elem);
  for (const Expr* x : e->elems) {
    auto* kv = dynAs<KeyValueExpr>(x);
    if (kv) next = gen_.constIntValue(kv->key).value_or(next);
    write(data, offset + next * size, kv ? kv->value : x, elem);
    next++;
  }
}

void StaticInit::writeLiteral(ir::Global& data, int64_t offset, const CompositeLit* e, TypeId type) {
  switch (T_.kind(type)) {
    case TypeKind::Struct: {
      std::vector<ir::Field> fields = T_.get(type).fields;
      for (size_t i = 0; i < e->elems.size(); i++) {
        auto* kv = dynAs<KeyValueExpr>(e->elems[i]);
        int64_t at = offset;
        std::vector<int> path = gen_.fieldPath(e, i, fields);
        // What a blank field is given is not kept: it is zero wherever the struct comes from.
        if (fields[static_cast<size_t>(path[0])].name == "_") continue;
        TypeId field = fieldAt(type, path, &at);
        write(data, at, kv ? kv->value : e->elems[i], field);
      }
      return;
    }
    case TypeKind::Array:
      return writeElements(data, offset, e, T_.elem(type));
    case TypeKind::Pointer: {
      ir::Global& object = gen_.package_.addStatic(T_.elem(type), false);
      writeLiteral(object, 0, e, T_.elem(type));
      return reloc(data, offset, Reloc::GlobalAddr, object.name);
    }
    default: {
      int64_t n = gen_.literalLength(e);
      ir::Global& array = gen_.package_.addStatic(T_.array(T_.elem(type), n), false);
      writeElements(array, 0, e, T_.elem(type));
      return writeSlice(data, offset, array.name, n);
    }
  }
}

void StaticInit::write(ir::Global& data, int64_t offset, const Expr* e, TypeId type) {
  e = unparen(e);
  const types::ExprInfo& i = gen_.info().of(e);
  if (i.mode == types::Mode::NilValue) return;
  TypeId own = i.mode == types::Mode::Constant ? constantType(e, type) : gen_.typeOf(e);
  if (T_.isInterface(type) && !T_.isInterface(own)) return writeInterface(data, offset, e, own, type);
  if (i.mode == types::Mode::Constant) return writeConstant(data, offset, *i.value, own);
  switch (e->kind) {
    case NodeKind::CompositeLit:
      return writeLiteral(data, offset, as<CompositeLit>(e), own);
    case NodeKind::FuncLit:
      return reloc(data, offset, Reloc::FuncValue, gen_.literalFunction(as<FuncLit>(e), nullptr).name);
    case NodeKind::UnaryExpr: {
      const Expr* x = unparen(as<UnaryExpr>(e)->x);
      if (auto* lit = dynAs<CompositeLit>(x)) {
        TypeId t = gen_.typeOf(lit);
        ir::Global& object = gen_.package_.addStatic(t, false);
        writeLiteral(object, 0, lit, t);
        return reloc(data, offset, Reloc::GlobalAddr, object.name);
      }
      int64_t addend = 0;
      const types::Var* v = staticPlace(x, &addend);
      return reloc(data, offset, Reloc::GlobalAddr, gen_.package_.variable(v), addend);
    }
    case NodeKind::CallExpr: {
      auto* c = as<CallExpr>(e);
      const Expr* arg = unparen(c->args[0]);
      const types::ExprInfo& a = gen_.info().of(arg);
      if (a.mode == types::Mode::Constant && a.value->kind() == types::Constant::Kind::String) {
        const std::string& s = a.value->stringValue();
        auto n = static_cast<int64_t>(s.size());
        ir::Global& bytes = gen_.package_.addStatic(T_.array(T_.elem(own), n), false);
        put(bytes, 0, s.data(), s.size());
        return writeSlice(data, offset, bytes.name, n);
      }
      return write(data, offset, arg, own);
    }
    case NodeKind::SliceExpr: {
      auto* s = as<SliceExpr>(e);
      int64_t addend = 0;
      const types::Var* v = staticPlace(s->x, &addend);
      writeSlice(data, offset, gen_.package_.variable(v), T_.get(gen_.typeOf(s->x)).length);
      data.relocs.back().addend = addend;
      return;
    }
    default: {
      const types::Func* f = staticFunction(e);
      Callee c = gen_.package_.function(f, gen_.instanceArgs(gen_.calleeIdent(e)));
      return reloc(data, offset, Reloc::FuncValue, c.symbol);
    }
  }
}

}  // namespace burrow::irgen
