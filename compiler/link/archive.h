// Giving every member of a runtime archive its function-table part.
//
// The runtime's objects come from a C++ compiler and an assembler, which know nothing of sidecars. They are derived from
// each member's line table and call-frame information, once per archive: the caller keeps the result, keyed by the
// archive's content. The result is an archive again, so that the linker still takes only what a program needs from it.
#pragma once

#include <string>
#include <string_view>

namespace burrow::link {

// `archive` (GNU ar format) with sidecars in its members. Empty, with *error set, when it is damaged. The symbol index is
// left out: lld reads the members' own symbol tables.
std::string describeArchive(std::string_view archive, std::string* error);

}  // namespace burrow::link
