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

namespace {

struct Measure {
  int64_t size, align;
  bool isFinal = true;  // no part of it is still being declared
};

Measure measure(Type* t);

// A struct's parts are measured once: a chain of n structs, each with two fields of the one before, would take 2^n steps.
Measure measureStruct(Struct* s, std::vector<int64_t>* offsets = nullptr) {
  Measure all{0, 1};
  int64_t end = 0;
  for (size_t i = 0; i < s->fields.size(); i++) {
    Measure m = measure(s->fields[i]->type);
    int64_t offset = end >= 0 ? roundUp(end, m.align) : kTooLarge;
    if (offsets != nullptr) offsets->push_back(offset);
    all.align = std::max(all.align, m.align);
    all.isFinal = all.isFinal && m.isFinal;
    // Room for a pointer to the last field.
    if (i + 1 == s->fields.size() && offset > 0 && m.size == 0) m.size = 1;
    if (offset < 0 || m.size < 0 || __builtin_add_overflow(offset, m.size, &end)) end = kTooLarge;
  }
  all.size = roundUp(end, all.align);
  return all;
}

Measure measure(Type* t) {
  Type* u = under(t);
  switch (u->kind) {
    case TypeKind::Basic: {
      auto* b = as<Basic>(u);
      int64_t size = basicSize(b->basic);
      if (b->info & kIsString) return {size, kWordSize};
      return {size, std::min(b->info & kIsComplex ? size / 2 : size, kMaxAlign), u != invalidType()};
    }
    case TypeKind::Slice: return {3 * kWordSize, kWordSize};
    case TypeKind::Interface: return {2 * kWordSize, kWordSize};
    case TypeKind::Array: {
      auto* a = as<Array>(u);
      Measure m = measure(a->elem);
      if (a->length <= 0) {
        m.size = 0;
      } else if (m.size < 0 || __builtin_mul_overflow(m.size, a->length, &m.size)) {
        m.size = kTooLarge;
      }
      return m;
    }
    case TypeKind::Struct: {
      auto* s = as<Struct>(u);
      if (s->fields.empty()) return {0, isAlign64Marker(t) ? 8 : 1};
      if (s->align != 0) return {s->size, s->align};
      Measure m = measureStruct(s);
      if (m.isFinal) {
        s->size = m.size;
        s->align = m.align;
      }
      return m;
    }
    default: return {kWordSize, kWordSize};
  }
}

}  // namespace

int64_t alignOf(Type* t) { return measure(t).align; }

int64_t sizeOf(Type* t) { return measure(t).size; }

std::vector<int64_t> fieldOffsets(Struct* s) {
  std::vector<int64_t> offsets;
  measureStruct(s, &offsets);
  return offsets;
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
