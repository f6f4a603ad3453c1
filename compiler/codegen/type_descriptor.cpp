// Type descriptors: abi/type.h in static data.
//
// A descriptor is one symbol, `type:` and the type's link string, with everything that belongs to it behind it in the
// order that abi/type.h gives: the kind's own part, the UncommonType, parameter types, methods, and then (because only
// pointers lead there) an interface's methods and a struct's fields. Names are symbols of their own, since many types
// share them. All are linkonce: the linker keeps one of each. The declaring package emits T and *T of a defined type;
// other packages refer to them.
//
// Descriptors are asked for while functions are lowered, and filled at the end: until then the symbol stands in for the
// data, so that types that refer to themselves are no special case.
#include "codegen/data_builder.h"
#include "codegen/known_globals.h"
#include "codegen/module_lowering.h"
#include "codegen/sections.h"
#include "ir/text.h"
#include "ir/type_hash.h"

#include "abi/type.h"

#include <algorithm>

namespace burrow::codegen {

using namespace llvm;
using ir::TypeId;
using ir::TypeKind;

namespace {

uint8_t abiKind(TypeKind kind) {
  switch (kind) {
    case TypeKind::Bool: return abi::kBool;
    case TypeKind::Int: return abi::kInt;
    case TypeKind::Int8: return abi::kInt8;
    case TypeKind::Int16: return abi::kInt16;
    case TypeKind::Int32: return abi::kInt32;
    case TypeKind::Int64: return abi::kInt64;
    case TypeKind::Uint: return abi::kUint;
    case TypeKind::Uint8: return abi::kUint8;
    case TypeKind::Uint16: return abi::kUint16;
    case TypeKind::Uint32: return abi::kUint32;
    case TypeKind::Uint64: return abi::kUint64;
    case TypeKind::Uintptr: return abi::kUintptr;
    case TypeKind::Float32: return abi::kFloat32;
    case TypeKind::Float64: return abi::kFloat64;
    case TypeKind::Complex64: return abi::kComplex64;
    case TypeKind::Complex128: return abi::kComplex128;
    case TypeKind::String: return abi::kString;
    case TypeKind::UnsafePointer: return abi::kUnsafePointer;
    case TypeKind::Pointer: return abi::kPointer;
    case TypeKind::Slice: return abi::kSlice;
    case TypeKind::Array: return abi::kArray;
    case TypeKind::Chan: return abi::kChan;
    case TypeKind::Map: return abi::kMap;
    case TypeKind::Struct: return abi::kStruct;
    case TypeKind::Func: return abi::kFunc;
    case TypeKind::Interface: return abi::kInterface;
    default: return abi::kInvalid;
  }
}

static_assert(offsetof(abi::Type, hash) == ir::kTypeHashOffset && offsetof(abi::ITab, hash) == ir::kTypeHashOffset);

// "pkg.Name[args]" -> "Name".
std::string_view baseName(std::string_view goName) {
  goName = goName.substr(0, goName.find('['));
  size_t dot = goName.rfind('.');
  return dot == std::string_view::npos ? goName : goName.substr(dot + 1);
}

bool needsKeyUpdate(ir::TypeTable& types, TypeId t) {
  switch (types.kind(t)) {
    case TypeKind::Float32: case TypeKind::Float64: case TypeKind::Complex64: case TypeKind::Complex128:
    case TypeKind::String: case TypeKind::Interface:
      return true;
    case TypeKind::Array: return needsKeyUpdate(types, types.elem(t));
    case TypeKind::Struct:
      for (const ir::Field& f : types.get(t).fields) {
        if (needsKeyUpdate(types, f.type)) return true;
      }
      return false;
    default: return false;
  }
}

bool hashMightPanic(ir::TypeTable& types, TypeId t) {
  switch (types.kind(t)) {
    case TypeKind::Interface: return true;
    case TypeKind::Array: return hashMightPanic(types, types.elem(t));
    case TypeKind::Struct:
      for (const ir::Field& f : types.get(t).fields) {
        if (hashMightPanic(types, f.type)) return true;
      }
      return false;
    default: return false;
  }
}

}  // namespace

// ---- names

Constant* ModuleLowering::importPath(std::string_view path) {
  if (path.empty()) return ConstantPointerNull::get(ptr0);
  return nameData(path, "", false, false, "");
}

Constant* ModuleLowering::nameData(std::string_view name, std::string_view tag, bool exported, bool embedded,
                                   std::string_view pkgPath) {
  // The name says all that is in it, so that equal names are equal data.
  std::string symbol = "type:.namedata." + std::string(name) + (exported ? "." : "-") + (embedded ? "e" : "");
  if (!tag.empty()) symbol += ir::quote(tag);
  if (!pkgPath.empty()) symbol += "@" + std::string(pkgPath);
  if (GlobalVariable* g = module.getGlobalVariable(symbol, true)) return g;
  DataBuilder data(context);
  auto addString = [&](std::string_view s) {
    uint8_t length[10];
    uint8_t* end = abi::writeVarint(length, s.size());
    data.setBytes(data.size(), ArrayRef<uint8_t>(length, end));
    data.setBytes(data.size(), ArrayRef<uint8_t>(reinterpret_cast<const uint8_t*>(s.data()), s.size()));
  };
  unsigned flags = (exported ? abi::kNameExported : 0) | (embedded ? abi::kNameEmbedded : 0) |
                   (tag.empty() ? 0 : abi::kNameHasTag) | (pkgPath.empty() ? 0 : abi::kNameHasPkgPath);
  data.addInt(1, flags);
  addString(name);
  if (!tag.empty()) addString(tag);
  if (pkgPath.empty()) return linkOnceData(symbol, data.build(), kTypesSection, 1);
  // What stands in for the name in its own data.
  auto* self = new GlobalVariable(module, i8, true, GlobalValue::ExternalLinkage, nullptr);
  data.addAddress(offset32(importPath(pkgPath), ConstantExpr::getGetElementPtr(i8, self, ConstantInt::get(i64, data.size()))), 4);
  GlobalVariable* g = linkOnceData(symbol, data.build(), kTypesSection, 1);
  self->replaceAllUsesWith(g);
  self->eraseFromParent();
  return g;
}

// ---- pointer masks

Constant* ModuleLowering::gcMask(TypeId t, bool* onDemand) {
  std::vector<bool> map;
  int64_t words = types.layout(t).ptrBytes / 8;
  *onDemand = words > static_cast<int64_t>(abi::kMaxPtrMaskBytes) * 8;
  if (words == 0) return ConstantPointerNull::get(ptr0);
  if (*onDemand) {
    std::string name = "type:.gcmask." + types.str(t);
    if (GlobalVariable* g = module.getGlobalVariable(name, true)) return g;
    auto* g = new GlobalVariable(module, i64, false, GlobalValue::LinkOnceODRLinkage, ConstantInt::get(i64, 0), name);
    g->setComdat(module.getOrInsertComdat(name));
    g->setSection(kNoPtrBssSection + name);
    g->setAlignment(Align(8));
    return g;
  }
  map = types.pointerMap(t);
  std::vector<uint8_t> bytes((map.size() + 7) / 8);
  std::string name = "runtime.gcbits.";
  for (size_t i = 0; i < map.size(); i++) {
    if (map[i]) bytes[i / 8] |= static_cast<uint8_t>(1u << (i % 8));
  }
  for (uint8_t byte : bytes) {
    static const char* kHex = "0123456789abcdef";
    name += kHex[byte >> 4];
    name += kHex[byte & 15];
  }
  return linkOnceData(name, ConstantDataArray::get(context, bytes), kTypesSection, 1);
}

// ---- map groups

// struct { ctrl uint64; slots [8]struct { key K; elem E } }, large keys and elements as pointers.
TypeId ModuleLowering::mapGroup(TypeId map) {
  TypeId key = types.key(map), elem = types.elem(map);
  if (types.sizeOf(key) > static_cast<int64_t>(abi::kMapMaxKeyBytes)) key = types.pointer(key);
  if (types.sizeOf(elem) > static_cast<int64_t>(abi::kMapMaxElemBytes)) elem = types.pointer(elem);
  auto field = [](const char* name, TypeId t) {
    ir::Field f;
    f.name = name;
    f.pkgPath = "internal/runtime/maps";  // so that no type of a program is the same
    f.type = t;
    return f;
  };
  TypeId slotType = types.structOf({field("key", key), field("elem", elem)});
  TypeId slots = types.array(slotType, abi::kMapGroupSlots);
  TypeId group = types.structOf({field("ctrl", types.basic(TypeKind::Uint64)), field("slots", slots)});
  for (TypeId t : {slotType, slots, group}) noAlgorithms_.insert(t.value);
  return group;
}

// ---- the descriptor

// Descriptors that this part can count on. Those of predeclared types come with package runtime then: if each part that makes an
// interface of a string had that descriptor, with the functions in it, a fifth of all functions would be those.
bool ModuleLowering::isElsewhere(TypeId t) {
  if (!isDataElsewhere()) return false;
  if (ownTypes_.empty()) {
    for (TypeId own : ir.descriptors) {
      ownTypes_.insert(own.value);
      if (types[own].kind == TypeKind::Named && !types[own].external) ownTypes_.insert(types.pointer(own).value);
    }
  }
  const TypeId base = types[t].kind == TypeKind::Pointer ? types[t].elem : t;
  return base.value < static_cast<uint32_t>(TypeKind::Pointer) || ownTypes_.contains(t.value);
}

Constant* ModuleLowering::typeDescriptor(TypeId t) {
  auto [it, isNew] = descriptors_.try_emplace(t.value, nullptr);
  if (!isNew) return it->second;
  std::string name = "type:" + types.str(t);
  auto isExternal = [&](TypeId x) { return types[x].kind == TypeKind::Named && types[x].external; };
  bool external = isExternal(t) || (types[t].kind == TypeKind::Pointer && isExternal(types[t].elem)) || isElsewhere(t);
  auto* g = new GlobalVariable(module, ArrayType::get(i8, 48), true, GlobalValue::ExternalLinkage, nullptr, name);
  g->setAlignment(Align(8));
  descriptors_[t.value] = g;
  if (!external) {
    // Linkonce globals need data; it is replaced when the descriptor is filled.
    g->setInitializer(ConstantAggregateZero::get(g->getValueType()));
    g->setLinkage(GlobalValue::LinkOnceODRLinkage);
    pendingDescriptors_.push_back({t, g});
  } else {
    noteExternal(t, *g);
  }
  return g;
}

// What follows from the type alone about a descriptor that another package emits (known_globals.h).
void ModuleLowering::noteExternal(TypeId t, GlobalVariable& g) {
  const ir::Layout l = types.layout(t);
  const auto align = static_cast<uint64_t>(l.align);
  noteKnownContent(g, offsetof(abi::Type, size), ConstantInt::get(i64, static_cast<uint64_t>(l.size)));
  noteKnownContent(g, offsetof(abi::Type, ptrBytes), ConstantInt::get(i64, static_cast<uint64_t>(l.ptrBytes)));
  noteKnownContent(g, offsetof(abi::Type, align), ConstantInt::get(i8, align));
  noteKnownContent(g, offsetof(abi::Type, fieldAlign), ConstantInt::get(i8, align));
  noteKnownContent(g, offsetof(abi::Type, kind), ConstantInt::get(i8, abiKind(types.kind(t))));
  // The own part of a named type leads to types that would have to be described here.
  if (types[t].kind == TypeKind::Pointer) noteKnownContent(g, sizeof(abi::Type), typeDescriptor(types[t].elem));
}

// A pointer to `g` in `section`, which the linker keeps exactly when it keeps `g`.
void ModuleLowering::addLinkEntry(GlobalVariable* g, const char* section) {
  auto* entry = new GlobalVariable(module, ptr0, true, GlobalValue::PrivateLinkage, g, "link");
  entry->setSection(section);
  entry->setAlignment(Align(8));
  if (Comdat* c = g->getComdat()) entry->setComdat(c);
  entry->setMetadata(LLVMContext::MD_associated, MDNode::get(context, ValueAsMetadata::get(g)));
  usedData.push_back(entry);
}

class DescriptorWriter {
 public:
  DescriptorWriter(ModuleLowering& module, TypeId t, GlobalVariable* g)
      : m(module), types(module.types), t_(t), g_(g), kind_(module.types.kind(t)), data_(module.context) {}

