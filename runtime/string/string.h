// Strings: joining them and converting from and to bytes and runes.
//
// `buf` is nullptr or room in the caller's frame, of abi::kTmpBufSize bytes (runes for stringtoslicerune, 4 bytes for
// intstring): the caller knows that the result does not outlive it, and one that is short enough goes there.
#pragma once

#include "mem/env.h"

namespace burrow::rt {

// s[0] + s[1] + ...: one allocation. None when only one of them is not empty: that one is returned, but a copy of it when it
// lies in a frame and the caller has no `buf`, that is, the result may outlive the frame.
GO_DECL("runtime.concatstrings", GoString, concatstrings, (uint8_t* buf, const GoString* s, int64_t n));
GO_DECL("runtime.slicebytetostring", GoString, slicebytetostring, (uint8_t* buf, const uint8_t* p, int64_t n));
GO_DECL("runtime.stringtoslicebyte", GoSlice, stringtoslicebyte, (uint8_t* buf, GoString s));
GO_DECL("runtime.slicerunetostring", GoString, slicerunetostring, (uint8_t* buf, const int32_t* p, int64_t n));
GO_DECL("runtime.stringtoslicerune", GoSlice, stringtoslicerune, (int32_t* buf, GoString s));
GO_DECL("runtime.intstring", GoString, intstring, (uint8_t* buf, int64_t v));

struct RuneAndNext {
  int32_t rune;
  int64_t next;
};
// The rune that begins at byte k of s and where the next one begins.
GO_DECL("runtime.decoderune", RuneAndNext, decoderune, (GoString s, int64_t k));
GO_DECL("runtime.countrunes", int64_t, countrunes, (GoString s));

// A new byte slice of length n, with the capacity of its size class; not zeroed up to n, zeroed after.
GoSlice rawbyteslice(int64_t n);

// The numbers 0..255 as 64-bit values: where interfaces of small integers and one-byte strings point to.
// Nobody writes there after smallValuesInit: 2 KB that executables do without.
extern uint64_t staticuint64s[abi::kSmallValues] __asm__("runtime.staticuint64s");
void smallValuesInit() __asm__("runtime.smallvaluesinit");

}  // namespace burrow::rt
