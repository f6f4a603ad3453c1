// The messages of this layer; see diagnostics.def.
#pragma once

#include "source/diagnostic.h"

namespace burrow::syntax::diag {

#define X(name, format) inline constexpr source::DiagnosticKind name{#name, format};
#include "syntax/diagnostics.def"
#undef X

// All of them, for the test that wants each to be produced by some test.
inline constexpr const source::DiagnosticKind* kAll[] = {
#define X(name, format) &name,
#include "syntax/diagnostics.def"
#undef X
};

}  // namespace burrow::syntax::diag
