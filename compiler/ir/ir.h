// Burrow IR: the middle language.
//
// A Module is one Go package (with the instances of generic functions that it needs). A Function is a graph of basic
// blocks in static single assignment form: an instruction is its own result, blocks have parameters, and a terminator's
// edges bring their values. Go's own operations (send, interface call, map assign, defer) are single instructions, so that
// passes reason about Go and not about calls into a runtime; op.def documents each. Variables whose address is taken, or
// that a closure shares, are New; other variables are Local slots with Load and Store, which LLVM's SROA (or a pass here)
// turns into values.
//
// Instructions, blocks, symbols and types are referred to by typed ids, which are indices: a function can be copied,
// printed and read back without chasing pointers. Removing an instruction takes it out of its block's list; its id stays
// valid and unused.
#pragma once

#include "ir/type.h"

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace burrow::ir {

enum class Op : uint8_t {
#define OP(name, text, flags) name,
#include "ir/op.def"
#undef OP
  Param,  // a block parameter or, in the entry block, a function parameter: never in a block's list
};

enum class IntrinsicKind : uint8_t {
#define INTRINSIC(name, text) name,
#include "ir/intrinsic.def"
#undef INTRINSIC
};

enum class RuntimeFn : uint16_t {
#define RUNTIME_FN(name, symbol, results, params, flags) name,
#include "abi/functions.def"
#undef RUNTIME_FN
};

struct RuntimeFnInfo {
  const char* name;    // enumerator
  const char* symbol;
  const char* results;  // letters as in abi/functions.def
  const char* params;
  unsigned flags;
};
inline constexpr unsigned kNoReturn = 1, kReturnsTwice = 2, kLeaf = 4, kPureFn = 8 | kLeaf;
const RuntimeFnInfo& runtimeFn(RuntimeFn fn);
size_t runtimeFnCount();

// Which panic a BoundsCheck raises, and what it compares. `index < bound` for Index, `index <= bound` for the others.
// An index of an unsigned type raises the ...U form.
enum class CheckKind : uint8_t {
  Index,         // a[i]: i < len
  SliceAlen,     // s[:j]: j <= len (strings, arrays)
  SliceAcap,     // s[:j]: j <= cap
  SliceB,        // s[i:j]: i <= j
  Slice3Alen,    // s[::k]
  Slice3Acap,
  Slice3B,       // s[:j:k]: j <= k
  Slice3C,       // s[i:j:]: i <= j
  SliceConvert,  // [N]T(s): bound is len(s), index is N: N <= len
};

// Select's imm.
struct SelectShape {
  uint16_t sends = 0, receives = 0;
  bool hasDefault = false;
  int64_t pack() const { return int64_t(sends) | int64_t(receives) << 16 | int64_t(hasDefault) << 32; }
  static SelectShape unpack(int64_t v) { return {uint16_t(v), uint16_t(v >> 16), (v >> 32 & 1) != 0}; }
};

struct ValueId {
  uint32_t value = 0;  // 0: none
  constexpr bool isValid() const { return value != 0; }
  constexpr bool operator==(const ValueId&) const = default;
};
struct BlockId {
  uint32_t value = UINT32_MAX;
  constexpr bool isValid() const { return value != UINT32_MAX; }
  constexpr bool operator==(const BlockId&) const = default;
};
// A symbol name or a string constant, interned in the module. 0 is "".
struct SymId {
  uint32_t value = 0;
  constexpr bool isValid() const { return value != 0; }
  constexpr bool operator==(const SymId&) const = default;
};

// Where an instruction comes from: a line and column in the file of its scope. Scope 0 is the function itself; others are
// calls that were inlined into it.
struct Loc {
  uint32_t line = 0;
  uint16_t column = 0;
  uint16_t scope = 0;
};
struct Scope {
  uint32_t file = 0;    // index into Module::files
  SymId function;       // whose body the scope is
  uint32_t startLine = 0;
  uint16_t parent = 0;  // scope of the call, and where the call is
  Loc callSite;
};

struct Edge {
  BlockId block;
  int64_t caseValue = 0;  // Switch
  std::vector<ValueId> args;
};

// Local's imm, of a slice that leaves its variable at one place (irgen/moved_slices.cpp); before that something may look at its
// capacity.
inline constexpr int64_t kSliceMoved = 1, kSliceCapUsed = 2;
// GrowSlice's imm. Moved: the slice leaves its variable at one place, where a MoveSlice is. Steps: before that something looks
// at its capacity.
inline constexpr int64_t kGrowSingle = 1, kGrowMoved = 2, kGrowSteps = 4;

// Instruction flags.
inline constexpr uint8_t kOnStack = 1, kCommaOk = 2, kInLoop = 4, kResultSlot = 8, kTestOnly = 16, kNoCopy = 32,
                         kSelfAssign = 64,
                         kRest = 128;  // a call of what was not the callee that a profile named (passes/direct_calls.h)

struct Inst {
  Op op;
  uint8_t flags = 0;
  TypeId type;     // of the result; invalid when there is none
  TypeId typeArg;
  SymId sym;
  int64_t imm = 0;
  uint16_t depth = 0;  // Local, Param, calls and what allocates: how many loops of the source are around it (see passes/escape.cpp)
  Loc loc;
  std::vector<ValueId> operands;
  std::vector<Edge> edges;  // terminators only
};

struct Block {
  std::vector<ValueId> params;
  std::vector<ValueId> insts;  // the last is the terminator
};

enum class Linkage : uint8_t {
  External,  // defined here, visible to all
  Internal,  // only this module refers to it
  LinkOnce,  // may be defined in several modules, all the same
};

struct FunctionAttributes {
  bool noInline = false;
  bool noSplit = false;
  bool wrapper = false;     // compiler-made: hidden in tracebacks and looked through by recover
  bool statement = false;   // the wrapper of the call of a go or defer statement
  bool hasDefer = false;    // keeps a DeferFrame; `recoverBlock` is set
  bool hasRecover = false;
  bool foreign = false;     // body-less only: no Go package defines it (assembly, the runtime, linkname)
  bool keep = false;        // copies of bodies in other modules refer to it: to be emitted even when nothing here does
  bool noEscape = false;    // foreign only: keeps none of its arguments
};

// What inlining has to know of the source, which the operations do not say. See irgen/inline_cost.cpp, passes/inline.cpp.
struct InlineFacts {
  int32_t cost = -1;     // of the body, without what its calls cost; -1: not a function of the source, never inlined
  bool literal = false;  // a function literal
  std::string obstacle;  // why it is never inlined, in gc's words; empty: no such reason
  Loc pos;               // where messages speak of it
};

struct Function {
  std::string name;  // link symbol, as gc spells it
  TypeId type;       // Func; a method's receiver is the first parameter
  Linkage linkage = Linkage::External;
  FunctionAttributes attributes;
  bool hasBody = false;  // false: defined elsewhere (assembly, runtime, linkname)
  std::vector<TypeId> captures;       // types of captured variables, in closure object order
  std::vector<std::string> paramNames;  // for debug information; may be shorter than the parameters
  std::vector<Loc> paramLocs;  // of a function without a body, for messages; or empty
  std::vector<std::string> resultNames;  // for messages; may be shorter than the results
  InlineFacts inlining;
  std::vector<Scope> scopes;          // at least one when there is a body
  uint32_t startLine = 0, endLine = 0;
  std::string escape;    // what happens to the parameters, when it is known (passes/escape_summary.h)
  BlockId recoverBlock;  // entered after a recovered panic: runs the remaining defers and returns

  std::vector<Inst> values{1};  // by ValueId; 0 is unused
  std::vector<Block> blocks;    // by BlockId; 0 is the entry, whose parameters are the function's

  Inst& operator[](ValueId v) { return values[v.value]; }
  const Inst& operator[](ValueId v) const { return values[v.value]; }
  Block& operator[](BlockId b) { return blocks[b.value]; }
  const Block& operator[](BlockId b) const { return blocks[b.value]; }
};

// A package variable or other static data.
struct Global {
  std::string name;
  TypeId type;
  Linkage linkage = Linkage::External;
  bool readOnly = false;
  bool external = false;        // defined in another module
  std::vector<uint8_t> data;    // initial bytes; shorter than the type: the rest is zero
  struct Reloc {
    int64_t offset;   // of a pointer word in `data`
    enum Kind : uint8_t { GlobalAddr, FuncValue, FuncCode, StringData, TypeAddr, ItabAddr } kind;
    SymId sym;        // StringData: the bytes
    TypeId type;      // TypeAddr; ItabAddr: the concrete type
    TypeId iface;     // ItabAddr
    int64_t addend = 0;
  };
  std::vector<Reloc> relocs;
};

struct Module {
  std::string path;  // package path ("main")
  std::string name;
  TypeTable& types;
  std::vector<std::string> files;
  std::vector<std::unique_ptr<Function>> functions;  // defined here and declared
  std::vector<std::unique_ptr<Global>> globals;
  std::vector<std::string> imports;        // package paths, for the initialisation order
  std::vector<std::string> initFunctions;  // symbols, in the order of execution; empty: nothing to initialise
  std::vector<TypeId> descriptors;         // types whose descriptors this module must emit even if nothing refers to them

  explicit Module(TypeTable& table) : types(table) { symbols_.emplace_back(); }

  SymId intern(std::string_view s);
  std::string_view str(SymId s) const { return symbols_[s.value]; }

  // The function or global of that name, or null.
  Function* function(std::string_view name) const;
  Global* global(std::string_view name) const;
  // Adds one; the name must be new.
  Function& addFunction(std::string name, TypeId type);
  Global& addGlobal(std::string name, TypeId type);

 private:
  std::deque<std::string> symbols_;  // a deque: what str returns stays valid
  std::unordered_map<std::string, uint32_t> symbolIds_;
  std::unordered_map<std::string, Function*> functionsByName_;
  std::unordered_map<std::string, Global*> globalsByName_;
};

// What an operation is called in IR text, and its flags.
std::string_view opName(Op op);
std::optional<Op> opByName(std::string_view name);
bool isTerminator(Op op);
bool isPure(Op op);
bool isRemovable(Op op);  // when nobody uses its result
bool mayWrite(Op op);     // to memory that others read; checks and calls count
inline bool isConstant(Op op) { return op == Op::ConstInt || op == Op::ConstFloat || op == Op::ConstString; }
bool allocates(Op op);  // makes an object that may live on the stack
std::string_view intrinsicName(IntrinsicKind kind);
std::optional<IntrinsicKind> intrinsicByName(std::string_view name);

}  // namespace burrow::ir
