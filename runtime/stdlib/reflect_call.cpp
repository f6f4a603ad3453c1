// reflect.Value.Call, reflect.MakeFunc and method values: between calls as package reflect sees them and calls as compiled
// code makes them (docs/reflect.md).
//
// reflect builds a call as a frame in memory: the receiver's word, then the parameters, then (from the next word boundary on)
// the results, each at its alignment. Compiled code wants the leaves of the same values in registers and on the stack, large
// values by address, and results in up to four registers of a kind or in an area of the caller's. Which value goes where
// follows from the function's type; reflect leaves it in the frame's descriptor (std/reflect/frame.go), so that one pair of
// routines and one pair of assembly stubs serve all types.
//
// Rejected: a stub per function type made by the compiler. It would be faster, but nearly every type in a program has
// parameters and hardly any is called by reflection, and reflect.FuncOf makes types that no compiler has seen.
#include "stdlib/reflect_call.h"

#include "mem/malloc.h"
#include "panic/panic_record.h"

namespace burrow::rt {

namespace {

// std/reflect/frame.go
struct BitVector {
  uint32_t n;
  GoSlice data;
};
struct CallFrame {
  Type type;  // of the memory frame: size and pointers
  BitVector pointers;
  const abi::FuncType* fn;
  const Type* receiver;  // nil: a function
};
static_assert(offsetof(CallFrame, pointers) == 48 && offsetof(CallFrame, fn) == 80);

// The head of a closure that reflect made.
struct MadeClosure {
  void* code;
  BitVector* pointers;  // the one in the CallFrame
};

struct Leaf {
  uint64_t offset;
  uint8_t size;
  bool isFloat, isSigned;
};

struct Leaves {
  Leaf list[abi::kMaxScalarLeaves];
  unsigned count = 0;
  bool scalar = true;

  void add(uint64_t offset, unsigned size, bool isFloat, bool isSigned) {
    if (count == abi::kMaxScalarLeaves) {
      scalar = false;
      return;
    }
    list[count++] = {offset, uint8_t(size), isFloat, isSigned};
  }

  // The same rule as TypeTable::collectLeaves in the compiler.
  void collect(const Type* t, uint64_t offset) {
    if (!scalar) return;
    switch (t->kind) {
      case abi::kFloat32:
      case abi::kFloat64: return add(offset, unsigned(t->size), true, false);
      case abi::kComplex64:
      case abi::kComplex128:
        add(offset, unsigned(t->size / 2), true, false);
        return add(offset + t->size / 2, unsigned(t->size / 2), true, false);
      case abi::kString:
      case abi::kInterface:
      case abi::kSlice:
        for (uint64_t at = 0; at < t->size; at += 8) add(offset + at, 8, false, false);
        return;
      case abi::kArray: {
        auto* a = static_cast<const abi::ArrayType*>(t);
        if (a->len == 0) return;
        if (a->len > 1) {
          scalar = false;
          return;
        }
        return collect(a->elem, offset);
      }
      case abi::kStruct: {
        auto* s = static_cast<const abi::StructType*>(t);
        for (int64_t i = 0; i < s->fieldCount; i++) collect(s->fields[i].type, offset + s->fields[i].offset);
        return;
      }
      default: return add(offset, unsigned(t->size), false, t->kind >= abi::kInt && t->kind <= abi::kInt64);
    }
  }
};

uint64_t loadInt(const uint8_t* p, unsigned size, bool isSigned) {
  switch (size) {
    case 1: return isSigned ? uint64_t(int64_t(*reinterpret_cast<const int8_t*>(p))) : *p;
    case 2:
      return isSigned ? uint64_t(int64_t(*reinterpret_cast<const int16_t*>(p))) : *reinterpret_cast<const uint16_t*>(p);
    case 4:
      return isSigned ? uint64_t(int64_t(*reinterpret_cast<const int32_t*>(p))) : *reinterpret_cast<const uint32_t*>(p);
    default: return *reinterpret_cast<const uint64_t*>(p);
  }
}
void storeInt(uint8_t* p, uint64_t v, unsigned size) {
  switch (size) {
    case 1: *p = uint8_t(v); break;
    case 2: *reinterpret_cast<uint16_t*>(p) = uint16_t(v); break;
    case 4: *reinterpret_cast<uint32_t*>(p) = uint32_t(v); break;
    default: *reinterpret_cast<uint64_t*>(p) = v;
  }
}

// Hands out registers, then stack words, in the order of the arguments.
struct Cursor {
  CallRegs* regs;
  unsigned ints = 0, floats = 0;
  uint64_t words = 0;

