// What a package's record says of its parts can be read back.
#include "driver/compile.h"

#include <gtest/gtest.h>

using namespace burrow::driver;

namespace {

using Parts = std::vector<std::vector<std::string>>;

TEST(Symbols, WrittenAndRead) {
  const Parts parts = {
      {"a/b.init", "a/b.init.0"}, {"a/b.F", "a/b.(*T).M"}, {}, {"other.linked", "slices.Sort[struct { X int; Y a/b.T }]", "a/bc.F"}};
  std::vector<std::vector<std::string_view>> views;
  for (const auto& part : parts) views.emplace_back(part.begin(), part.end());
  const std::string line = writeSymbols(views, "a/b");
  EXPECT_EQ(line, ".init\t.init.0\t\t.F\t.(*T).M\t\t\tother.linked\tslices.Sort[struct { X int; Y a/b.T }]\ta/bc.F\t");
  EXPECT_EQ(readSymbols(line, "a/b"), parts);
}

TEST(Symbols, OnePart) {
  EXPECT_EQ(readSymbols(writeSymbols({{}}, "p"), "p"), Parts(1));
  EXPECT_EQ(readSymbols(writeSymbols({{}, {"p.F"}}, "p"), "p"), (Parts{{}, {"p.F"}}));
}

}  // namespace
