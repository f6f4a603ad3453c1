// What an object says of its functions' dealings with methods (method_uses.cpp writes it, link/reach.cpp reads it).
//
// The section is a list of functions: the symbol, then facts, each a letter and a text, then an empty text; all texts end with a NUL
// byte, which no symbol contains. A method is named by a key: its name and the symbol of its type's descriptor. Unexported
// methods of one name and type in different packages share a key: then one more stays than had to.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace burrow::codegen {

inline constexpr const char* kMethodFactsSection = ".burrow.methods";

inline constexpr char kCallsMethod = '+';  // key: calls the method through an interface
inline constexpr char kReadsType = '-';    // descriptor's symbol: makes no interface value of that type

inline std::string methodKey(std::string_view name, std::string_view typeSymbol) {
  std::string key(name);
  key += ' ';
  key += typeSymbol;
  return key;
}

inline void addFact(std::string& facts, char kind, std::string_view text) {
  facts += kind;
  facts += text;
  facts += '\0';
}

// `facts`: at least one.
inline void addFunction(std::string& section, std::string_view symbol, std::string_view facts) {
  section += symbol;
  section += '\0';
  section += facts;
  section += '\0';
}

// Takes the first text off.
inline std::string_view takeText(std::string_view& section) {
  const std::string_view text = section.substr(0, section.find('\0'));
  section.remove_prefix(std::min(text.size() + 1, section.size()));
  return text;
}

// "type:T", but not what else belongs to descriptors ("type:.eq.T").
inline bool isTypeSymbol(std::string_view name) { return name.starts_with("type:") && name.size() > 5 && name[5] != '.'; }
inline bool isItabSymbol(std::string_view name) { return name.starts_with("go:itab."); }

}  // namespace burrow::codegen