  uint64_t* nextInt() { return ints < kIntArgs ? &regs->ints[ints++] : &regs->stack[words++]; }
  uint64_t* nextFloat() {
    return floats < kFloatArgs ? reinterpret_cast<uint64_t*>(&regs->floats[floats++]) : &regs->stack[words++];
  }
  uint64_t* next(const Leaf& leaf) { return leaf.isFloat ? nextFloat() : nextInt(); }
};

// Walks the values of a memory frame.
struct FrameOffset {
  uint64_t at = 0;
  uint64_t take(const Type* t) {
    at = alignUp(at, t->align);
    const uint64_t here = at;
    at += t->size;
    return here;
  }
};

// The results: in registers, or in an area (at the frame's result offset, laid out the same).
bool resultsInArea(const abi::FuncType* fn) {
  unsigned ints = 0, floats = 0;
  for (unsigned i = 0; i < fn->numOut(); i++) {
    Leaves leaves;
    leaves.collect(fn->out()[i], 0);
    if (!leaves.scalar) return true;
    for (unsigned k = 0; k < leaves.count; k++) (leaves.list[k].isFloat ? floats : ints)++;
  }
  return ints > abi::kMaxIntResults || floats > abi::kMaxFloatResults;
}

// Hands out result registers.
struct ResultCursor {
  CallRegs* regs;
  unsigned ints = 0, floats = 0;

