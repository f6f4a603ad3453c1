// Type descriptors: how a Go type looks at run time.
//
// The compiler writes these records into the executable, the runtime reads them to allocate, compare, hash, copy and
// convert, and the distribution's own `reflect`, `internal/reflectlite` and map package read them through
// `internal/abi`. The layouts are therefore that package's, to the byte; every size and every offset that somebody else
// relies on is asserted below. This header compiles with the compiler's g++ and with the runtime's freestanding clang and
// needs nothing but the fixed-width integers.
//
// What follows a descriptor in memory, in this order:
//     the kind's own part     (ArrayType ... StructType below)
//     UncommonType            when tflag has kTFlagUncommon: a defined type or one with methods
//     parameter types         of a function type: inCount + outCount `Type*`
//     methods                 `Method[mcount]`, at uncommon + moff: exported ones first, then by name, then (unexported
//                             ones) by package path. An interface's methods stand in the same order.
//
// Offsets. NameOff, TypeOff and TextOff are 32-bit. In an executable at a fixed address they are the target's address; in
// a position-independent one the distance from the image base. 0 is "none". Negative numbers name things that reflect
// made at run time (the runtime keeps the table); kUnreachableMethod stands for a method that the link step dropped.
//
// Rejected: offsets relative to a types section as gc has them. They need one more table per image at every look-up and
// a link-time pass that rewrites descriptors; 32-bit absolute relocations do the same with what every linker has. (Only position-
// independent executables, for which linkers refuse these, need the pass: compiler/link/finish.h.)
#pragma once

#include <cstddef>
#include <cstdint>

#include "abi/value.h"

namespace burrow::abi {

using NameOff = int32_t;
using TypeOff = int32_t;
using TextOff = int32_t;

inline constexpr int32_t kUnreachableMethod = -1;

enum Kind : uint8_t {
  kInvalid,
  kBool,
  kInt,
  kInt8,
  kInt16,
  kInt32,
  kInt64,
  kUint,
  kUint8,
  kUint16,
  kUint32,
  kUint64,
  kUintptr,
  kFloat32,
  kFloat64,
  kComplex64,
  kComplex128,
  kArray,
  kChan,
  kFunc,
  kInterface,
  kMap,
  kPointer,
  kSlice,
  kString,
  kStruct,
  kUnsafePointer,
};

enum TFlag : uint8_t {
  kTFlagUncommon = 1 << 0,         // an UncommonType follows the kind's own part
  kTFlagExtraStar = 1 << 1,        // the name in `str` has a '*' in front that is not part of the type's string
  kTFlagNamed = 1 << 2,            // the type has a name
  kTFlagRegularMemory = 1 << 3,    // equality and hash may treat the value as `size` plain bytes
  kTFlagGcMaskOnDemand = 1 << 4,   // gcData is a `uint8_t**`: the mask is built at first use (see kMaxPtrMaskBytes)
  kTFlagDirectIface = 1 << 5,      // the value itself is an interface's data word: size == ptrBytes == 8
};

// Pointer masks: one bit per word of the first ptrBytes bytes, lowest bit of the first byte first. A type whose mask
// would be longer than this many bytes does not carry it: it has kTFlagGcMaskOnDemand and gcData points to a writable,
// zero pointer-sized variable, where the runtime puts the mask once somebody needs it.
inline constexpr size_t kMaxPtrMaskBytes = 16;

struct UncommonType;

struct Type {
  uint64_t size;
  uint64_t ptrBytes;  // bytes at the front that can contain pointers; 0: pointer-free
  uint32_t hash;
  uint8_t tflag;
  uint8_t align;
  uint8_t fieldAlign;
  uint8_t kind;
  FuncVal* equal;  // closure: swiftcall bool(const void*, const void*); nil: not comparable
  uint8_t* gcData;
  NameOff str;
  TypeOff ptrToThis;  // may be 0 although *T exists

  bool hasPointers() const { return ptrBytes != 0; }
  bool isDirectIface() const { return (tflag & kTFlagDirectIface) != 0; }
  bool isNamed() const { return (tflag & kTFlagNamed) != 0; }
  inline const UncommonType* uncommon() const;
};
static_assert(sizeof(Type) == 48);
static_assert(offsetof(Type, ptrBytes) == 8);
static_assert(offsetof(Type, hash) == 16);
static_assert(offsetof(Type, tflag) == 20);
static_assert(offsetof(Type, align) == 21);
static_assert(offsetof(Type, fieldAlign) == 22);
static_assert(offsetof(Type, kind) == 23);
static_assert(offsetof(Type, equal) == 24);
static_assert(offsetof(Type, gcData) == 32);
static_assert(offsetof(Type, str) == 40);
static_assert(offsetof(Type, ptrToThis) == 44);

// A method of a non-interface type.
struct Method {
  NameOff name;
  TypeOff mtyp;  // function type without the receiver
  TextOff ifn;   // code that takes an interface's data word as receiver
  TextOff tfn;   // code that takes the receiver itself
};
static_assert(sizeof(Method) == 16);

struct UncommonType {
  NameOff pkgPath;  // 0 for the universe's types
  uint16_t mcount;
  uint16_t xcount;  // how many of them are exported
  uint32_t moff;    // from this record to the methods
  uint32_t unused;

