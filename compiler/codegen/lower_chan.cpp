// Channels and select. Elements travel by address: a sent value from a stack slot (or read-only data), a received one into a
// stack slot.
//
// A select with one case is not a select: with a default it is a non-blocking send or receive, without one the plain
// operation. Otherwise the frame holds the array of cases, sends first, and the order array that the runtime shuffles.
#include "codegen/function_lowering.h"

#include "abi/value.h"

namespace burrow::codegen {

using namespace llvm;
using ir::Op;
using ir::RuntimeFn;
using ir::TypeId;
using ir::ValueId;

void FunctionLowering::lowerChan(ValueId v, const ir::Inst& inst) {
  if (inst.op == Op::MakeChan) {
    return set(v, runtime(RuntimeFn::MakeChan, {m.typeDescriptor(inst.type), asInt64(inst.operands[0])}));
  }
  Value* channel = one(inst.operands[0]);
  switch (inst.op) {
    case Op::Send:
      callRuntime(RuntimeFn::ChanSend, {channel, spillValue(inst.operands[1])});
      return;
    case Op::Close:
      callRuntime(RuntimeFn::CloseChan, {channel});
      return;
    default: {
      TypeId elem = m.types.elem(typeOf(inst.operands[0]));
      AllocaInst* a = slot(elem, "received");
      b.CreateLifetimeStart(a);  // what an earlier turn of a loop received there is dead
      if (const Shape& s = m.shape(elem); s.hasPointers()) zeroPlace(a, s.size);
      bool two = inst.op == Op::Recv2;
      Value* ok = nullptr;
      if (two) {
        ok = runtime(RuntimeFn::ChanRecv2, {channel, a});
      } else {
        callRuntime(RuntimeFn::ChanRecv, {channel, a});
      }
      Val out;
      if (m.shape(elem).scalar) {
        out = load(elem, a);
      } else {
        out.push_back(a);
      }
      if (two) out.push_back(ok);
      return set(v, std::move(out));
    }
  }
}

void FunctionLowering::lowerSelect(ValueId v, const ir::Inst& inst) {
  ir::SelectShape shape = ir::SelectShape::unpack(inst.imm);
  size_t sends = shape.sends, receives = shape.receives, n = sends + receives;
  auto channel = [&](size_t i) { return i < sends ? inst.operands[2 * i] : inst.operands[sends + i]; };
  std::vector<Value*> elements;  // per case
  for (size_t i = 0; i < n; i++) {
    if (i < sends) {
      elements.push_back(spillValue(inst.operands[2 * i + 1]));
    } else {
      TypeId elem = m.types.elem(typeOf(channel(i)));
      AllocaInst* a = slot(elem, "received");
      // What was not received reads as zero.
      zeroMemory(elem, a);
      elements.push_back(a);
    }
  }
  Value* chosen = nullptr;
  Value* received = ConstantInt::getFalse(m.context);
  if (n == 0) {
    chosen = int64(-1);
  } else if (n == 1) {
    Value* c = one(channel(0));
    if (shape.hasDefault) {
      Value* selected;
      if (sends == 1) {
        selected = runtime(RuntimeFn::SelectNbSend, {c, elements[0]});
      } else {
        Val both = results(RuntimeFn::SelectNbRecv, callRuntime(RuntimeFn::SelectNbRecv, {elements[0], c}));
        selected = both[0];
        received = both[1];
      }
      chosen = b.CreateSelect(selected, int64(0), int64(-1));
    } else {
      if (sends == 1) {
        callRuntime(RuntimeFn::ChanSend, {c, elements[0]});
      } else {
        received = runtime(RuntimeFn::ChanRecv2, {c, elements[0]});
      }
      chosen = int64(0);
    }
  } else {
    constexpr int64_t kCase = sizeof(abi::SelectCase);
    AllocaInst* cases = slot(kCase * static_cast<int64_t>(n), 8, "cases");
    AllocaInst* order = slot(4 * static_cast<int64_t>(n), 2, "order");
    b.CreateLifetimeStart(cases);  // in a loop: what the last select's cases pointed to is let go of
    for (size_t i = 0; i < n; i++) {
      Value* at = offset(cases, kCase * static_cast<int64_t>(i));
      storePointer(offset(at, offsetof(abi::SelectCase, chan)), one(channel(i)));
      storePointer(offset(at, offsetof(abi::SelectCase, elem)), elements[i]);
    }
    Val out = results(RuntimeFn::SelectGo,
                      callRuntime(RuntimeFn::SelectGo,
                                  {cases, order, nullPointer(), int64(static_cast<int64_t>(sends)),
                                   int64(static_cast<int64_t>(receives)), ConstantInt::get(m.i1, !shape.hasDefault)}));
    chosen = out[0];
    received = out[1];
  }
  Val out{chosen, received};
  for (size_t i = sends; i < n; i++) {
    TypeId elem = m.types.elem(typeOf(channel(i)));
    if (m.shape(elem).scalar) {
      out.append(load(elem, elements[i]));
    } else {
      out.push_back(elements[i]);
    }
  }
  set(v, std::move(out));
}

}  // namespace burrow::codegen
