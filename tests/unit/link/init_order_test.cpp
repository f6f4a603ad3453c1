// The language's order of package initialisation.
#include "link/init_order.h"

#include <gtest/gtest.h>

using burrow::link::initOrder;
using Order = std::vector<std::string>;

TEST(InitOrder, SortedByPathAmongTheReady) {
  EXPECT_EQ(initOrder({{"main", {"z", "a"}}, {"z", {}}, {"a", {"m"}}, {"m", {}}, {"b", {}}}),
            (Order{"b", "m", "a", "z", "main"}));
}

TEST(InitOrder, APackageBecomesReadyBeforeOneFurtherDownTheList) {
  // c waits for z, so y and z go first although c precedes them.
  EXPECT_EQ(initOrder({{"main", {"c", "y"}}, {"c", {"z"}}, {"y", {}}, {"z", {}}}), (Order{"y", "z", "c", "main"}));
}

TEST(InitOrder, TheRuntimeComesFirst) {
  EXPECT_EQ(initOrder({{"main", {"a"}}, {"a", {}}, {"runtime", {"internal/abi"}}, {"internal/abi", {}}}),
            (Order{"internal/abi", "runtime", "a", "main"}));
}

TEST(InitOrder, PackagesWithoutTaskAreLeftOutAndStillOrder) {
  EXPECT_EQ(initOrder({{"main", {"b"}}, {"b", {"c"}, false}, {"c", {}}, {"a", {"b"}}}), (Order{"c", "a", "main"}));
}

TEST(InitOrder, UnknownImportsCountAsDone) { EXPECT_EQ(initOrder({{"main", {"unsafe"}}}), (Order{"main"})); }