  Constant* write() {
    common();
    own();
    methods();
    trailers();
    return data_.build();
  }

 private:
  bool named() const { return types[t_].kind == TypeKind::Named; }
  // Predeclared types are named too.
  bool hasName() const { return named() || (kind_ >= TypeKind::Bool && kind_ <= TypeKind::UnsafePointer); }
  std::string pkgPath() const {
    if (named()) return types[t_].pkgPath;
    return kind_ == TypeKind::UnsafePointer ? "unsafe" : "";
  }
  void address(size_t at, Constant* c) { data_.setAddress(at, c, 8); }
  void offset(size_t at, Constant* c) { data_.setAddress(at, m.offset32(c, self(at)), 4); }
  // The descriptor's own bytes from `at` on.
  Constant* self(size_t at) { return ConstantExpr::getInBoundsGetElementPtr(m.i8, g_, ConstantInt::get(m.i64, at)); }

  void common() {
    const ir::Layout l = types.layout(t_);
    uint8_t kind = abiKind(kind_);
    base_ = abi::descriptorBaseSize(kind);
    data_.grow(base_);
    bool onDemand = false;
    Constant* mask = m.gcMask(t_, &onDemand);
    bool comparable = types.isComparable(t_) && !m.noAlgorithms_.contains(t_.value);
    methods_ = types.hasMethods(t_) && kind_ != TypeKind::Interface ? types.methodsOf(t_) : std::vector<ir::Method>();
    uncommon_ = hasName() || !methods_.empty();
    unsigned flags = 0;
    if (uncommon_) flags |= abi::kTFlagUncommon;
    if (hasName()) flags |= abi::kTFlagNamed;
    if (comparable && types.isPlainMemory(t_)) flags |= abi::kTFlagRegularMemory;
    if (onDemand) flags |= abi::kTFlagGcMaskOnDemand;
    if (types.isDirectIface(t_)) flags |= abi::kTFlagDirectIface;
    std::string name = types.goString(t_);
    bool exported = false;
    if (named()) exported = !types[t_].foreignLower && isExportedName(baseName(name));
    if (types[t_].kind == TypeKind::Pointer && types[types[t_].elem].kind == TypeKind::Named) {
      exported = !types[types[t_].elem].foreignLower && isExportedName(baseName(name.substr(1)));
    }
    data_.setInt(offsetof(abi::Type, size), 8, static_cast<uint64_t>(l.size));
    data_.setInt(offsetof(abi::Type, ptrBytes), 8, static_cast<uint64_t>(l.ptrBytes));
    data_.setInt(offsetof(abi::Type, hash), 4, ir::typeHash(types, t_));
    data_.setInt(offsetof(abi::Type, tflag), 1, flags);
    data_.setInt(offsetof(abi::Type, align), 1, static_cast<uint64_t>(l.align));
    data_.setInt(offsetof(abi::Type, fieldAlign), 1, static_cast<uint64_t>(l.align));
    data_.setInt(offsetof(abi::Type, kind), 1, kind);
    if (comparable) {
      if (Function* eq = m.equalFunction(t_)) address(offsetof(abi::Type, equal), m.closureObject(eq));
    }
    if (!mask->isNullValue()) address(offsetof(abi::Type, gcData), mask);
    offset(offsetof(abi::Type, str), m.nameData(name, "", exported, false, ""));
    if (named() || types[t_].kind == TypeKind::Struct) {
      // reflect must find *T with its methods; a *T without any it can make itself.
      TypeId pointer = types.pointer(t_);
      if (types.hasMethods(pointer) && !types.methodsOf(pointer).empty()) {
        offset(offsetof(abi::Type, ptrToThis), m.typeDescriptor(pointer));
      }
    }
  }

