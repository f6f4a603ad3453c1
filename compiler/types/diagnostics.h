// The messages of this layer; see diagnostics.def.
#pragma once

#include "source/diagnostic.h"

namespace burrow::types::diag {

#define X(name, format) inline constexpr source::DiagnosticKind name{#name, format};
#include "types/diagnostics.def"
#undef X

// All of them, for the test that wants each to be produced by some test.
inline constexpr const source::DiagnosticKind* kAll[] = {
#define X(name, format) &name,
#include "types/diagnostics.def"
#undef X
};

}  // namespace burrow::types::diag
