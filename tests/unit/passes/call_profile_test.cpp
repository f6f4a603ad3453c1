// What a profile answers, and what of it a package depends on.
#include "passes/call_profile.h"

#include <gtest/gtest.h>

using namespace burrow::passes;

namespace {

TEST(CallProfile, HotIsWhatMakesUpNearlyAll) {
  const CallProfile p({{"a.F", "a.G", 1, 900}, {"a.F", "b.H", 2, 95}, {"a.F", "a.G", 3, 5}}, {});
  EXPECT_TRUE(p.isHotCall("a.F", 1, "a.G"));
  EXPECT_TRUE(p.isHotCall("a.F", 2, "b.H"));
  EXPECT_FALSE(p.isHotCall("a.F", 3, "a.G"));
  EXPECT_FALSE(p.isHotCall("a.F", 2, "a.G"));
  EXPECT_TRUE(p.isHotCallee("a.G"));
  EXPECT_FALSE(p.isHotCallee("a.F"));
  const CallProfile half({{"a.F", "a.G", 1, 900}, {"a.F", "b.H", 2, 95}}, {}, 50);
  EXPECT_TRUE(half.isHotCall("a.F", 1, "a.G"));
  EXPECT_FALSE(half.isHotCall("a.F", 2, "b.H"));
}

TEST(CallProfile, TargetsAreInOrder) {
  const CallProfile p({{"a.F", "a.Z", 1, 5}, {"a.F", "a.B", 1, 7}, {"a.F", "a.A", 1, 5}}, {});
  const auto targets = p.targets("a.F", 1);
  ASSERT_EQ(targets.size(), 3u);
  EXPECT_EQ(targets[0].callee, "a.B");
  EXPECT_EQ(targets[1].callee, "a.A");
  EXPECT_EQ(targets[2].callee, "a.Z");
  EXPECT_TRUE(p.targets("a.F", 2).empty());
  EXPECT_TRUE(p.targets("a.G", 1).empty());
}

TEST(CallProfile, TypeArgumentsDoNotCount) {
  EXPECT_EQ(profileName("a.F[go.shape.int,a/b.T[string]].func1"), "a.F[...].func1");
  EXPECT_EQ(profileName("a.(*T).M"), "a.(*T).M");
  const CallProfile p({{"a.F[...]", "a.G[...]", 1, 5}}, {{"a.F[...]", 4, 3}});
  EXPECT_TRUE(p.isHotCall("a.F[int]", 1, "a.G[a/b.T]"));
  EXPECT_TRUE(p.isHotCallee("a.G[string]"));
  EXPECT_EQ(p.samples("a.F[int]", 4), 3);
  EXPECT_EQ(p.samples("a.F[int]"), 3);
  EXPECT_EQ(p.samples("a.F[int]", 5), 0);
}

TEST(CallProfile, APackageDependsOnItsExcerpt) {
  const CallProfile p({{"x/y%2ez.F", "b.G", 1, 5}, {"runtime.main", "main.main", 1, 5}}, {{"c.(*T).M", 2, 1}});
  EXPECT_FALSE(p.excerpt("x/y.z").empty());
  EXPECT_FALSE(p.excerpt("b").empty());  // G is hot
  EXPECT_FALSE(p.excerpt("c").empty());
  EXPECT_FALSE(p.excerpt("main").empty());
  EXPECT_TRUE(p.excerpt("x/y").empty());
  EXPECT_TRUE(p.excerpt("d").empty());
  EXPECT_TRUE(p.excerpt("runtime").empty());
  EXPECT_TRUE(p.targets("runtime.main", 1).empty());
  const CallProfile q({{"x/y%2ez.F", "b.G", 1, 6}}, {});
  EXPECT_NE(p.excerpt("x/y.z"), q.excerpt("x/y.z"));
  EXPECT_EQ(p.excerpt("b"), q.excerpt("b"));
}

TEST(CallProfile, Empty) {
  const CallProfile p;
  EXPECT_FALSE(p.isHotCallee("a.F"));
  EXPECT_TRUE(p.edges().empty());
}

}  // namespace
