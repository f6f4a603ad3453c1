// Sizes and alignments on linux/amd64.
#include "types/sizes.h"

#include <algorithm>

#include "types/objects.h"
#include "types/queries.h"

namespace burrow::types {

static int64_t basicSize(BasicKind kind) {
  switch (kind) {
    case BasicKind::Bool:
    case BasicKind::Int8:
    case BasicKind::Uint8: return 1;
    case BasicKind::Int16:
    case BasicKind::Uint16: return 2;
    case BasicKind::Int32:
    case BasicKind::Uint32:
    case BasicKind::Float32: return 4;
    case BasicKind::Complex128:
    case BasicKind::String: return 16;
    default: return kWordSize;
  }
}

// Rounds up to a multiple of a power of two; kTooLarge beyond int64.
static int64_t roundUp(int64_t n, int64_t align) {
  int64_t r = 0;
  if (n < 0 || __builtin_add_overflow(n, align - 1, &r)) return kTooLarge;
  return r & ~(align - 1);
}

static bool isAlign64Marker(Type* t) {
  auto* n = unaliasAs<Named>(t);
  if (n == nullptr || n->object->name != "align64" || n->object->pkg == nullptr) return false;
  std::string_view path = n->object->pkg->path;
  return path == "sync/atomic" || path == "internal/runtime/atomic";
}

int64_t alignOf(Type* t) {
  Type* u = under(t);
  switch (u->kind) {
    case TypeKind::Array: return alignOf(as<Array>(u)->elem);
    case TypeKind::Struct: {
      auto* s = as<Struct>(u);
      if (s->fields.empty() && isAlign64Marker(t)) return 8;
      int64_t max = 1;
      for (Var* f : s->fields) max = std::max(max, alignOf(f->type));
      return max;
    }
    case TypeKind::Basic: {
      auto* b = as<Basic>(u);
      if (b->info & kIsString) return kWordSize;
      int64_t size = basicSize(b->basic);
      return std::min(b->info & kIsComplex ? size / 2 : size, kMaxAlign);
    }
    default: return kWordSize;
  }
}

std::vector<int64_t> fieldOffsets(Struct* s) {
  std::vector<int64_t> offsets;
  int64_t offset = 0;
  for (Var* f : s->fields) {
    if (offset >= 0) offset = roundUp(offset, alignOf(f->type));
    offsets.push_back(offset);
    int64_t size = offset >= 0 ? sizeOf(f->type) : kTooLarge;
    if (size < 0 || __builtin_add_overflow(offset, size, &offset)) offset = kTooLarge;
  }
  return offsets;
}

int64_t sizeOf(Type* t) {
  Type* u = under(t);
  switch (u->kind) {
    case TypeKind::Basic: return basicSize(as<Basic>(u)->basic);
    case TypeKind::Slice: return 3 * kWordSize;
    case TypeKind::Interface: return 2 * kWordSize;
    case TypeKind::Array: {
      auto* a = as<Array>(u);
      if (a->length <= 0) return 0;
      int64_t elem = sizeOf(a->elem), size = 0;
      if (elem < 0 || __builtin_mul_overflow(elem, a->length, &size)) return kTooLarge;
      return size;
    }
    case TypeKind::Struct: {
      auto* s = as<Struct>(u);
      if (s->fields.empty()) return 0;
      int64_t offset = fieldOffsets(s).back();
      int64_t last = sizeOf(s->fields.back()->type), size = 0;
      if (offset < 0 || last < 0) return kTooLarge;
      if (offset > 0 && last == 0) last = 1;  // room for a pointer to the last field
      if (__builtin_add_overflow(offset, last, &size)) return kTooLarge;
      return roundUp(size, alignOf(s));
    }
    default: return kWordSize;
  }
}

int64_t offsetOf(Type* t, std::span<const int> indexPath) {
  int64_t total = 0;
  for (int i : indexPath) {
    auto* s = underAs<Struct>(t);
    if (s == nullptr) return kTooLarge;
    int64_t offset = fieldOffsets(s)[static_cast<size_t>(i)];
    if (offset < 0 || __builtin_add_overflow(total, offset, &total)) return kTooLarge;
    t = s->fields[static_cast<size_t>(i)]->type;
  }
  return total;
}

bool hasVarSize(Type* t) {
  t = unalias(t);
  switch (t->kind) {
    case TypeKind::TypeParam: return true;
    case TypeKind::Array: return hasVarSize(as<Array>(t)->elem);
    case TypeKind::Struct:
      for (Var* f : as<Struct>(t)->fields)
        if (hasVarSize(f->type)) return true;
      return false;
    case TypeKind::Named: {
      auto* n = as<Named>(t);
      if (n->varSize < 0) {
        n->varSize = 0;  // for types that contain themselves, which is an error
        n->varSize = hasVarSize(under(n)) ? 1 : 0;
      }
      return n->varSize != 0;
    }
    default: return false;
  }
}

}  // namespace burrow::types