  const Method* methods() const {
    return reinterpret_cast<const Method*>(reinterpret_cast<const uint8_t*>(this) + moff);
  }
};
static_assert(sizeof(UncommonType) == 16);
static_assert(offsetof(UncommonType, mcount) == 4);
static_assert(offsetof(UncommonType, xcount) == 6);
static_assert(offsetof(UncommonType, moff) == 8);

// Reads and measures the encoded form of a name:
//     byte    flags
//     varint  length, then the bytes of the name
//     varint  length, then the bytes of the tag          when kNameHasTag
//     int32   NameOff of the package path, unaligned     when kNameHasPkgPath
// A package path is attached to unexported names of methods and fields whose package is not their type's.
// A type's name that starts with '*' has the exported bit of what follows the star.
enum NameFlag : uint8_t {
  kNameExported = 1 << 0,
  kNameHasTag = 1 << 1,
  kNameHasPkgPath = 1 << 2,
  kNameEmbedded = 1 << 3,
};

// Bytes that `n` takes as a varint (seven bits per byte, low first, high bit: more follow).
constexpr size_t varintSize(uint64_t n) {
  size_t bytes = 1;
  for (; n >= 0x80; n >>= 7) bytes++;
  return bytes;
}
// Writes `n` at `to` (varintSize(n) bytes) and returns the position after it.
constexpr uint8_t* writeVarint(uint8_t* to, uint64_t n) {
  for (; n >= 0x80; n >>= 7) *to++ = static_cast<uint8_t>(n) | 0x80;
  *to++ = static_cast<uint8_t>(n);
  return to;
}

struct Name {
  const uint8_t* bytes;  // nil: no name

  bool isExported() const { return (bytes[0] & kNameExported) != 0; }
  bool hasTag() const { return (bytes[0] & kNameHasTag) != 0; }
  bool isEmbedded() const { return (bytes[0] & kNameEmbedded) != 0; }

  GoString name() const {
    if (!bytes) return {nullptr, 0};
    uint64_t len = 0;
    const uint8_t* at = readVarint(bytes + 1, &len);
    return {at, static_cast<int64_t>(len)};
  }
  GoString tag() const {
    if (!bytes || !hasTag()) return {nullptr, 0};
    const GoString n = name();
    uint64_t len = 0;
    const uint8_t* at = readVarint(n.data + n.len, &len);
    return {at, static_cast<int64_t>(len)};
  }
  // The package path's NameOff, 0 when the name has none of its own.
  NameOff pkgPath() const {
    if (!bytes || !(bytes[0] & kNameHasPkgPath)) return 0;
    const GoString last = hasTag() ? tag() : name();
    const uint8_t* at = last.data + last.len;
    return static_cast<NameOff>(static_cast<uint32_t>(at[0]) | static_cast<uint32_t>(at[1]) << 8 |
                                static_cast<uint32_t>(at[2]) << 16 | static_cast<uint32_t>(at[3]) << 24);
  }

 private:
  static const uint8_t* readVarint(const uint8_t* at, uint64_t* value) {
    uint64_t v = 0;
    for (unsigned shift = 0;; shift += 7) {
      const uint8_t b = *at++;
      v |= static_cast<uint64_t>(b & 0x7f) << shift;
      if (!(b & 0x80)) break;
    }
    *value = v;
    return at;
  }
};
static_assert(sizeof(Name) == 8);

// ---- the kinds' own parts

struct ArrayType : Type {
  const Type* elem;
  const Type* slice;  // the type of a[:]
  uint64_t len;
};
static_assert(sizeof(ArrayType) == 72);

enum ChanDir : int64_t { kRecvDir = 1, kSendDir = 2, kBothDir = 3 };

struct ChanType : Type {
  const Type* elem;
  int64_t dir;
};
static_assert(sizeof(ChanType) == 64);

// Parameter and result types follow the record (and its UncommonType when there is one).
struct FuncType : Type {
  uint16_t inCount;
  uint16_t outCount;  // with kVariadic when the last parameter is `...T`

