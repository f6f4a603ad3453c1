// Paths.
#include "load/files.h"

#include <gtest/gtest.h>

using namespace burrow::load;

TEST(Files, CleanPath) {
  EXPECT_EQ(cleanPath("a/./b/../c//d/"), "a/c/d");
  EXPECT_EQ(cleanPath("/../a"), "/a");
  EXPECT_EQ(cleanPath("../../a"), "../../a");
  EXPECT_EQ(cleanPath(""), ".");
  EXPECT_EQ(cleanPath("/"), "/");
}

TEST(Files, ShortPath) {
  EXPECT_EQ(shortPath("/home/u/m/a/a.go", "/home/u/m"), "a/a.go");
  EXPECT_EQ(shortPath("/home/u/n/a.go", "/home/u/m"), "../n/a.go");
  EXPECT_EQ(shortPath("/x/a.go", "/home/u/m"), "/x/a.go");
  EXPECT_EQ(shortPath("/home/u/m", "/home/u/m"), ".");
  EXPECT_EQ(shortPath("/a/b", "/"), "a/b");
}

TEST(Files, PartsOfAKeyDoNotRunTogether) {
  EXPECT_NE(Hasher().add("ab").add("c").finish(), Hasher().add("a").add("bc").finish());
  EXPECT_EQ(Hasher().add("ab").finish(), Hasher().add("ab").finish());
}
