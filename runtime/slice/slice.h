// Growing and copying slices.
#pragma once

#include "mem/env.h"

namespace burrow::rt {

// What append calls when the capacity is too small: the slice with length newLen = old length + num and a capacity that is
// gc's to the element (programs print it). The elements [old length, newLen) are not zeroed if the type has no pointers:
// append stores there. Panics "growslice: len out of range".
GO_DECL("runtime.growslice", GoSlice, growslice,
        (void* oldPtr, int64_t newLen, int64_t oldCap, int64_t num, const Type* elem));
// copy(to, from) for elements without pointers, of `width` bytes; returns the number of elements.
GO_DECL("runtime.slicecopy", int64_t, slicecopy,
        (void* to, int64_t toLen, const void* from, int64_t fromLen, uint64_t width));
GO_DECL("runtime.typedslicecopy", int64_t, typedslicecopy,
        (const Type* elem, void* dst, int64_t dstLen, const void* src, int64_t srcLen));

// The capacity that append asks for, in elements, before it is rounded up to a size class. oldCap >= 0, newLen > oldCap.
int64_t nextslicecap(int64_t newLen, int64_t oldCap);
// The capacity that growslice gives; -1 when it would be out of range. *bytes: what it allocates.
int64_t growslicecap(int64_t newLen, int64_t oldCap, uint64_t elemSize, bool noscan, uint64_t* bytes);

}  // namespace burrow::rt
