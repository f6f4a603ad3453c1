#include "inspect/go_types.h"

#include "abi/type.h"

#include <cstring>

namespace burrow::inspect {

namespace {

// What an executable may take, from its base on.
constexpr uint64_t kProgramSpan = uint64_t{1} << 32;
constexpr uint64_t kMostNameBytes = 1 << 16, kMostFields = 1 << 16;

}  // namespace

const char* kindName(uint8_t kind) {
  static const char* const names[] = {"invalid", "bool",    "int",       "int8",       "int16", "int32", "int64", "uint",      "uint8",
                                      "uint16",  "uint32",  "uint64",    "uintptr",    "float32", "float64", "complex64", "complex128", "array",
                                      "chan",    "func",    "interface", "map",        "ptr",   "slice", "string", "struct",    "unsafe.Pointer"};
  return kind < sizeof names / sizeof *names ? names[kind] : "?";
}

bool GoTypes::readName(uint64_t at, std::string* out) {
  uint8_t head[12] = {};
  if (!memory_.read(at, head, sizeof head)) {
    if (!memory_.read(at, head, 2)) return false;
  }
  uint64_t length = 0, used = 1;
  for (unsigned shift = 0; used < sizeof head; shift += 7) {
    const uint8_t b = head[used++];
    length |= uint64_t(b & 0x7f) << shift;
    if (!(b & 0x80)) break;
  }
  if (length > kMostNameBytes) return false;
  out->resize(length);
  return length == 0 || memory_.read(at + used, out->data(), length);
}

std::optional<GoType> GoTypes::read(uint64_t address) {
  if (address % 8 != 0 || address == 0) return {};
  if (end_ != 0 && (address < start_ || address >= end_) && address - base_ < kProgramSpan) return {};
  abi::Type raw;
  if (!memory_.get(address, &raw)) return {};
  if (raw.kind == abi::kInvalid || raw.kind > abi::kUnsafePointer || raw.align == 0 || (raw.align & (raw.align - 1)) != 0 ||
      raw.ptrBytes > raw.size || raw.ptrBytes % 8 != 0 || raw.size > (uint64_t{1} << 47) || raw.str <= 0)
    return {};
  GoType t;
  t.address = address;
  t.size = raw.size;
  t.ptrBytes = raw.ptrBytes;
  t.hash = raw.hash;
  t.kind = raw.kind;
  t.tflag = raw.tflag;
  t.align = raw.align;
  if (!readName(base_ + uint32_t(raw.str), &t.name)) return {};
  if ((raw.tflag & abi::kTFlagExtraStar) && t.name.starts_with('*')) t.name.erase(0, 1);
  if (t.name.empty()) return {};
  t.descriptorBytes = abi::descriptorBaseSize(raw.kind);
  const uint64_t own = address + sizeof(abi::Type);
  switch (raw.kind) {
    case abi::kArray:
      t.elem = memory_.word(own);
      t.length = memory_.word(own + 16);
      break;
    case abi::kMap:
      t.key = memory_.word(own);
      t.elem = memory_.word(own + 8);
      break;
    case abi::kChan:
    case abi::kPointer:
    case abi::kSlice: t.elem = memory_.word(own); break;
    case abi::kStruct: {
      const uint64_t fields = memory_.word(own + 8), count = memory_.word(own + 16);
      if (count > kMostFields) return {};
      t.fields.reserve(count);
      for (uint64_t i = 0; i < count; i++) {
        abi::StructField f;
        uint64_t words[3];
        if (!memory_.read(fields + i * sizeof f, words, sizeof words)) return {};
        GoField field{"", words[1], words[2]};
        if (!readName(words[0], &field.name)) return {};
        t.fields.push_back(std::move(field));
      }
      t.descriptorBytes += count * sizeof(abi::StructField);
      break;
    }
    default: break;
  }
  if (raw.tflag & abi::kTFlagUncommon) {
    abi::UncommonType u;
    if (memory_.get(address + abi::descriptorBaseSize(raw.kind), &u)) {
      t.methods = u.mcount;
      t.descriptorBytes += sizeof u + u.mcount * sizeof(abi::Method);
      if (u.pkgPath > 0) readName(base_ + uint32_t(u.pkgPath), &t.package);
    }
  }
  return t;
}

const GoType* GoTypes::at(uint64_t address) {
  auto [place, isNew] = known_.try_emplace(address);
  if (isNew) {
    place->second = read(address);
    if (place->second) nameMapGroup(&*place->second);
  }
  return place->second ? &*place->second : nullptr;
}

// What a map keeps its pairs in is a struct that the compiler made, whose name is its fields.
void GoTypes::nameMapGroup(GoType* t) {
  if (t->kind != abi::kStruct || t->fields.size() != 2 || t->fields[0].name != "ctrl" || t->fields[1].name != "slots" || !t->name.starts_with("struct {")) return;
  const GoType* slots = at(t->fields[1].type);
  const GoType* pair = slots && slots->kind == abi::kArray ? at(slots->elem) : nullptr;
  if (!pair || pair->fields.size() != 2 || pair->fields[0].name != "key" || pair->fields[1].name != "elem") return;
  t->name = "pairs of map[" + name(pair->fields[0].type) + "]" + name(pair->fields[1].type);
}

std::string GoTypes::name(uint64_t address) {
  const GoType* t = at(address);
  return t ? t->name : std::string();
}

}  // namespace burrow::inspect
