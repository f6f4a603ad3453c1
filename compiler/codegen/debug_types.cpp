// See debug_types.h.
#include "codegen/debug_types.h"

#include "codegen/module_lowering.h"

#include "llvm/BinaryFormat/Dwarf.h"

namespace burrow::codegen {

using namespace llvm;
using ir::TypeId;
using ir::TypeKind;

namespace {

constexpr uint64_t kWord = 8;

StringRef ref(std::string_view s) { return {s.data(), s.size()}; }

}  // namespace

DIType* DebugTypes::type(TypeId t) {
  if (auto found = types_.find(t.value); found != types_.end()) return found->second;
  DIType* made = make(t);
  types_[t.value].reset(made);
  return made;
}

DIType* DebugTypes::make(TypeId t) {
  const TypeKind kind = m_.types[t].kind;
  if (kind == TypeKind::Named) return named(t);
  const std::string name = m_.types.str(t);
  const uint64_t bits = static_cast<uint64_t>(m_.types.sizeOf(t)) * 8;
  if (kind == TypeKind::Bool) return builder_.createBasicType(name, 8, dwarf::DW_ATE_boolean);
  if (m_.types.isInteger(t)) {
    return builder_.createBasicType(name, bits, m_.types.isSigned(t) ? dwarf::DW_ATE_signed : dwarf::DW_ATE_unsigned);
  }
  if (m_.types.isFloat(t)) return builder_.createBasicType(name, bits, dwarf::DW_ATE_float);
  if (m_.types.isComplex(t)) return builder_.createBasicType(name, bits, dwarf::DW_ATE_complex_float);
  switch (kind) {
    case TypeKind::String: {
      DICompositeType* s = record(name, 2 * kWord, kWord);
      DIType* byte = type(m_.types.uint8Type());
      fill(s, {{"str", pointerTo(byte), 0, kWord}, {"len", integer(), kWord, kWord}});
      return s;
    }
    case TypeKind::Interface: {
      const bool empty = m_.types.isEmptyInterface(t);
      DICompositeType* s = record(empty ? "runtime.eface" : "runtime.iface", 2 * kWord, kWord);
      fill(s, {{empty ? "_type" : "tab", pointerTo(nullptr), 0, kWord}, {"data", pointerTo(nullptr), kWord, kWord}});
      return builder_.createTypedef(s, name, unit_->getFile(), 0, unit_);
    }
    case TypeKind::UnsafePointer: return pointerTo(nullptr, name);
    case TypeKind::Pointer: return pointerTo(pointee(m_.types.elem(t)), name);
    case TypeKind::Func:
      return pointerTo(pointerTo(builder_.createSubroutineType(builder_.getOrCreateTypeArray({}))), name);
    case TypeKind::Array: {
      const TypeId elem = m_.types.elem(t);
      return arrayOf(type(elem), m_.types.get(t).length, m_.types.sizeOf(t), m_.types.alignOf(t));
    }
    case TypeKind::Slice: return slice(t);
    case TypeKind::Struct: return structure(t, name);
    case TypeKind::Map: return map(t);
    case TypeKind::Chan: return channel(t);
    default: return record(name, bits / 8, static_cast<uint64_t>(m_.types.alignOf(t)));  // a tuple: never in memory
  }
}

DIType* DebugTypes::named(TypeId t) {
  const std::string name = m_.types.str(t);
  const TypeId underlying = m_.types.underlying(t);
  if (m_.types.kind(t) == TypeKind::Struct) return structure(t, name);
  if (underlying == t || underlying.value < static_cast<uint32_t>(TypeKind::Pointer)) {
    return builder_.createTypedef(type(underlying), name, unit_->getFile(), 0, unit_);
  }
  DICompositeType* placeholder =
      builder_.createReplaceableCompositeType(dwarf::DW_TAG_structure_type, name, unit_, unit_->getFile(), 0);
  types_[t.value].reset(placeholder);
  // The underlying type may lead back here, and is then entered under its own number with the placeholder inside.
  DIType* target = type(underlying);
  DIType* made = builder_.createTypedef(target, name, unit_->getFile(), 0, unit_);
  return builder_.replaceTemporary(TempMDNode(placeholder), made);
}

// What a pointer leads to: whole, unless another package or part describes it.
DIType* DebugTypes::pointee(TypeId t) {
  const ir::TypeData& data = m_.types[t];
  const bool isElsewhere = data.external || (m_.isDataElsewhere() && data.pkgPath == m_.ir.path);
  if (data.kind != TypeKind::Named || !isElsewhere || m_.types.kind(t) != TypeKind::Struct || types_.contains(t.value)) {
    return type(t);
  }
  DIType*& slot = declarations_[t.value];
  if (!slot)
    slot = builder_.createForwardDecl(dwarf::DW_TAG_structure_type, m_.types.str(t), unit_, unit_->getFile(), 0);
  return slot;
}

DIType* DebugTypes::pointerTo(DIType* target, std::string_view name) {
  return builder_.createPointerType(target, kWord * 8, 0, std::nullopt, ref(name));
}

DIType* DebugTypes::arrayOf(DIType* element, int64_t length, int64_t bytes, int64_t align) {
  Metadata* range = builder_.getOrCreateSubrange(0, length);
  return builder_.createArrayType(static_cast<uint64_t>(bytes) * 8, static_cast<uint32_t>(align) * 8, element,
                                  builder_.getOrCreateArray({range}));
}

DICompositeType* DebugTypes::record(std::string_view name, uint64_t bytes, uint64_t align) {
  return builder_.createStructType(unit_, ref(name), unit_->getFile(), 0, bytes * 8, static_cast<uint32_t>(align) * 8,
                                   DINode::FlagZero, nullptr, builder_.getOrCreateArray({}));
}

void DebugTypes::fill(DICompositeType*& record, std::initializer_list<Member> members) {
  SmallVector<Metadata*, 8> list;
  for (const Member& m : members) {
    list.push_back(builder_.createMemberType(record, ref(m.name), unit_->getFile(), 0, m.size * 8, 0, m.offset * 8,
                                             DINode::FlagZero, m.type));
  }
  builder_.replaceArrays(record, builder_.getOrCreateArray(list));
}

DIType* DebugTypes::structure(TypeId t, std::string_view name) {
  DICompositeType* s =
      record(name, static_cast<uint64_t>(m_.types.sizeOf(t)), static_cast<uint64_t>(m_.types.alignOf(t)));
  types_[t.value].reset(s);
  SmallVector<Metadata*, 16> members;
  for (size_t i = 0; i < m_.types.get(t).fields.size(); i++) {
    const ir::Field field = m_.types.get(t).fields[i];  // a copy: making types moves the table
    DIType* fieldType = type(field.type);
    members.push_back(builder_.createMemberType(
        s, field.name, unit_->getFile(), 0, static_cast<uint64_t>(m_.types.sizeOf(field.type)) * 8, 0,
        static_cast<uint64_t>(m_.types.fieldOffset(t, i)) * 8, DINode::FlagZero, fieldType));
  }
  builder_.replaceArrays(s, builder_.getOrCreateArray(members));
  return s;
}

DIType* DebugTypes::slice(TypeId t) {
  DICompositeType* s = record(m_.types.str(t), 3 * kWord, kWord);
  types_[t.value].reset(s);
  DIType* array = pointerTo(pointee(m_.types.elem(t)));
  fill(s, {{"array", array, 0, kWord}, {"len", integer(), kWord, kWord}, {"cap", integer(), 2 * kWord, kWord}});
  return s;
}

// A pointer to the map. dirPtr leads to its only group when dirLen is 0; otherwise to pointers to tables (docs/maps.md),
// whose groups are of the same type.
DIType* DebugTypes::map(TypeId t) {
  const std::string name = m_.types.str(t);
  DICompositeType* header = record(name + ".map", 6 * kWord, kWord);
  DIType* pointer = pointerTo(header, name);
  types_[t.value].reset(pointer);

  DIType* group = type(m_.mapGroup(t));
  fill(header, {{"used", type(m_.types.basic(TypeKind::Uint64)), 0, kWord},
                {"seed", word(), kWord, kWord},
                {"dirPtr", pointerTo(group), 2 * kWord, kWord},
                {"dirLen", integer(), 3 * kWord, kWord}});
  return pointer;
}

DIType* DebugTypes::channel(TypeId t) {
  const std::string name = m_.types.str(t);
  DICompositeType* header = record(name + ".hchan", 3 * kWord, kWord);
  DIType* pointer = pointerTo(header, name);
  types_[t.value].reset(pointer);
  DIType* count = type(m_.types.basic(TypeKind::Uint));
  fill(header, {{"qcount", count, 0, kWord},
                {"dataqsiz", count, kWord, kWord},
                {"buf", pointerTo(pointee(m_.types.elem(t))), 2 * kWord, kWord}});
  return pointer;
}

void DebugTypes::describeOwn() {
  for (uint32_t i = 1; i < m_.types.size(); i++) {
    const ir::TypeData& data = m_.types[TypeId{i}];
    if (data.kind != TypeKind::Named || data.external || data.pkgPath != m_.ir.path || !data.elem.isValid()) continue;
    builder_.retainType(type(TypeId{i}));
  }
}

}  // namespace burrow::codegen
