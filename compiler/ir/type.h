// The types of Burrow IR.
//
// IR types are Go's types, fully instantiated: no type parameters, no untyped constants, no aliases. Identical types are
// one TypeId, so that comparing types is comparing numbers, and everything that a run-time type descriptor needs (names,
// tags, methods) is here, so that a module of IR says all that the code generator has to know.
//
// A defined type is `Named`: its link name ("main.T", "main.Pair[int,main.U]") is its identity, its underlying type is set
// once it is known. Most questions go to the underlying type: `table.kind(t)` looks through names, `table[t].kind` does not.
//
// Rejected: using the checker's types directly (they need a substitution to be looked at, and IR text could not be read
// back without a checker).
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace burrow::ir {

struct TypeId {
  uint32_t value = 0;  // 0: no type
  constexpr bool isValid() const { return value != 0; }
  constexpr bool operator==(const TypeId&) const = default;
};

enum class TypeKind : uint8_t {
  Invalid,
  Bool, Int, Int8, Int16, Int32, Int64, Uint, Uint8, Uint16, Uint32, Uint64, Uintptr,
  Float32, Float64, Complex64, Complex128, String, UnsafePointer,
  Pointer,    // elem
  Slice,      // elem
  Array,      // elem, length
  Chan,       // elem, chanDir
  Map,        // key, elem
  Struct,     // fields
  Func,       // params, results, variadic
  Interface,  // methods, sorted by methodBefore
  Tuple,      // results: what an operation with several results produces; never in memory
  Named,      // name, underlying
};

enum class ChanDir : uint8_t { Both = 3, Recv = 1, Send = 2 };

struct Field {
  std::string name;     // "_" for blank
  std::string pkgPath;  // of an unexported name
  TypeId type;
  std::string tag;
  bool embedded = false;
  bool operator==(const Field&) const = default;
};

struct InterfaceMethod {
  std::string name;
  std::string pkgPath;  // of an unexported name
  TypeId type;          // Func, without receiver
  bool operator==(const InterfaceMethod&) const = default;
};

// The order of methods in interfaces, method tables and descriptors, on which the runtime and reflect rely: exported names
// first, then by name, then by package path. Only unexported names have a package path.
inline bool methodBefore(std::string_view nameA, std::string_view pkgPathA, std::string_view nameB, std::string_view pkgPathB) {
  if (pkgPathA.empty() != pkgPathB.empty()) return pkgPathA.empty();
  return nameA != nameB ? nameA < nameB : pkgPathA < pkgPathB;
}

// A method as a type descriptor lists it. `ifn` is the symbol whose code takes an interface's data word as receiver,
// `tfn` the one that takes the receiver itself. Sorted like interface methods.
struct Method {
  std::string name;
  std::string pkgPath;
  TypeId type;  // Func, without receiver
  std::string ifn, tfn;
};

struct TypeData {
  TypeKind kind = TypeKind::Invalid;
  ChanDir chanDir = ChanDir::Both;
  bool variadic = false;
  TypeId elem;        // Pointer, Slice, Array, Chan, Map; Named: underlying
  TypeId key;         // Map
  int64_t length = 0; // Array
  std::vector<Field> fields;
  std::vector<InterfaceMethod> methods;
  std::vector<TypeId> params, results;  // Func; Tuple: results
  // Named
  std::string name;      // link name: identity ("main.T", "main.f.T·1" for a type declared in a function)
  std::string goName;    // as reflect and messages show it: "main.T" with the package's name, not its path
  std::string pkgPath;
  bool external = false; // the package that declares it emits the descriptors of T and *T
  // The name begins with a letter outside ASCII that is not upper-case; of all others one sees it.
  bool foreignLower = false;
};

// What registers and memory a type takes.
struct Layout {
  int64_t size = 0;
  int64_t align = 1;
  int64_t ptrBytes = 0;  // bytes up to and including the last pointer word; 0: no pointers
};

// A scalar part of a value; see TypeTable::leaves.
enum class LeafKind : uint8_t { Bool, I8, I16, I32, I64, F32, F64, Ptr };
struct Leaf {
  LeafKind kind;
  int64_t offset;
  bool isSigned = false;
  bool isLength = false;  // of a string or slice, or a slice's capacity: never negative
  int64_t greatest = 0;   // of a length: kMaxLength when elements take room
};

// No string and no slice whose elements take room is longer: addresses have 47 bits. unsafe.Slice lets through some lengths
// above this one, which is chosen such that sums of two lengths do not wrap.
constexpr int64_t kMaxLength = int64_t(1) << 62;

// Owns all types of a compilation. Not thread-safe.
class TypeTable {
 public:
  TypeTable();
  TypeTable(const TypeTable&) = delete;
  TypeTable& operator=(const TypeTable&) = delete;

  const TypeData& operator[](TypeId t) const { return types_[t.value]; }
  size_t size() const { return types_.size(); }

  // Looking through names.
  TypeId underlying(TypeId t) const;
  TypeKind kind(TypeId t) const { return types_[underlying(t).value].kind; }
  const TypeData& get(TypeId t) const { return types_[underlying(t).value]; }
  TypeId elem(TypeId t) const { return get(t).elem; }
  TypeId key(TypeId t) const { return get(t).key; }

  // Making types. Equal arguments give the equal id.
  TypeId basic(TypeKind kind) const { return TypeId{static_cast<uint32_t>(kind)}; }
  TypeId pointer(TypeId elem);
  TypeId slice(TypeId elem);
  TypeId array(TypeId elem, int64_t length);
  TypeId chan(TypeId elem, ChanDir dir);
  TypeId map(TypeId key, TypeId elem);
  TypeId structOf(std::vector<Field> fields);
  TypeId func(std::vector<TypeId> params, std::vector<TypeId> results, bool variadic);
  TypeId interface(std::vector<InterfaceMethod> methods);  // sorts them
  TypeId tuple(std::vector<TypeId> types);
  // A defined type by link name; the underlying type may follow later, once.
  TypeId named(std::string_view name);
  TypeData& namedData(TypeId t) { return types_[t.value]; }
  void setUnderlying(TypeId named, TypeId underlying);

  TypeId boolType() const { return basic(TypeKind::Bool); }
  TypeId intType() const { return basic(TypeKind::Int); }
  TypeId int32Type() const { return basic(TypeKind::Int32); }
  TypeId uint8Type() const { return basic(TypeKind::Uint8); }
  TypeId uintptrType() const { return basic(TypeKind::Uintptr); }
  TypeId float64Type() const { return basic(TypeKind::Float64); }
  TypeId stringType() const { return basic(TypeKind::String); }
  TypeId unsafePointer() const { return basic(TypeKind::UnsafePointer); }
  TypeId emptyInterface();
  // A map iterator: key and element pointers first (docs/maps.md).
  TypeId mapIter();

  // Method sets of types whose descriptors are emitted or whose itabs are built here.
  void setMethods(TypeId t, std::vector<Method> methods);
  bool hasMethods(TypeId t) const { return methods_.contains(t.value); }
  const std::vector<Method>& methodsOf(TypeId t) const;

  // Kinds.
  bool isInteger(TypeId t) const;
  bool isSigned(TypeId t) const;  // integers
  bool isFloat(TypeId t) const;
  bool isComplex(TypeId t) const;
  bool isInterface(TypeId t) const { return kind(t) == TypeKind::Interface; }
  bool isEmptyInterface(TypeId t) const { return isInterface(t) && get(t).methods.empty(); }
  bool isPointerLike(TypeId t) const;  // one pointer word: pointers, maps, chans, funcs, unsafe.Pointer
  bool isDirectIface(TypeId t) const;  // its value is the interface's data word itself
  bool hasPointers(TypeId t) { return layout(t).ptrBytes != 0; }
  int bits(TypeId t) const;            // of integers, bool (8) and floats

  // gc's amd64 layout.
  const Layout& layout(TypeId t);
  int64_t sizeOf(TypeId t) { return layout(t).size; }
  int64_t alignOf(TypeId t) { return layout(t).align; }
  int64_t fieldOffset(TypeId structType, size_t field);
  // One bool per word up to ptrBytes: does it hold a pointer?
  std::vector<bool> pointerMap(TypeId t);
  // The scalar leaves of a value in memory order, when it is scalar class (docs/contract.md: at most kMaxScalarLeaves
  // leaves, no array longer than one); empty and `*scalar` false when it is memory class. Zero-size values have no leaf.
  std::vector<Leaf> leaves(TypeId t, bool* scalar);

  // Can == compare values of the type as plain memory (no padding, floats, strings, interfaces, blank fields)?
  bool isPlainMemory(TypeId t);
  bool isComparable(TypeId t);

  // Go syntax with link names: "map[string]*main.T". `quoted` puts names in quotes, as IR text does.
  std::string str(TypeId t, bool quoted = false) const;
  // As reflect's String and run-time messages show it: package names instead of paths.
  std::string goString(TypeId t) const;

 private:
  TypeId intern(TypeData data);
  TypeId derived(std::vector<TypeId>& known, TypeKind kind, TypeId elem);
  void write(TypeId t, int mode, std::string& out) const;
  bool collectLeaves(TypeId t, int64_t offset, std::vector<Leaf>& out);
  void markPointers(TypeId t, int64_t offset, std::vector<bool>& map);

  std::deque<TypeData> types_;  // a deque: references to what it holds stay good
  std::vector<TypeId> pointers_, slices_;  // by element; invalid: not asked for yet
  TypeId emptyInterface_, mapIter_;
  std::unordered_map<std::string, uint32_t> byKey_;
  std::unordered_map<uint32_t, Layout> layouts_;
  std::unordered_map<uint32_t, std::vector<int64_t>> offsets_;
  std::unordered_map<uint32_t, std::vector<Method>> methods_;
};

}  // namespace burrow::ir

template <>
struct std::hash<burrow::ir::TypeId> {
  size_t operator()(burrow::ir::TypeId t) const noexcept { return t.value; }
};
