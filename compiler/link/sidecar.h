// Putting an object's part of the function table into the object (docs/functab.md, "From object to executable").
//
// The code generator describes an object's functions in a sidecar, by symbol. As a section of the object, with one
// relocation per function, the sidecar goes through the linker like debug information does: the linker decides which
// functions stay and where, and tells us by filling in the addresses. The relocation is made against the symbol of the
// section that holds the function rather than against the function's symbol: when two objects bring the same instance of
// a generic function, the name of both leads to the copy that was kept, but only one of the two sidecars describes it.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace burrow::link {

// `object` with `sidecar` as section .burrow.functab. Functions whose symbol the object lacks keep address 0.
bool embedSidecar(std::string& object, std::string_view sidecar, std::string* error);

// Whether a sidecar (or one of several in a linked section) is whole: offsets inside, the version ours.
bool checkSidecar(std::string_view bytes, std::string* error);

}  // namespace burrow::link
