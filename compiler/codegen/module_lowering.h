// One Burrow IR module on its way to LLVM IR: what all functions share.
//
// Here live the shapes of types (which scalar leaves a value has), signatures, and everything that is found or made by
// name: functions, globals, closure objects, string data, type descriptors, itabs, generated equality and hash functions.
// Each is made at its first use; nothing is emitted that nothing refers to, except what the module says must be.
//
// Representation, in one place (docs/codegen.md tells it at length):
//   a scalar-class value     its leaves, as separate LLVM scalars; bool is i1 in registers, i8 in memory and signatures
//   a memory-class value     a pointer (address space 0) to a temporary that nobody writes after it was filled
//   a tuple                  the parts of its components, one after the other
//   a Go pointer             ptr addrspace(1); addresses of stack slots and globals stay in address space 0 while they can
//
// Rejected: LLVM first-class aggregates for strings and slices (their pointers are invisible to stack maps and they block
// many optimisations); pointers to globals in address space 1 from the start (alias analysis and addressing modes know
// more about address space 0).
#pragma once

#include "codegen/codegen.h"
#include "codegen/llvm.h"

#include <memory>
#include <unordered_set>

namespace burrow::codegen {

class DebugInfo;

inline constexpr unsigned kHeapSpace = 1;  // address space of Go pointers

// How values of a type look; see the file comment.
struct Shape {
  bool scalar = true;
  llvm::SmallVector<ir::Leaf, 4> leaves;  // scalar class
  int64_t size = 0, align = 1, ptrBytes = 0;
  bool hasPointers() const { return ptrBytes != 0; }
  size_t parts() const { return scalar ? leaves.size() : 1; }
};

// A function's LLVM type and where its parts are. LLVM arguments: [result area] parameters' parts [nest closure].
struct Signature {
  llvm::FunctionType* type = nullptr;
  std::vector<ir::TypeId> params, results;
  bool nest = false;
  bool resultArea = false;          // results go to memory that the caller brings
  std::vector<int64_t> resultOffsets;  // in the area, per result
  int64_t resultSize = 0;
  llvm::SmallVector<ir::Leaf, 4> resultLeaves;  // of all results in registers
  unsigned firstParam() const { return unsigned(resultArea); }
};

class ModuleLowering {
 public:
  ModuleLowering(const ir::Module& module, const CodegenOptions& options, llvm::Module& llvmModule);
  ~ModuleLowering();

  // Lowers everything. Problems go to `errors`.
  void run();
  std::vector<std::string> errors;

  const ir::Module& ir;
  ir::TypeTable& types;
  const CodegenOptions& options;
  llvm::Module& module;
  llvm::LLVMContext& context;

  llvm::Type *voidType, *i1, *i8, *i16, *i32, *i64, *f32, *f64;
  llvm::PointerType *ptr0, *ptr1;

  // ---- types
  const Shape& shape(ir::TypeId t);
  llvm::Type* registerType(ir::LeafKind kind);
  llvm::Type* memoryType(ir::LeafKind kind);
  // The LLVM types of a value's parts; tuples flattened.
  llvm::SmallVector<llvm::Type*, 4> partTypes(ir::TypeId t);
  // First part of component `i` of a tuple.
  size_t tuplePart(ir::TypeId tuple, size_t i);
  Signature signature(std::vector<ir::TypeId> params, std::vector<ir::TypeId> results, bool nest);
  Signature signature(ir::TypeId func, bool nest) { return signature(types.get(func).params, types.get(func).results, nest); }
  // A struct with these fields named like nothing a program can name: result areas, closure objects.
  ir::TypeId structOf(const std::vector<ir::TypeId>& fields);

  // ---- parts
  // Is this a part of a module whose data are another part's?
  bool isDataElsewhere() const { return part_ != nullptr && options.part != 0; }

  // ---- functions
  // The function of that symbol if the module has one, be it as a declaration; else null.
  llvm::Function* knownFunction(std::string_view name);
  // The function of that symbol, declared when it is not defined here.
  llvm::Function* functionByName(std::string_view name, llvm::FunctionType* type = nullptr);
  llvm::FunctionCallee runtimeFunction(ir::RuntimeFn fn);
  // Makes a linkonce function of the Go convention; null when it exists already (`*existing` is set then).
  llvm::Function* newLinkOnceFunction(const std::string& name, llvm::FunctionType* type, llvm::Function** existing);
  void setCommonAttributes(llvm::Function* f, bool splitStack);
  // `name·f`, the closure object of a function without captured variables.
  llvm::Constant* closureObject(std::string_view name);
  llvm::Constant* closureObject(llvm::Function* f);
  // A new word that remembers an itab.
  llvm::Constant* assertPlace();
  // Symbol of a function or of data that this module does not necessarily know: declared as a function or as bytes.
  llvm::Constant* codeAddress(std::string_view name);
  llvm::Constant* dataAddress(std::string_view name);

