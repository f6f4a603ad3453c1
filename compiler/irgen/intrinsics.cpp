// See intrinsics.h. Division of two words by one (bits.Div64) is not here: its checks are most of it.
#include "irgen/intrinsics.h"

#include <string>
#include <unordered_map>

namespace burrow::irgen {
namespace {

using Kind = ir::IntrinsicKind;
using Shape = IntrinsicShape;

constexpr std::string_view kBits = "math/bits";
constexpr std::string_view kMath = "math";
constexpr std::string_view kAtomic = "sync/atomic";
constexpr std::string_view kRtAtomic = "internal/runtime/atomic";
constexpr std::string_view kSys = "internal/runtime/sys";

constexpr IntrinsicSpec kTable[] = {
    {"internal/abi", "EscapeNonString", Kind{}, Shape::NonStrings},

    {kMath, "Sqrt", Kind::Sqrt, Shape::Plain},
    {kMath, "sqrt", Kind::Sqrt, Shape::Plain},
    {kMath, "Floor", Kind::Floor, Shape::Plain},
    {kMath, "Ceil", Kind::Ceil, Shape::Plain},
    {kMath, "Trunc", Kind::Trunc, Shape::Plain},
    {kMath, "RoundToEven", Kind::RoundToEven, Shape::Plain},
    {kMath, "Abs", Kind::Abs, Shape::Plain},
    {kMath, "Copysign", Kind::CopySign, Shape::Plain},
    {kMath, "FMA", Kind::Fma, Shape::Plain},
    {kMath, "Float64bits", Kind::FloatBits, Shape::Plain},
    {kMath, "Float64frombits", Kind::FloatBits, Shape::Plain},
    {kMath, "Float32bits", Kind::FloatBits, Shape::Plain},
    {kMath, "Float32frombits", Kind::FloatBits, Shape::Plain},

    {kBits, "TrailingZeros64", Kind::TrailingZeros, Shape::CountToInt},
    {kBits, "TrailingZeros32", Kind::TrailingZeros, Shape::CountToInt},
    {kBits, "TrailingZeros16", Kind::TrailingZeros, Shape::CountToInt},
    {kBits, "TrailingZeros8", Kind::TrailingZeros, Shape::CountToInt},
    {kBits, "TrailingZeros", Kind::TrailingZeros, Shape::CountToInt},
    {kBits, "LeadingZeros64", Kind::LeadingZeros, Shape::CountToInt},
    {kBits, "LeadingZeros32", Kind::LeadingZeros, Shape::CountToInt},
    {kBits, "LeadingZeros16", Kind::LeadingZeros, Shape::CountToInt},
    {kBits, "LeadingZeros8", Kind::LeadingZeros, Shape::CountToInt},
    {kBits, "LeadingZeros", Kind::LeadingZeros, Shape::CountToInt},
    {kBits, "Len64", Kind::LeadingZeros, Shape::Length},
    {kBits, "Len32", Kind::LeadingZeros, Shape::Length},
    {kBits, "Len16", Kind::LeadingZeros, Shape::Length},
    {kBits, "Len8", Kind::LeadingZeros, Shape::Length},
    {kBits, "Len", Kind::LeadingZeros, Shape::Length},
    {kBits, "OnesCount64", Kind::PopCount, Shape::CountToInt},
    {kBits, "OnesCount32", Kind::PopCount, Shape::CountToInt},
    {kBits, "OnesCount16", Kind::PopCount, Shape::CountToInt},
    {kBits, "OnesCount8", Kind::PopCount, Shape::CountToInt},
    {kBits, "OnesCount", Kind::PopCount, Shape::CountToInt},
    {kBits, "ReverseBytes64", Kind::ByteSwap, Shape::Plain},
    {kBits, "ReverseBytes32", Kind::ByteSwap, Shape::Plain},
    {kBits, "ReverseBytes16", Kind::ByteSwap, Shape::Plain},
    {kBits, "ReverseBytes", Kind::ByteSwap, Shape::Plain},
    {kBits, "Reverse64", Kind::BitReverse, Shape::Plain},
    {kBits, "Reverse32", Kind::BitReverse, Shape::Plain},
    {kBits, "Reverse16", Kind::BitReverse, Shape::Plain},
    {kBits, "Reverse8", Kind::BitReverse, Shape::Plain},
    {kBits, "Reverse", Kind::BitReverse, Shape::Plain},
    {kBits, "RotateLeft64", Kind::RotateLeft, Shape::Rotate},
    {kBits, "RotateLeft32", Kind::RotateLeft, Shape::Rotate},
    {kBits, "RotateLeft16", Kind::RotateLeft, Shape::Rotate},
    {kBits, "RotateLeft8", Kind::RotateLeft, Shape::Rotate},
    {kBits, "RotateLeft", Kind::RotateLeft, Shape::Rotate},
    {kBits, "Mul64", Kind::MulHiLo, Shape::Plain},
    {kBits, "Mul", Kind::MulHiLo, Shape::Plain},
    {kBits, "Add64", Kind::AddCarry, Shape::Plain},
    {kBits, "Add", Kind::AddCarry, Shape::Plain},
    {kBits, "Sub64", Kind::SubBorrow, Shape::Plain},
    {kBits, "Sub", Kind::SubBorrow, Shape::Plain},
    {"internal/runtime/math", "Mul64", Kind::MulHiLo, Shape::Plain},
    {"internal/runtime/math", "Add64", Kind::AddCarry, Shape::Plain},

    {kSys, "TrailingZeros64", Kind::TrailingZeros, Shape::CountToInt},
    {kSys, "TrailingZeros32", Kind::TrailingZeros, Shape::CountToInt},
    {kSys, "TrailingZeros8", Kind::TrailingZeros, Shape::CountToInt},
    {kSys, "LeadingZeros64", Kind::LeadingZeros, Shape::CountToInt},
    {kSys, "LeadingZeros8", Kind::LeadingZeros, Shape::CountToInt},
    {kSys, "Len64", Kind::LeadingZeros, Shape::Length},
    {kSys, "Len8", Kind::LeadingZeros, Shape::Length},
    {kSys, "OnesCount64", Kind::PopCount, Shape::CountToInt},
    {kSys, "Bswap64", Kind::ByteSwap, Shape::Plain},
    {kSys, "Bswap32", Kind::ByteSwap, Shape::Plain},
    {kSys, "Prefetch", Kind::Prefetch, Shape::Plain},
    {kSys, "PrefetchStreamed", Kind::Prefetch, Shape::Plain},
    {kSys, "GetCallerPC", Kind::CallerPC, Shape::Plain},
    {kSys, "GetCallerSP", Kind::CallerSP, Shape::Plain},
    {kSys, "GetClosurePtr", Kind::ClosurePtr, Shape::Plain},
    {"runtime", "getg", Kind::GetG, Shape::Plain},

    {kAtomic, "SwapInt32", Kind::AtomicSwap, Shape::Atomic},
    {kAtomic, "SwapInt64", Kind::AtomicSwap, Shape::Atomic},
    {kAtomic, "SwapUint32", Kind::AtomicSwap, Shape::Atomic},
    {kAtomic, "SwapUint64", Kind::AtomicSwap, Shape::Atomic},
    {kAtomic, "SwapUintptr", Kind::AtomicSwap, Shape::Atomic},
    {kAtomic, "SwapPointer", Kind::AtomicSwap, Shape::Atomic},
    {kAtomic, "CompareAndSwapInt32", Kind::AtomicCas, Shape::Atomic},
    {kAtomic, "CompareAndSwapInt64", Kind::AtomicCas, Shape::Atomic},
    {kAtomic, "CompareAndSwapUint32", Kind::AtomicCas, Shape::Atomic},
    {kAtomic, "CompareAndSwapUint64", Kind::AtomicCas, Shape::Atomic},
    {kAtomic, "CompareAndSwapUintptr", Kind::AtomicCas, Shape::Atomic},
    {kAtomic, "CompareAndSwapPointer", Kind::AtomicCas, Shape::Atomic},
    {kAtomic, "AddInt32", Kind::AtomicAdd, Shape::Atomic},
    {kAtomic, "AddInt64", Kind::AtomicAdd, Shape::Atomic},
    {kAtomic, "AddUint32", Kind::AtomicAdd, Shape::Atomic},
    {kAtomic, "AddUint64", Kind::AtomicAdd, Shape::Atomic},
    {kAtomic, "AddUintptr", Kind::AtomicAdd, Shape::Atomic},
    {kAtomic, "AndInt32", Kind::AtomicAnd, Shape::Atomic},
    {kAtomic, "AndInt64", Kind::AtomicAnd, Shape::Atomic},
    {kAtomic, "AndUint32", Kind::AtomicAnd, Shape::Atomic},
    {kAtomic, "AndUint64", Kind::AtomicAnd, Shape::Atomic},
    {kAtomic, "AndUintptr", Kind::AtomicAnd, Shape::Atomic},
    {kAtomic, "OrInt32", Kind::AtomicOr, Shape::Atomic},
    {kAtomic, "OrInt64", Kind::AtomicOr, Shape::Atomic},
    {kAtomic, "OrUint32", Kind::AtomicOr, Shape::Atomic},
    {kAtomic, "OrUint64", Kind::AtomicOr, Shape::Atomic},
    {kAtomic, "OrUintptr", Kind::AtomicOr, Shape::Atomic},
    {kAtomic, "LoadInt32", Kind::AtomicLoad, Shape::Atomic},
    {kAtomic, "LoadInt64", Kind::AtomicLoad, Shape::Atomic},
    {kAtomic, "LoadUint32", Kind::AtomicLoad, Shape::Atomic},
    {kAtomic, "LoadUint64", Kind::AtomicLoad, Shape::Atomic},
    {kAtomic, "LoadUintptr", Kind::AtomicLoad, Shape::Atomic},
    {kAtomic, "LoadPointer", Kind::AtomicLoad, Shape::Atomic},
    {kAtomic, "StoreInt32", Kind::AtomicStore, Shape::Atomic},
    {kAtomic, "StoreInt64", Kind::AtomicStore, Shape::Atomic},
    {kAtomic, "StoreUint32", Kind::AtomicStore, Shape::Atomic},
    {kAtomic, "StoreUint64", Kind::AtomicStore, Shape::Atomic},
    {kAtomic, "StoreUintptr", Kind::AtomicStore, Shape::Atomic},
    {kAtomic, "StorePointer", Kind::AtomicStore, Shape::Atomic},

    {kRtAtomic, "Load", Kind::AtomicLoad, Shape::Atomic},
    {kRtAtomic, "Loadp", Kind::AtomicLoad, Shape::Atomic},
    {kRtAtomic, "Load8", Kind::AtomicLoad, Shape::Atomic},
    {kRtAtomic, "Load64", Kind::AtomicLoad, Shape::Atomic},
    {kRtAtomic, "LoadAcq", Kind::AtomicLoad, Shape::Atomic},
    {kRtAtomic, "LoadAcq64", Kind::AtomicLoad, Shape::Atomic},
    {kRtAtomic, "LoadAcquintptr", Kind::AtomicLoad, Shape::Atomic},
    {kRtAtomic, "Loaduintptr", Kind::AtomicLoad, Shape::Atomic},
    {kRtAtomic, "Loaduint", Kind::AtomicLoad, Shape::Atomic},
    {kRtAtomic, "Loadint32", Kind::AtomicLoad, Shape::Atomic},
    {kRtAtomic, "Loadint64", Kind::AtomicLoad, Shape::Atomic},
    {kRtAtomic, "Store", Kind::AtomicStore, Shape::Atomic},
    {kRtAtomic, "Store8", Kind::AtomicStore, Shape::Atomic},
    {kRtAtomic, "Store64", Kind::AtomicStore, Shape::Atomic},
    {kRtAtomic, "StoreRel", Kind::AtomicStore, Shape::Atomic},
    {kRtAtomic, "StoreRel64", Kind::AtomicStore, Shape::Atomic},
    {kRtAtomic, "StoreReluintptr", Kind::AtomicStore, Shape::Atomic},
    {kRtAtomic, "Storeint32", Kind::AtomicStore, Shape::Atomic},
    {kRtAtomic, "Storeint64", Kind::AtomicStore, Shape::Atomic},
    {kRtAtomic, "Storeuintptr", Kind::AtomicStore, Shape::Atomic},
    {kRtAtomic, "StorepNoWB", Kind::AtomicStore, Shape::Atomic},
    {kRtAtomic, "Xadd", Kind::AtomicAdd, Shape::Atomic},
    {kRtAtomic, "Xadd64", Kind::AtomicAdd, Shape::Atomic},
    {kRtAtomic, "Xadduintptr", Kind::AtomicAdd, Shape::Atomic},
    {kRtAtomic, "Xaddint32", Kind::AtomicAdd, Shape::Atomic},
    {kRtAtomic, "Xaddint64", Kind::AtomicAdd, Shape::Atomic},
    {kRtAtomic, "Xchg8", Kind::AtomicSwap, Shape::Atomic},
    {kRtAtomic, "Xchg", Kind::AtomicSwap, Shape::Atomic},
    {kRtAtomic, "Xchg64", Kind::AtomicSwap, Shape::Atomic},
    {kRtAtomic, "Xchguintptr", Kind::AtomicSwap, Shape::Atomic},
    {kRtAtomic, "Xchgint32", Kind::AtomicSwap, Shape::Atomic},
    {kRtAtomic, "Xchgint64", Kind::AtomicSwap, Shape::Atomic},
    {kRtAtomic, "Cas", Kind::AtomicCas, Shape::Atomic},
    {kRtAtomic, "CasRel", Kind::AtomicCas, Shape::Atomic},
    {kRtAtomic, "Cas64", Kind::AtomicCas, Shape::Atomic},
    {kRtAtomic, "Casint32", Kind::AtomicCas, Shape::Atomic},
    {kRtAtomic, "Casint64", Kind::AtomicCas, Shape::Atomic},
    {kRtAtomic, "Casuintptr", Kind::AtomicCas, Shape::Atomic},
    {kRtAtomic, "Casp1", Kind::AtomicCas, Shape::Atomic},
    {kRtAtomic, "And8", Kind::AtomicAnd, Shape::Atomic},
    {kRtAtomic, "And", Kind::AtomicAnd, Shape::Atomic},
    {kRtAtomic, "And32", Kind::AtomicAnd, Shape::Atomic},
    {kRtAtomic, "And64", Kind::AtomicAnd, Shape::Atomic},
    {kRtAtomic, "Anduintptr", Kind::AtomicAnd, Shape::Atomic},
    {kRtAtomic, "Or8", Kind::AtomicOr, Shape::Atomic},
    {kRtAtomic, "Or", Kind::AtomicOr, Shape::Atomic},
    {kRtAtomic, "Or32", Kind::AtomicOr, Shape::Atomic},
    {kRtAtomic, "Or64", Kind::AtomicOr, Shape::Atomic},
    {kRtAtomic, "Oruintptr", Kind::AtomicOr, Shape::Atomic},
};

}  // namespace

const IntrinsicSpec* findIntrinsic(std::string_view package, std::string_view name) {
  static const auto* byName = [] {
    auto* m = new std::unordered_map<std::string, const IntrinsicSpec*>;
    for (const IntrinsicSpec& s : kTable) (*m)[std::string(s.package) + "." + std::string(s.name)] = &s;
    return m;
  }();
  auto it = byName->find(std::string(package) + "." + std::string(name));
  return it == byName->end() ? nullptr : it->second;
}

}  // namespace burrow::irgen
