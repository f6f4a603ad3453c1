// The messages of this layer; see diagnostics.def.
#pragma once

#include "source/diagnostic.h"

namespace burrow::irgen::diag {

#define X(name, format) inline constexpr source::DiagnosticKind name{#name, format};
#include "irgen/diagnostics.def"
#undef X

// All of them, for the test that wants each to be produced by some test.
inline constexpr const source::DiagnosticKind* kAll[] = {
#define X(name, format) &name,
#include "irgen/diagnostics.def"
#undef X
};

}  // namespace burrow::irgen::diag