  // ---- data
  llvm::Constant* stringData(std::string_view bytes);
  // Zero bytes, read-only, at least `size` of them.
  llvm::Constant* zeroData(int64_t size, int64_t align);
  // The value `parts` of type `t`, all constants, in read-only memory.
  llvm::Constant* constantData(ir::TypeId t, llvm::ArrayRef<llvm::Constant*> parts);
  llvm::Constant* toHeapSpace(llvm::Constant* c) { return llvm::ConstantExpr::getAddrSpaceCast(c, ptr1); }
  // A linkonce constant in `section` ("" for plain read-only data), in a COMDAT of its own name.
  llvm::GlobalVariable* linkOnceData(const std::string& name, llvm::Constant* init, llvm::StringRef section, int64_t align);
  // The NameOff, TypeOff or TextOff of a symbol, to stand at `place` in kTypesSection: its address in 32 bits. Linkers take
  // that for an executable at a fixed address only; for others it is the distance from `place`, to which the link step adds
  // where `place` is (link/finish.h).
  llvm::Constant* offset32(llvm::Constant* symbol, llvm::Constant* place);

  // ---- descriptors (type_descriptor.cpp)
  llvm::Constant* typeDescriptor(ir::TypeId t);
  llvm::Constant* itab(ir::TypeId concrete, ir::TypeId iface);

  // ---- generated functions (equality.cpp); null when the type is not comparable
  llvm::Function* equalFunction(ir::TypeId t);
  llvm::Function* hashFunction(ir::TypeId t);

  std::vector<llvm::GlobalValue*> usedData;  // kept although nothing refers to it

  ir::TypeId mapGroup(ir::TypeId map);
  DebugInfo* debug() { return debug_.get(); }
  llvm::MDNode* unlikelyTrue();  // branch weights: the first successor is cold

 private:
  void declareFunctions();
  llvm::Function* declareFunction(const ir::Function& fn, llvm::GlobalValue::LinkageTypes linkage);
  llvm::GlobalValue::LinkageTypes linkageOf(const ir::Function& fn, bool visible) const;
  void lowerFunction(const ir::Function& fn);
  void declareGlobals();
  llvm::GlobalVariable* declareGlobal(const ir::Global& global);
  void defineGlobals();
  llvm::GlobalVariable* initialise(const ir::Global& global, llvm::GlobalVariable* g);
  void copyReadOnlyData();
  void emitInitTask();
  void emitDescriptors();
  bool isElsewhere(ir::TypeId t);
  llvm::Constant* initializer(const ir::Global& g);
  void fillDescriptor(ir::TypeId t, llvm::GlobalVariable* g);
  void noteExternal(ir::TypeId t, llvm::GlobalVariable& g);
  void addLinkEntry(llvm::GlobalVariable* g, const char* section);
  llvm::Constant* nameData(std::string_view name, std::string_view tag, bool exported, bool embedded, std::string_view pkgPath);
  llvm::Constant* gcMask(ir::TypeId t, bool* onDemand);
  llvm::Constant* importPath(std::string_view path);
  friend class DescriptorWriter;

  std::unordered_map<uint32_t, std::unique_ptr<Shape>> shapes_;
  std::unordered_map<std::string, llvm::Constant*> strings_;
  std::unordered_map<uint32_t, llvm::GlobalVariable*> descriptors_;
  std::vector<std::pair<ir::TypeId, llvm::GlobalVariable*>> pendingDescriptors_;
  std::unordered_map<uint32_t, llvm::Function*> equals_, hashes_;
  const Part* part_ = nullptr;  // null: the whole module
  std::vector<const ir::Global*> usedGlobals_;  // of another part, in the order of their first uses
  std::unordered_set<uint32_t> ownTypes_;  // whose descriptors part 0 has
  std::unordered_set<uint32_t> noAlgorithms_;  // types of map groups: neither compared nor hashed
  llvm::GlobalVariable* zeroData_ = nullptr;
  int64_t zeroSize_ = 0;
  std::unique_ptr<DebugInfo> debug_;
};

// Could it be told apart from a name that another package gave? Go's rule for exported names.
bool isExportedName(std::string_view name);

}  // namespace burrow::codegen