  void own() {
    const TypeId elem = types.get(t_).elem;
    switch (kind_) {
      case TypeKind::Pointer:
      case TypeKind::Slice:
        address(base_ - 8, m.typeDescriptor(elem));
        return;
      case TypeKind::Array:
        address(48, m.typeDescriptor(elem));
        address(56, m.typeDescriptor(types.slice(elem)));
        data_.setInt(64, 8, static_cast<uint64_t>(types.get(t_).length));
        return;
      case TypeKind::Chan:
        address(48, m.typeDescriptor(elem));
        data_.setInt(56, 8, static_cast<uint64_t>(types.get(t_).chanDir));
        return;
      case TypeKind::Func: {
        size_t out = types.get(t_).results.size();
        data_.setInt(48, 2, types.get(t_).params.size());
        data_.setInt(50, 2, out | (types.get(t_).variadic ? abi::FuncType::kVariadic : 0u));
        return;
      }
      case TypeKind::Map:
        return map();
      default:
        return;
    }
  }

  void map() {
    TypeId key = types.key(t_), elem = types.elem(t_);
    TypeId group = m.mapGroup(t_);
    TypeId slots = types.get(group).fields[1].type;
    TypeId slotType = types.elem(slots);
    int64_t keysOff = types.fieldOffset(group, 1), elemOff = types.fieldOffset(slotType, 1), stride = types.sizeOf(slotType);
    unsigned flags = (needsKeyUpdate(types, key) ? abi::kMapNeedKeyUpdate : 0u) |
                     (hashMightPanic(types, key) ? abi::kMapHashMightPanic : 0u) |
                     (types.sizeOf(key) > static_cast<int64_t>(abi::kMapMaxKeyBytes) ? abi::kMapIndirectKey : 0u) |
                     (types.sizeOf(elem) > static_cast<int64_t>(abi::kMapMaxElemBytes) ? abi::kMapIndirectElem : 0u);
    address(48, m.typeDescriptor(key));
    address(56, m.typeDescriptor(elem));
    address(64, m.typeDescriptor(group));
    if (Function* hash = m.hashFunction(key)) address(72, m.closureObject(hash));
    auto number = [&](size_t at, int64_t n) { data_.setInt(at, 8, static_cast<uint64_t>(n)); };
    number(80, types.sizeOf(group));
    number(88, keysOff);
    number(96, stride);
    number(104, keysOff + elemOff);
    number(112, stride);
    number(120, elemOff);
    data_.setInt(128, 4, flags);
  }