  static constexpr uint16_t kVariadic = 1 << 15;
  bool isVariadic() const { return (outCount & kVariadic) != 0; }
  unsigned numOut() const { return outCount & (kVariadic - 1); }
  const Type* const* in() const {
    const size_t at = 56 + ((tflag & kTFlagUncommon) ? sizeof(UncommonType) : 0);
    return reinterpret_cast<const Type* const*>(reinterpret_cast<const uint8_t*>(this) + at);
  }
  const Type* const* out() const { return in() + inCount; }
};
static_assert(sizeof(FuncType) == 56);

// A method that an interface asks for. The order is that of a type's methods, so that both can be matched in one walk.
struct Imethod {
  NameOff name;
  TypeOff typ;
};
static_assert(sizeof(Imethod) == 8);

struct InterfaceType : Type {
  Name pkgPath;
  const Imethod* methods;
  int64_t methodCount;
  int64_t methodCap;
};
static_assert(sizeof(InterfaceType) == 80);

inline constexpr unsigned kMapGroupSlots = 8;
inline constexpr uint64_t kMapMaxKeyBytes = 128;   // larger keys are stored as pointers
inline constexpr uint64_t kMapMaxElemBytes = 128;  // so are larger elements
inline constexpr uint64_t kMapCtrlEmpty = 0x8080808080808080;
inline constexpr uint64_t kMapHeaderBytes = 48, kMapHeaderGroup = 16;  // a map; where it has its only group

enum MapFlag : uint32_t {
  kMapNeedKeyUpdate = 1 << 0,  // an overwrite must store the new key too (floats, strings, interfaces)
  kMapHashMightPanic = 1 << 1,
  kMapIndirectKey = 1 << 2,
  kMapIndirectElem = 1 << 3,
};

// The group type is struct { ctrl uint64; slots [8]struct { key K; elem E } }.
struct MapType : Type {
  const Type* key;
  const Type* elem;
  const Type* group;
  FuncVal* hasher;  // closure: swiftcall uint64_t(const void* key, uint64_t seed)
  uint64_t groupSize;
  uint64_t keysOff;     // first key in a group
  uint64_t keyStride;   // size of a slot
  uint64_t elemsOff;    // first element in a group
  uint64_t elemStride;  // size of a slot
  uint64_t elemOff;     // element in a slot
  uint32_t flags;

  bool needKeyUpdate() const { return (flags & kMapNeedKeyUpdate) != 0; }
  bool hashMightPanic() const { return (flags & kMapHashMightPanic) != 0; }
  bool indirectKey() const { return (flags & kMapIndirectKey) != 0; }
  bool indirectElem() const { return (flags & kMapIndirectElem) != 0; }
};
static_assert(sizeof(MapType) == 136);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Winvalid-offsetof"  // single inheritance without virtual functions: well defined here
static_assert(offsetof(MapType, hasher) == 72);
static_assert(offsetof(MapType, groupSize) == 80);
static_assert(offsetof(MapType, keysOff) == 88);
static_assert(offsetof(MapType, keyStride) == 96);
static_assert(offsetof(MapType, elemsOff) == 104);
static_assert(offsetof(MapType, elemStride) == 112);
static_assert(offsetof(MapType, elemOff) == 120);
static_assert(offsetof(MapType, flags) == 128);
#pragma GCC diagnostic pop

struct PtrType : Type {
  const Type* elem;
};
static_assert(sizeof(PtrType) == 56);

struct SliceType : Type {
  const Type* elem;
};
static_assert(sizeof(SliceType) == 56);

struct StructField {
  Name name;
  const Type* type;
  uint64_t offset;
};
static_assert(sizeof(StructField) == 24);

struct StructType : Type {
  Name pkgPath;
  const StructField* fields;
  int64_t fieldCount;
  int64_t fieldCap;
};
static_assert(sizeof(StructType) == 80);

// First word of a value of an interface type with methods.
struct ITab {
  const InterfaceType* inter;
  const Type* type;
  uint32_t hash;  // type->hash, for type switches
  uint32_t pad;
  void* fun[1];  // inter->methodCount code pointers; fun[0] == nil: the type does not implement the interface
};
static_assert(sizeof(ITab) == 32);
static_assert(offsetof(ITab, hash) == 16);
static_assert(offsetof(ITab, fun) == 24);

// Bytes of the kind's own part: where the UncommonType begins.
constexpr size_t descriptorBaseSize(uint8_t kind) {
  switch (kind) {
    case kArray: return sizeof(ArrayType);
    case kChan: return sizeof(ChanType);
    case kFunc: return sizeof(FuncType);
    case kInterface: return sizeof(InterfaceType);
    case kMap: return sizeof(MapType);
    case kPointer: return sizeof(PtrType);
    case kSlice: return sizeof(SliceType);
    case kStruct: return sizeof(StructType);
    default: return sizeof(Type);
  }
}

inline const UncommonType* Type::uncommon() const {
  if (!(tflag & kTFlagUncommon)) return nullptr;
  return reinterpret_cast<const UncommonType*>(reinterpret_cast<const uint8_t*>(this) + descriptorBaseSize(kind));
}

}  // namespace burrow::abi
