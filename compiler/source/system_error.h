// The system's error texts as Go programs print them: in lower case.
#pragma once

#include <cctype>
#include <cstring>
#include <string>

namespace burrow::source {

inline std::string systemErrorText(int number) {
  std::string text = std::strerror(number);
  if (text.size() > 1 && std::islower(static_cast<unsigned char>(text[1]))) {
    text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
  }
  return text;
}

}  // namespace burrow::source
