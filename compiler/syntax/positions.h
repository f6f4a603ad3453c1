// Where a node begins and ends, and where errors about it are reported.
#pragma once

#include "syntax/ast.h"

namespace burrow::syntax {

// The first byte of the node in the source. (Parentheses around types are not in the tree and do not count.)
Pos startPos(const Node* n);
// The first byte behind the node in the source. A missing part counts as empty.
Pos endPos(const Node* n);
// The place that gc's type checker names when it reports an error at `n`. It is startPos(n) but for a few nodes whose
// own position gc keeps instead: a slice expression (its bracket), expression and labelled statements, signatures.
Pos reportPos(const Node* n);

}  // namespace burrow::syntax
