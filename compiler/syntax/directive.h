// Compiler directives: `//go:name arguments` comments and what they say.
//
// The scanner reports every comment that starts with "//go:"; the parser keeps them all in File::directives, in source
// order, and gives each declaration the run of directives that precedes it. The known ones that are plain switches are
// also folded into a bit set per declaration (`Pragma`), because that is what later phases ask for.
#pragma once

#include "source/diagnostic.h"
#include "source/pos.h"

#include <cstdint>
#include <string_view>

namespace burrow::syntax {

// Switches that a directive sets on the declaration after it. Some imply others, as in gc.
enum class Pragma : uint32_t {
  None = 0,
  NoInline = 1 << 0,             // //go:noinline
  NoSplit = 1 << 1,              // //go:nosplit: no stack check in the prologue; implies NoCheckPtr
  NoEscape = 1 << 2,             // //go:noescape: the arguments of this body-less function do not escape
  NoRace = 1 << 3,               // //go:norace
  NoCheckPtr = 1 << 4,           // //go:nocheckptr
  SystemStack = 1 << 5,          // //go:systemstack: must run on a system stack
  NoWriteBarrier = 1 << 6,       // //go:nowritebarrier: an error when this function needs a write barrier
  NoWriteBarrierRec = 1 << 7,    // //go:nowritebarrierrec: as above, for everything it calls
  YesWriteBarrierRec = 1 << 8,   // //go:yeswritebarrierrec: ends a NoWriteBarrierRec
  CgoUnsafeArgs = 1 << 9,        // //go:cgo_unsafe_args: a pointer to one argument is one to all; implies NoCheckPtr
  UintptrKeepAlive = 1 << 10,    // //go:uintptrkeepalive: pointers converted to uintptr arguments stay alive
  UintptrEscapes = 1 << 11,      // //go:uintptrescapes: as above, and they escape; implies UintptrKeepAlive
  RegisterParams = 1 << 12,      // //go:registerparams
  Build = 1 << 13,               // //go:build; only ever legal before the package clause
  NoInterface = 1 << 14,         // //go:nointerface: the method satisfies no interface (GOEXPERIMENT=fieldtrack)
};
constexpr Pragma operator|(Pragma a, Pragma b) {
  return static_cast<Pragma>(static_cast<uint32_t>(a) | static_cast<uint32_t>(b));
}
constexpr Pragma operator&(Pragma a, Pragma b) {
  return static_cast<Pragma>(static_cast<uint32_t>(a) & static_cast<uint32_t>(b));
}
constexpr bool has(Pragma set, Pragma flag) { return (set & flag) != Pragma::None; }

// One directive comment, as written.
struct Directive {
  source::Pos pos;          // of "go:", two bytes behind the comment's start: where gc reports errors about it
  std::string_view text;    // "go:noinline", "go:embed a b": the comment without its slashes and without a final \r
  std::string_view verb;    // "go:noinline": text up to the first blank
  std::string_view args;    // text behind the verb, without the blanks around it
  Pragma pragma = Pragma::None;  // what it switches on
  bool ownLine = true;      // only blanks stand before it on its line
  // It does not fit the declaration behind it: to be reported when the package is found right otherwise. One that stands before
  // no declaration at all is an error of the parser's.
  const source::DiagnosticKind* misplaced = nullptr;
};

// //go:linkname local [target], or //go:linknamestd.
struct Linkname {
  source::Pos pos;           // the directive's
  std::string_view local;    // interned
  std::string_view target;   // empty: the local symbol's own name
  bool stdOnly = false;      // linknamestd
};

// One pattern of a //go:embed directive.
struct EmbedPattern {
  source::Pos pos;           // the directive's
  std::string_view pattern;  // unquoted
};

}  // namespace burrow::syntax