  uint64_t* next(const Leaf& leaf) {
    return leaf.isFloat ? reinterpret_cast<uint64_t*>(&regs->floatResults[floats++]) : &regs->intResults[ints++];
  }
};

// Puts a value together from registers and moves it into a frame, which is in the heap: typed, for the collector's sake.
template <class C>
void gather(const Type* t, const Leaves& leaves, C& registers, uint8_t* to) {
  // Enough for six leaves with padding around each.
  uint64_t value[2 * abi::kMaxScalarLeaves + 2] = {};
  for (unsigned k = 0; k < leaves.count; k++)
    storeInt(reinterpret_cast<uint8_t*>(value) + leaves.list[k].offset, *registers.next(leaves.list[k]),
             leaves.list[k].size);
  typedmemmove(t, to, value);
}
template <class C>
void scatter(const Leaves& leaves, const uint8_t* from, C& registers) {
  for (unsigned k = 0; k < leaves.count; k++)
    *registers.next(leaves.list[k]) =
        loadInt(from + leaves.list[k].offset, leaves.list[k].size, leaves.list[k].isSigned);
}

}  // namespace

void callRegs(CallRegs* regs) GO_SYM("runtime.callRegs");

namespace {

// A reflect-made closure was called with `regs`: builds the frame, has Go code run it, and leaves the results in `regs`.
using Handler = void GOABI (*)(void* context, void* frame, bool* valid, void* regs);
void receive(CallRegs* regs, Handler handler, Panic* panic) {
  auto* closure = static_cast<MadeClosure*>(regs->context);
  auto* layout =
      reinterpret_cast<CallFrame*>(reinterpret_cast<uint8_t*>(closure->pointers) - offsetof(CallFrame, pointers));
  const abi::FuncType* fn = layout->fn;
  auto* frame = static_cast<uint8_t*>(mallocgc(layout->type.size, &layout->type, true));

  Cursor from{regs};
  uint8_t* area = nullptr;
  if (resultsInArea(fn)) area = reinterpret_cast<uint8_t*>(*from.nextInt());
  FrameOffset offset;
  for (unsigned i = 0; i < fn->inCount; i++) {
    const Type* t = fn->in()[i];
    uint8_t* to = frame + offset.take(t);
    Leaves leaves;
    leaves.collect(t, 0);
    if (!leaves.scalar) {
      typedmemmove(t, to, reinterpret_cast<void*>(*from.nextInt()));
      continue;
    }
    gather(t, leaves, from, to);
  }

  bool valid = false;
  if (panic == nullptr) {
    handler(closure, frame, &valid, nullptr);
  } else {
    // The function that reflect calls may recover, as if the panic had called it itself: callReflect counts as a wrapper.
    CallRegs call = {};
    call.ints[0] = uint64_t(closure);
    call.ints[1] = uint64_t(frame);
    call.ints[2] = uint64_t(&valid);
    call.code = reinterpret_cast<void*>(handler);
    call.slot = &panic->slot;
    callRegs(&call);
  }

  // reflect writes results without a barrier, as into a stack frame: until they are in the registers nothing may yield.
  M* m = acquirem();
  const uint64_t resultOffset = alignUp(offset.at, 8);
  if (area != nullptr) {
    memmove(area, frame + resultOffset, layout->type.size - resultOffset);
  } else {
    ResultCursor to{regs};
    FrameOffset at{resultOffset};
    for (unsigned i = 0; i < fn->numOut(); i++) {
      const uint8_t* value = frame + at.take(fn->out()[i]);
      Leaves leaves;
      leaves.collect(fn->out()[i], 0);
      scatter(leaves, value, to);
    }
  }
  releasem(m);
}

}  // namespace

// call(frametype, fn, frame, size, retOffset, frameSize, regs): fn is a func value; results go to frame + retOffset.
GO_DECL("runtime.reflectcall", void, reflectcall,
        (const void* frameType, FuncVal* fn, uint8_t* frame, uint32_t size, uint32_t resultOffset, uint32_t frameSize,
         void* unused));
void reflectcall(const void* frameType, FuncVal* fn, uint8_t* frame, uint32_t, uint32_t resultOffset, uint32_t, void*) {
  auto* layout = static_cast<const CallFrame*>(frameType);
  const abi::FuncType* type = layout->fn;
  constexpr unsigned kFewWords = 16;
  uint64_t few[kFewWords];
  CallRegs regs = {};
  regs.code = fn->code;
  regs.context = fn;
  regs.stack = few;
  // At most this many: all leaves of all parameters, the receiver and the result area.
  const uint64_t most = uint64_t(type->inCount) * abi::kMaxScalarLeaves + 2;
  if (most > kFewWords) regs.stack = static_cast<uint64_t*>(mallocgc(most * 8, nullptr, true));

  // Pointers among these words stay reachable through the frame.
  Cursor to{&regs};
  const bool area = resultsInArea(type);
  if (area) *to.nextInt() = uint64_t(frame + resultOffset);
  FrameOffset offset;
  if (layout->receiver != nullptr) {
    *to.nextInt() = *reinterpret_cast<uint64_t*>(frame);
    offset.at = 8;
  }
  for (unsigned i = 0; i < type->inCount; i++) {
    const Type* t = type->in()[i];
    const uint8_t* from = frame + offset.take(t);
    Leaves leaves;
    leaves.collect(t, 0);
    if (!leaves.scalar) {
      *to.nextInt() = uint64_t(from);
      continue;
    }
    scatter(leaves, from, to);
  }
  regs.stackWords = to.words;
  // The method of a deferred method value may recover, as if the panic had called it itself.
  G* gp = getg();
  Panic* panic = gp->deferredMethod;
  gp->deferredMethod = nullptr;
  const uintptr_t slot = panic != nullptr && panic == gp->panic ? panic->slot : 0;
  if (slot != 0) regs.slot = &panic->slot;
  callRegs(&regs);
  if (slot != 0) panic->slot = slot;
  if (area) return;
  ResultCursor results{&regs};
  FrameOffset at{resultOffset};
  for (unsigned i = 0; i < type->numOut(); i++) {
    uint8_t* value = frame + at.take(type->out()[i]);
    Leaves leaves;
    leaves.collect(type->out()[i], 0);
    gather(type->out()[i], leaves, results, value);
  }
}

GOABI void callReflect(void* context, void* frame, bool* valid, void* regs) GO_SYM("reflect.callReflect");
GOABI void callMethod(void* context, void* frame, bool* valid, void* regs) GO_SYM("reflect.callMethod");

// Where the stub's return address lies. Its frame: the registers, rbp, the return address.
static uintptr_t stubSlot(const CallRegs* regs) { return uintptr_t(regs + 1) + 8; }

extern "C" void makeFuncReceiver(CallRegs* regs) GO_SYM("runtime.makeFuncReceiver");
void makeFuncReceiver(CallRegs* regs) { receive(regs, callReflect, calledByPanic(stubSlot(regs))); }
extern "C" void methodValueReceiver(CallRegs* regs) GO_SYM("runtime.methodValueReceiver");
void methodValueReceiver(CallRegs* regs) {
  getg()->deferredMethod = calledByPanic(stubSlot(regs));
  receive(regs, callMethod, nullptr);
}

}  // namespace burrow::rt