  // The UncommonType, a function's parameter types, and the methods.
  void methods() {
    size_t uncommonAt = base_;
    if (uncommon_) data_.grow(base_ + sizeof(abi::UncommonType));
    if (kind_ == TypeKind::Func) {
      for (TypeId p : types.get(t_).params) data_.addAddress(m.typeDescriptor(p), 8);
      for (TypeId r : types.get(t_).results) data_.addAddress(m.typeDescriptor(r), 8);
    }
    if (!uncommon_) return;
    // The package of *T's methods is T's, as with gc: reflect.StructOf counts on unexported methods' names not to say it.
    std::string pkg = kind_ == TypeKind::Pointer && !named() ? types[types.elem(t_)].pkgPath : pkgPath();
    size_t exported = 0;
    size_t methodsAt = data_.size();
    for (const ir::Method& method : methods_) {
      bool isExported = method.pkgPath.empty();
      exported += isExported;
      size_t at = data_.size();
      data_.grow(at + sizeof(abi::Method));
      offset(at, m.nameData(method.name, "", isExported, false, method.pkgPath == pkg ? "" : method.pkgPath));
      offset(at + 4, m.typeDescriptor(method.type));
      offset(at + 8, m.codeAddress(method.ifn));
      offset(at + 12, m.codeAddress(method.tfn));
    }
    if (!pkg.empty()) offset(uncommonAt, m.importPath(pkg));
    data_.setInt(uncommonAt + offsetof(abi::UncommonType, mcount), 2, methods_.size());
    data_.setInt(uncommonAt + offsetof(abi::UncommonType, xcount), 2, exported);
    data_.setInt(uncommonAt + offsetof(abi::UncommonType, moff), 4, methodsAt - uncommonAt);
  }

