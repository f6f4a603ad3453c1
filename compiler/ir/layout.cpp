// Sizes, offsets, pointers and scalar leaves of IR types, as gc lays them out on amd64; see type.h.
//
// The one rule that surprises: a struct whose last field has size zero gets a byte of padding behind it (when the struct
// has any size), so that the address of that field does not lie outside of the object.
#include "ir/type.h"

#include "abi/value.h"

#include <algorithm>

namespace burrow::ir {
namespace {

constexpr int64_t kWord = 8;

int64_t roundUp(int64_t n, int64_t align) { return (n + align - 1) / align * align; }

}  // namespace

const Layout& TypeTable::layout(TypeId t) {
  t = underlying(t);
  if (auto it = layouts_.find(t.value); it != layouts_.end()) return it->second;
  Layout l;
  const TypeData& d = types_[t.value];
  switch (d.kind) {
    case TypeKind::Invalid:
    case TypeKind::Tuple:
    case TypeKind::Named:
      break;
    case TypeKind::Complex64:
      l = {8, 4, 0};
      break;
    case TypeKind::Complex128:
      l = {16, 8, 0};
      break;
    case TypeKind::String:
      l = {16, 8, 8};
      break;
    case TypeKind::Slice:
      l = {24, 8, 8};
      break;
    case TypeKind::Interface:
      l = {16, 8, 16};
      break;
    case TypeKind::Pointer:
    case TypeKind::UnsafePointer:
    case TypeKind::Map:
    case TypeKind::Chan:
    case TypeKind::Func:
      l = {8, 8, 8};
      break;
    case TypeKind::Array: {
      Layout e = layout(d.elem);
      l.size = e.size * d.length;
      l.align = e.align;
      l.ptrBytes = e.ptrBytes == 0 || d.length == 0 ? 0 : e.size * (d.length - 1) + e.ptrBytes;
      break;
    }
    case TypeKind::Struct: {
      std::vector<int64_t> offsets;
      int64_t offset = 0;
      for (const Field& f : d.fields) {
        Layout fl = layout(f.type);
        offset = roundUp(offset, fl.align);
        offsets.push_back(offset);
        if (fl.ptrBytes != 0) l.ptrBytes = offset + fl.ptrBytes;
        offset += fl.size;
        l.align = std::max(l.align, fl.align);
      }
      if (!d.fields.empty() && offset > 0 && offset == offsets.back()) offset++;
      l.size = roundUp(offset, l.align);
      offsets_[t.value] = std::move(offsets);
      break;
    }
    default:
      l.size = l.align = bits(t) / 8;
      break;
  }
  return layouts_[t.value] = l;
}

int64_t TypeTable::fieldOffset(TypeId structType, size_t field) {
  layout(structType);
  return offsets_[underlying(structType).value][field];
}

void TypeTable::markPointers(TypeId t, int64_t offset, std::vector<bool>& map) {
  if (layout(t).ptrBytes == 0) return;
  TypeId u = underlying(t);
  switch (kind(u)) {
    case TypeKind::Array: {
      int64_t n = types_[u.value].length;
      TypeId elem = types_[u.value].elem;
      int64_t size = sizeOf(elem);
      for (int64_t i = 0; i < n; i++) markPointers(elem, offset + i * size, map);
      break;
    }
    case TypeKind::Struct:
      for (size_t i = 0; i < types_[u.value].fields.size(); i++) {
        markPointers(types_[u.value].fields[i].type, offset + fieldOffset(u, i), map);
      }
      break;
    case TypeKind::Interface:
      map[static_cast<size_t>(offset / kWord)] = true;
      map[static_cast<size_t>(offset / kWord + 1)] = true;
      break;
    default:
      map[static_cast<size_t>(offset / kWord)] = true;
      break;
  }
}

std::vector<bool> TypeTable::pointerMap(TypeId t) {
  std::vector<bool> map(static_cast<size_t>(layout(t).ptrBytes / kWord));
  markPointers(t, 0, map);
  return map;
}

bool TypeTable::collectLeaves(TypeId t, int64_t offset, std::vector<Leaf>& out) {
  TypeId u = underlying(t);
  auto add = [&](LeafKind kind, int64_t at, bool isSigned = false) {
    out.push_back({kind, at, isSigned});
    return out.size() <= abi::kMaxScalarLeaves;
  };
  auto addLength = [&](int64_t at, int64_t greatest) {
    out.push_back({LeafKind::I64, at, true, true, greatest});
    return out.size() <= abi::kMaxScalarLeaves;
  };
  switch (kind(u)) {
    case TypeKind::Bool:
      return add(LeafKind::Bool, offset);
    case TypeKind::Float32:
      return add(LeafKind::F32, offset);
    case TypeKind::Float64:
      return add(LeafKind::F64, offset);
    case TypeKind::Complex64:
      return add(LeafKind::F32, offset) && add(LeafKind::F32, offset + 4);
    case TypeKind::Complex128:
      return add(LeafKind::F64, offset) && add(LeafKind::F64, offset + kWord);
    case TypeKind::String:
      return add(LeafKind::Ptr, offset) && addLength(offset + kWord, kMaxLength);
    case TypeKind::Slice: {
      const int64_t greatest = sizeOf(types_[u.value].elem) == 0 ? INT64_MAX : kMaxLength;
      return add(LeafKind::Ptr, offset) && addLength(offset + kWord, greatest) && addLength(offset + 2 * kWord, greatest);
    }
    case TypeKind::Interface:
      return add(LeafKind::Ptr, offset) && add(LeafKind::Ptr, offset + kWord);
    case TypeKind::Pointer:
    case TypeKind::UnsafePointer:
    case TypeKind::Map:
    case TypeKind::Chan:
    case TypeKind::Func:
      return add(LeafKind::Ptr, offset);
    case TypeKind::Array:
      if (types_[u.value].length == 0) return true;
      return types_[u.value].length == 1 && collectLeaves(types_[u.value].elem, offset, out);
    case TypeKind::Struct:
      for (size_t i = 0; i < types_[u.value].fields.size(); i++) {
        if (!collectLeaves(types_[u.value].fields[i].type, offset + fieldOffset(u, i), out)) return false;
      }
      return true;
    case TypeKind::Tuple:
      // Never in memory: the leaves of each part in turn, whatever their number.
      for (TypeId part : types_[u.value].results) {
        std::vector<Leaf> leaves;
        if (!collectLeaves(part, 0, leaves)) return false;
        out.insert(out.end(), leaves.begin(), leaves.end());
      }
      return true;
    default: {
      static constexpr LeafKind kByBits[] = {LeafKind::I8, LeafKind::I16, LeafKind::I32, LeafKind::I64};
      int n = bits(u);
      return add(kByBits[n == 8 ? 0 : n == 16 ? 1 : n == 32 ? 2 : 3], offset, isSigned(u));
    }
  }
}

std::vector<Leaf> TypeTable::leaves(TypeId t, bool* scalar) {
  std::vector<Leaf> out;
  *scalar = collectLeaves(t, 0, out);
  if (!*scalar) out.clear();
  return out;
}

bool TypeTable::isPlainMemory(TypeId t) {
  TypeId u = underlying(t);
  switch (kind(u)) {
    case TypeKind::Float32:
    case TypeKind::Float64:
    case TypeKind::Complex64:
    case TypeKind::Complex128:
    case TypeKind::String:
    case TypeKind::Interface:
    case TypeKind::Slice:
    case TypeKind::Map:
    case TypeKind::Func:
      return false;
    case TypeKind::Array:
      return isPlainMemory(types_[u.value].elem);
    case TypeKind::Struct: {
      int64_t end = 0;
      for (size_t i = 0; i < types_[u.value].fields.size(); i++) {
        const Field f = types_[u.value].fields[i];
        if (f.name == "_" || fieldOffset(u, i) != end || !isPlainMemory(f.type)) return false;
        end += sizeOf(f.type);
      }
      return end == sizeOf(u);
    }
    default:
      return true;
  }
}

bool TypeTable::isComparable(TypeId t) {
  TypeId u = underlying(t);
  switch (kind(u)) {
    case TypeKind::Slice:
    case TypeKind::Map:
    case TypeKind::Func:
      return false;
    case TypeKind::Array:
      return isComparable(types_[u.value].elem);
    case TypeKind::Struct:
      for (const Field& f : types_[u.value].fields) {
        if (!isComparable(f.type)) return false;
      }
      return true;
    default:
      return true;
  }
}

}  // namespace burrow::ir
