// Composite literals.
//
// A literal is built where it will live whenever that place is new (a variable being declared, an element of another
// literal, a heap object); else in a temporary. Larger literals of constants are copied from static data.
#include "irgen/function_gen.h"
#include "types/type_string.h"

#include <algorithm>
#include "irgen/order.h"
#include "irgen/static_init.h"

namespace burrow::irgen {

using namespace syntax;

namespace {
// From how many elements on an all-constant array is copied from static data instead of being stored one by one.
constexpr size_t kStaticArray = 5;
// From how many entries on a map of constants is filled by a loop over two static arrays.
constexpr size_t kStaticMap = 25;
}  // namespace

ValueId FunctionGen::compositeLit(const CompositeLit* e, TypeId type) {
  setPos(e->pos);
  switch (T().kind(type)) {
    case TypeKind::Pointer: {
      // {...} for &T{...} inside another literal.
      return assignable(pointerLit(e, T().elem(type)), type);
    }
    case TypeKind::Slice:
      return sliceLit(e, type);
    case TypeKind::Map:
      return mapLit(e, type);
    case TypeKind::Struct:
      if (!isMemoryClass(type) && !hasPromotedKeys(e)) {
        std::vector<ir::Field> fields = T().get(type).fields;
        std::vector<ValueId> values(fields.size());
        for (size_t i = 0; i < e->elems.size(); i++) {
          auto f = static_cast<size_t>(fieldPath(e, i, fields)[0]);
          auto* kv = dynAs<KeyValueExpr>(e->elems[i]);
          values[f] = exprTo(kv ? kv->value : e->elems[i], fields[f].type);
        }
        setPos(e->pos);
        for (size_t f = 0; f < fields.size(); f++)
          if (!values[f].isValid()) values[f] = b_.zero(fields[f].type);
        return b_.emit(Op::StructMake, type, std::move(values));
      }
      [[fallthrough]];
    default: {
      if (e->elems.empty()) return b_.zero(type);
      ValueId address = temp(type);
      compositeInto(address, e, type, false);
      return b_.load(address);
    }
  }
}

// As gc shows a literal: names of this package are not qualified.
std::string FunctionGen::literalText(const CompositeLit* e, TypeId type) {
  // As the source has it (byte, any), where the source says what it is.
  if (!context_.instance) {
    types::Type* t = info().typeOf(e);
    if (auto* p = types::as<types::Pointer>(types::unalias(t)); p != nullptr && map(t) != type) t = p->elem;
    if (map(t) == type) return sourceType(&package_.package(), t) + (e->elems.empty() ? "{}" : "{...}");
  }
  std::string text = T().goString(type), own = std::string(package_.package().name) + ".";
  for (size_t at = 0; (at = text.find(own, at)) != std::string::npos;) text.erase(at, own.size());
  return text + (e->elems.empty() ? "{}" : "{...}");
}

// &type{...}
ValueId FunctionGen::pointerLit(const CompositeLit* e, TypeId type) {
  ValueId p = described(b_.newObject(type), [&] { return "&" + literalText(e, type); });
  TypeKind kind = T().kind(type);
  if (kind == TypeKind::Struct || kind == TypeKind::Array) {
    compositeInto(p, e, type, true);
  } else {
    b_.store(p, compositeLit(e, type));
  }
  return p;
}

bool FunctionGen::hasPromotedKeys(const CompositeLit* e) const {
  if (info().promotedKeys.empty()) return false;
  for (const Expr* x : e->elems) {
    auto* kv = dynAs<KeyValueExpr>(x);
    if (kv != nullptr && info().promotedKeys.contains(dynAs<Ident>(kv->key))) return true;
  }
  return false;
}

// The field that element i of a struct literal is for: one number, or the path to a promoted one.
std::vector<int> FunctionGen::fieldPath(const CompositeLit* e, size_t i, const std::vector<ir::Field>& fields) const {
  auto* kv = dynAs<KeyValueExpr>(e->elems[i]);
  if (kv == nullptr) return {static_cast<int>(i)};
  auto* key = as<Ident>(kv->key);
  if (auto it = info().promotedKeys.find(key); it != info().promotedKeys.end()) return {it->second.begin(), it->second.end()};
  for (size_t f = 0; f < fields.size(); f++)
    if (fields[f].name == key->name) return {static_cast<int>(f)};
  return {0};
}

void FunctionGen::compositeInto(ValueId address, const CompositeLit* e, TypeId type, bool isZero) {
  setPos(e->pos);
  if (T().kind(type) == TypeKind::Array) {
    TypeId elem = T().elem(type);
    if (e->elems.size() >= kStaticArray) {
      if (auto symbol = staticCopy(e, type)) {
        return copyValue(address, b_.globalAddr(*symbol, type));
      }
    }
    bool full = e->keyCount == 0 && static_cast<int64_t>(e->elems.size()) == T().get(type).length;
    if (!isZero && !full) zeroAt(address);
    return elements(address, e, elem, isZero || !full);
  }
  std::vector<ir::Field> fields = T().get(type).fields;
  bool full = e->elems.size() == fields.size() && !hasPromotedKeys(e);
  if (!isZero && !full) zeroAt(address);
  for (size_t i = 0; i < e->elems.size(); i++) {
    ValueId field = address;
    for (int f : fieldPath(e, i, fields)) field = b_.fieldAddr(field, static_cast<size_t>(f));
    auto* kv = dynAs<KeyValueExpr>(e->elems[i]);
    exprInto(field, kv ? kv->value : e->elems[i], isZero || !full);
  }
}

int64_t FunctionGen::literalLength(const CompositeLit* e) const {
  int64_t next = 0, length = 0;
  for (const Expr* x : e->elems) {
    if (auto* kv = dynAs<KeyValueExpr>(x)) next = constIntValue(kv->key).value_or(next);
    length = std::max(length, ++next);
  }
  return length;
}

void FunctionGen::elements(ValueId array, const CompositeLit* e, TypeId elem, bool isZero) {
  int64_t next = 0;
  for (const Expr* x : e->elems) {
    auto* kv = dynAs<KeyValueExpr>(x);
    if (kv) next = constIntValue(kv->key).value_or(next);
    exprInto(b_.indexAddr(array, constInt(next)), kv ? kv->value : x, isZero);
    next++;
  }
}

ValueId FunctionGen::sliceLit(const CompositeLit* e, TypeId type) {
  TypeId elem = T().elem(type);
  int64_t n = literalLength(e);
  TypeId array = T().array(elem, n);
  ValueId object = described(b_.newObject(array), [&] { return literalText(e, type); });
  ValueId first;
  if (n == 0) {
    first = b_.convert(Op::Bitcast, T().pointer(elem), object);
  } else {
    std::optional<std::string> symbol;
    if (e->elems.size() >= kStaticArray) symbol = staticCopy(e, array);
    if (symbol) {
      copyValue(object, b_.globalAddr(*symbol, array));
    } else {
      elements(object, e, elem, true);
    }
    setPos(e->pos);
    first = b_.indexAddr(object, constInt(0));
  }
  return b_.emit(Op::SliceMake, type, {first, constInt(n), constInt(n)});
}

// The symbol of read-only data with the literal's value, when all of it is constant.
std::optional<std::string> FunctionGen::staticCopy(const CompositeLit* e, TypeId array) {
  StaticInit init(*this);
  ir::Global data;
  data.type = array;
  if (!init.plainElements(data, e, array)) return std::nullopt;
  ir::Global& g = package_.addStatic(array, true);
  g.data = std::move(data.data);
  g.relocs = std::move(data.relocs);
  return g.name;
}

ValueId FunctionGen::mapLit(const CompositeLit* e, TypeId type) {
  TypeId key = T().key(type), elem = T().elem(type);
  ValueId m = described(b_.emit(Op::MakeMap, type, {constInt(static_cast<int64_t>(e->elems.size()))}),
                        [&] { return literalText(e, type); });
  if (e->elems.size() >= kStaticMap) {
    StaticInit init(*this);
    ir::Global keys, values;
    auto n = static_cast<int64_t>(e->elems.size());
    keys.type = T().array(key, n);
    values.type = T().array(elem, n);
    bool ok = true;
    for (int64_t i = 0; ok && i < n; i++) {
      auto* kv = as<KeyValueExpr>(e->elems[static_cast<size_t>(i)]);
      ok = init.plain(keys, i * T().sizeOf(key), kv->key, key) && init.plain(values, i * T().sizeOf(elem), kv->value, elem);
    }
    if (ok) {
      auto publish = [&](ir::Global& from) {
        ir::Global& g = package_.addStatic(from.type, true);
        g.data = std::move(from.data);
        g.relocs = std::move(from.relocs);
        return b_.globalAddr(g.name, g.type);
      };
      ValueId keyArray = publish(keys), valueArray = publish(values);
      BlockId head = b_.newBlock(), body = b_.newBlock(), end = b_.newBlock();
      ValueId i = b_.addBlockParam(head, int_());
      b_.jump(head, {constInt(0)});
      b_.setBlock(head);
      b_.branch(b_.binary(Op::Lt, i, constInt(n)), body, end);
      b_.setBlock(body);
      ValueId k = b_.load(b_.indexAddr(keyArray, i));
      ValueId v = b_.load(b_.indexAddr(valueArray, i));
      b_.store(b_.emit(Op::MapAssign, T().pointer(elem), {m, k}), v);
      b_.jump(head, {b_.binary(Op::Add, i, constInt(1))});
      b_.setBlock(end);
      return m;
    }
  }
  for (const Expr* x : e->elems) {
    auto* kv = as<KeyValueExpr>(x);
    InOrder order(*this, {kv->key, kv->value});
    ValueId k = exprTo(kv->key, key);
    ValueId v = exprTo(kv->value, elem);
    setPos(kv->pos);
    b_.store(b_.emit(Op::MapAssign, T().pointer(elem), {m, k}), v);
  }
  return m;
}

}  // namespace burrow::irgen
