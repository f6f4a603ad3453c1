// The cache's text about a package's parts.
#include "driver/part_table.h"

#include <gtest/gtest.h>

using namespace burrow::driver;

namespace {

TEST(PartTable, SaysWhatWasAdded) {
  std::string table;
  PartTable::add(table, {});
  PartTable::add(table, {"p.F", "p.(*T[struct { x int \"a b\" }]).M"});
  PartTable::add(table, {});
  PartTable::add(table, {"other/q.linked"});
  EXPECT_EQ(PartTable::parts(table), 4u);
  std::vector<std::pair<size_t, std::string>> seen;
  PartTable::forEach(table, [&](size_t part, std::string_view symbol) { seen.emplace_back(part, symbol); });
  const std::vector<std::pair<size_t, std::string>> want = {{1, "p.F"}, {1, "p.(*T[struct { x int \"a b\" }]).M"}, {3, "other/q.linked"}};
  EXPECT_EQ(seen, want);
}

TEST(PartTable, EmptyAndCutShort) {
  EXPECT_EQ(PartTable::parts(""), 0u);
  size_t count = 0;
  PartTable::forEach("p.F", [&](size_t part, std::string_view symbol) { count += part + (symbol == "p.F"); });
  EXPECT_EQ(count, 1u);
}

TEST(PartTable, EachPartHasItsKey) {
  const burrow::load::Hash package = burrow::load::hashOf("p"), other = burrow::load::hashOf("q");
  EXPECT_NE(partKey(package, 0).hex(), partKey(package, 1).hex());
  EXPECT_NE(partKey(package, 0).hex(), partKey(other, 0).hex());
  EXPECT_NE(partKey(package, 0).hex(), package.hex());
}

}  // namespace
