#include "codegen/symbol_names.h"

#include <gtest/gtest.h>

#include <set>

namespace burrow::codegen {
namespace {

TEST(SymbolNames, ordinaryTextStays) {
  for (const char* text : {"main.main", "type:.namedata.b-\"json:\\\"b\\\"\"@example.com/p", "type:struct { A int \"x@y\" }", ""})
    EXPECT_EQ(symbolName(text), text);
}

// All texts of up to six of the characters that matter.
TEST(SymbolNames, noTwoTextsShareASymbol) {
  constexpr std::string_view letters = "@\\x40";
  std::set<std::string> symbols;
  size_t texts = 0;
  for (int length = 0; length <= 6; length++) {
    int count = 1;
    for (int i = 0; i < length; i++) count *= int(letters.size());
    for (int n = 0; n < count; n++, texts++) {
      std::string text;
      for (int i = 0, rest = n; i < length; i++, rest /= int(letters.size())) text += letters[size_t(rest) % letters.size()];
      const std::string symbol = symbolName(text);
      EXPECT_EQ(symbol.find("@@"), std::string::npos);
      EXPECT_EQ(nameOfSymbol(symbol), text);
      symbols.insert(symbol);
    }
  }
  EXPECT_EQ(symbols.size(), texts);
}

}  // namespace
}  // namespace burrow::codegen
