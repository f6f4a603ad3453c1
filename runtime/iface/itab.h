// Interface tables: for each pair of an interface type and a concrete type that implements it, the code of its methods.
//
// The compiler makes the itabs of all conversions that it sees (section `itablink` lists them); assertions and conversions
// between interfaces can ask for pairs that nobody foresaw, and those are made here, from the methods that the
// type's uncommon part lists, at the first question. Either way there is one itab per pair, so that interface values can be
// compared by their itabs. That a type does not implement an interface is remembered too: an itab with fun[0] == nil.
#pragma once

#include "abi/assert_table.h"
#include "mem/env.h"

namespace burrow::rt {

// The itab of the pair, or nil when the type does not implement the interface (which has at least one method). Lock-free
// when the pair was asked for before.
const ITab* getitab(const abi::InterfaceType* inter, const Type* type);
// Name of the first method of the interface that the type lacks; empty when it has all.
GoString missingMethod(const abi::InterfaceType* inter, const Type* type);

// x.(I): the itab, or a panic with *TypeAssertionError; a nil type is a nil interface value. `source` is the static type of
// x, which the messages do not name.
const ITab* typeAssertItab(const abi::InterfaceType* inter, const Type* type, const Type* source);
// x.(I) with ok: nil instead of a panic.
const ITab* typeAssertItab2(const abi::InterfaceType* inter, const Type* type);

// The same for compiled code, which looks first into a table of the types that its place has seen (abi/assert_table.h); these are called
// for those that are not there, and enter them.
using AssertPlace = const abi::AssertTable*;
GO_DECL("runtime.typeAssert", const ITab*, typeAssert,
        (const abi::InterfaceType* inter, const Type* type, const Type* source, AssertPlace* place));
GO_DECL("runtime.typeAssert2", const ITab*, typeAssert2, (const abi::InterfaceType* inter, const Type* type, AssertPlace* place));

// x.(T) failed: x has type `have` (nil: x is nil), its static type is `iface`.
GO_DECL("runtime.panicdottypeE", void, panicdottypeE, (const Type* have, const Type* want, const Type* iface));
GO_DECL("runtime.panicnildottype", void, panicnildottype, (const Type* want));

extern Mutex itabLock;
// Enters the compiler's itabs into the table. Before the first assertion.
void itabsinit() __asm__("runtime.itabsinit");
// Calls f for every itab, under the table's lock.
void iterateItabs(void (*f)(const ITab*, void*), void* arg);

}  // namespace burrow::rt
