// lld's errors in the words of gc's linker.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace burrow::link {

// "ld.lld: error: undefined symbol: main.f" with its ">>> referenced by" lines becomes, once for each function that
// refers to it, "main.g: relocation target main.f not defined"; `why`, unless it is empty, may have something to say
// about a symbol, which is put behind it. Other messages lose lld's name and keep their text. Lines are separated by
// newlines, without one at the end.
std::string linkerMessages(std::string_view errors, const std::function<std::string(const std::string& symbol)>& why);

}  // namespace burrow::link
