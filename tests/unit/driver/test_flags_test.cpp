// The command line of `burrow test`: what goes where, what GOFLAGS adds, which results may be kept.
#include "driver/test_flags.h"

#include <gtest/gtest.h>

#include <cstdlib>

using namespace burrow::driver;

namespace {

using Words = std::vector<std::string>;

class TestFlagsTest : public testing::Test {
 protected:
  TestFlagsTest() {
    ::setenv("GOENV", "off", 1);
    set("");
  }
  ~TestFlagsTest() override { set(""); }
  void set(const char* flags) { ::setenv("GOFLAGS", flags, 1); }
  TestFlags parse(const Words& words) {
    TestFlags flags;
    EXPECT_EQ(parseTestFlags(words, &flags), 0);
    return flags;
  }
  bool keeps(const Words& words) { return parse(words).cacheable; }
};

TEST_F(TestFlagsTest, WhatGoesToTheProgram) {
  TestFlags f = parse({"-run", "X", "./p", "-v", "-own", "x", "y", "-short"});
  EXPECT_EQ(f.forward, (Words{"-test.timeout=10m0s", "-test.run=X", "-test.v=true", "-own", "x", "y", "-short"}));
  EXPECT_EQ(f.build.arguments, Words{"./p"});
  EXPECT_TRUE(f.verbose);
}

TEST_F(TestFlagsTest, FlagsOfTheEnvironment) {
  set("-count=1 -v -short -tags=a -timeout=3s");
  TestFlags f = parse({"."});
  EXPECT_EQ(f.forward, (Words{"-test.count=1", "-test.v=true", "-test.short=true", "-test.timeout=3s"}));
  EXPECT_TRUE(f.verbose && !f.cacheable && !f.build.verbose);
  EXPECT_EQ(f.timeoutSeconds, 3);
  EXPECT_EQ(f.build.tags, "a");
  f = parse({"-v=false", "-short=0", "."});
  EXPECT_EQ(f.forward, (Words{"-test.count=1", "-test.timeout=3s", "-test.v=false", "-test.short=false"}));
  EXPECT_FALSE(f.verbose);
  set("-json -v -cover");
  f = parse({"."});
  EXPECT_EQ(f.forward, (Words{"-test.v=test2json", "-test.timeout=10m0s"}));
  EXPECT_TRUE(f.json && f.cover);
  EXPECT_FALSE(parse({"-cover=false"}).cover);
  set("-run");
  testing::internal::CaptureStderr();
  EXPECT_EQ(parseTestFlags({"."}, &f), kUsageStatus);
  set("-count=x");
  EXPECT_EQ(parseTestFlags({"."}, &f), kUsageStatus);
  const std::string told = testing::internal::GetCapturedStderr();
  EXPECT_NE(told.find("flag needs an argument: -run (from $GOFLAGS)"), std::string::npos) << told;
  EXPECT_NE(told.find("invalid value \"x\" for flag -count (from $GOFLAGS): parse error"), std::string::npos) << told;
}

TEST_F(TestFlagsTest, ResultsThatMayBeKept) {
  EXPECT_TRUE(keeps({"-run=X", "-v", "-short", "."}));
  EXPECT_FALSE(keeps({"-count=1", "."}));
  EXPECT_FALSE(keeps({"-bench=.", "."}));
  EXPECT_FALSE(keeps({".", "-args", "x"}));
  EXPECT_FALSE(keeps({".", "--", "x"}));
  EXPECT_FALSE(keeps({".", "-v", "x"}));
  EXPECT_FALSE(keeps({".", "-own=1"}));
  EXPECT_TRUE(keeps({".", "-args", "-test.run=X"}));
  EXPECT_FALSE(keeps({".", "-args", "-test.count=1"}));
}

}  // namespace