  // What pointers inside the descriptor lead to: an interface's methods, a struct's fields.
  void trailers() {
    data_.align(8);
    if (kind_ == TypeKind::Interface) {
      std::string pkg = pkgPath();
      if (!pkg.empty()) address(48, m.importPath(pkg));
      std::vector<ir::InterfaceMethod> list = types.get(t_).methods;
      address(56, self(data_.size()));
      data_.setInt(64, 8, list.size());
      data_.setInt(72, 8, list.size());
      for (const ir::InterfaceMethod& method : list) {
        size_t at = data_.size();
        data_.grow(at + sizeof(abi::Imethod));
        bool isExported = method.pkgPath.empty();
        offset(at, m.nameData(method.name, "", isExported, false, method.pkgPath == pkg ? "" : method.pkgPath));
        offset(at + 4, m.typeDescriptor(method.type));
      }
      if (list.empty()) data_.grow(data_.size() + 8);  // the address must stay inside of the symbol
    } else if (kind_ == TypeKind::Struct) {
      std::vector<ir::Field> fields = types.get(t_).fields;
      std::string pkg;
      for (const ir::Field& f : fields) {
        if (pkg.empty()) pkg = f.pkgPath;
      }
      if (!pkg.empty()) address(48, m.importPath(pkg));
      address(56, self(data_.size()));
      data_.setInt(64, 8, fields.size());
      data_.setInt(72, 8, fields.size());
      for (size_t i = 0; i < fields.size(); i++) {
        const ir::Field& f = fields[i];
        size_t at = data_.size();
        data_.grow(at + sizeof(abi::StructField));
        address(at, m.nameData(f.name, f.tag, f.pkgPath.empty() && f.name != "_", f.embedded, ""));
        address(at + 8, m.typeDescriptor(f.type));
        data_.setInt(at + 16, 8, static_cast<uint64_t>(types.fieldOffset(t_, i)));
      }
      if (fields.empty()) data_.grow(data_.size() + 8);
    }
  }

