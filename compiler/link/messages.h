// lld's errors in the words of gc's linker.
#pragma once

#include <string>
#include <string_view>

namespace burrow::link {

// "ld.lld: error: undefined symbol: main.f" with its ">>> referenced by" lines becomes, once for each function that refers
// to it, "main.g: relocation target main.f not defined". Other messages lose lld's name and keep their text. Lines are
// separated by newlines, without one at the end.
std::string linkerMessages(std::string_view errors);

}  // namespace burrow::link