  ModuleLowering& m;
  ir::TypeTable& types;
  TypeId t_;
  GlobalVariable* g_;
  TypeKind kind_;
  DataBuilder data_;
  size_t base_ = 0;
  bool uncommon_ = false;
  std::vector<ir::Method> methods_;
};

void ModuleLowering::fillDescriptor(TypeId t, GlobalVariable* g) {
  Constant* init = DescriptorWriter(*this, t, g).write();
  auto* full = new GlobalVariable(module, init->getType(), true, g->getLinkage(), init, "");
  full->takeName(g);
  full->setAlignment(Align(8));
  full->setSection(kTypesSection);
  full->setComdat(module.getOrInsertComdat(full->getName()));
  g->replaceAllUsesWith(full);
  g->eraseFromParent();
  descriptors_[t.value] = full;
  // reflect looks for these by their string before it makes a type.
  switch (types[t].kind) {
    case TypeKind::Pointer: case TypeKind::Slice: case TypeKind::Array: case TypeKind::Chan: case TypeKind::Map:
    case TypeKind::Func: case TypeKind::Struct:
      addLinkEntry(full, kTypeLinkSection);
      break;
    default:
      break;
  }
}

// ---- itabs

Constant* ModuleLowering::itab(TypeId concrete, TypeId iface) {
  std::string name = "go:itab." + types.str(concrete) + "," + types.str(iface);
  if (GlobalVariable* g = module.getGlobalVariable(name, true)) return g;
  DataBuilder data(context);
  data.setAddress(offsetof(abi::ITab, inter), typeDescriptor(iface), 8);
  data.setAddress(offsetof(abi::ITab, type), typeDescriptor(concrete), 8);
  data.setInt(offsetof(abi::ITab, hash), 4, ir::typeHash(types, concrete));
  data.grow(offsetof(abi::ITab, fun));
  std::vector<ir::Method> methods = types.hasMethods(concrete) ? types.methodsOf(concrete) : std::vector<ir::Method>();
  // An assertion that can never hold (in an instance of generic code) still compares with the itab. It is like what the
  // runtime makes of a pair that does not fit: no method at all, so that nobody takes it for one that does.
  std::vector<const ir::Method*> found;
  for (const ir::InterfaceMethod& want : types.get(iface).methods) {
    auto have = std::find_if(methods.begin(), methods.end(), [&](const ir::Method& m) {
      return m.name == want.name && m.pkgPath == want.pkgPath;
    });
    found.push_back(have == methods.end() ? nullptr : &*have);
  }
  bool fits = std::find(found.begin(), found.end(), nullptr) == found.end();
  for (const ir::Method* method : found) {
    if (fits) data.addAddress(codeAddress(method->ifn), 8);
    else data.addInt(8, 0);
  }
  GlobalVariable* g = linkOnceData(name, data.build(), kItabsSection, 8);
  addLinkEntry(g, kItabLinkSection);
  return g;
}

}  // namespace burrow::codegen
