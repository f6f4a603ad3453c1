// Command lines: words, patterns before flags, what the compiler's flags mean, and which of them an object depends on.
#include "driver/compile.h"
#include "driver/flags.h"

#include <gtest/gtest.h>

#include <set>

using namespace burrow::driver;

namespace {

using Words = std::vector<std::string>;

TEST(SplitWords, BlanksAndQuotes) {
  EXPECT_EQ(splitWords(""), Words{});
  EXPECT_EQ(splitWords("  -N\t-l\n"), (Words{"-N", "-l"}));
  EXPECT_EQ(splitWords("'-X a=b c' \"d e\""), (Words{"-X a=b c", "d e"}));
  // A quote inside a word is a character of it; one that nobody closes goes to the end.
  EXPECT_EQ(splitWords("-X=a'b c"), (Words{"-X=a'b", "c"}));
  EXPECT_EQ(splitWords("'a b"), (Words{"a b"}));
  EXPECT_EQ(splitWords("''"), (Words{""}));
}

TEST(PackageFlags, TheLastThatMatchesCounts) {
  auto of = [](const Words& given, const char* path, bool named, bool isStd = false) {
    return packageFlags(given, path, named, isStd);
  };
  EXPECT_EQ(of({"-N -l"}, "example.com/a", true), (Words{"-N", "-l"}));
  EXPECT_EQ(of({"-N"}, "example.com/a", false), Words{});  // without a pattern: what the command line names
  EXPECT_EQ(of({"all=-N"}, "fmt", false, true), Words{"-N"});
  EXPECT_EQ(of({"std=-l"}, "fmt", false, true), Words{"-l"});
  EXPECT_EQ(of({"std=-l"}, "example.com/a", true), Words{});
  EXPECT_EQ(of({"all=-N", "example.com/...=-l"}, "example.com/a/b", false), Words{"-l"});
  EXPECT_EQ(of({"example.com/...=-l", "all=-N"}, "example.com/a/b", false), Words{"-N"});
  EXPECT_EQ(of({"all=-N", "all="}, "example.com/a", true), Words{});
}

TEST(PackageFlags, APatternNeedsAValue) {
  std::string error;
  EXPECT_TRUE(checkPackageFlags({"-N", "all=-l", ""}, &error));
  EXPECT_FALSE(checkPackageFlags({"all"}, &error));
}

TEST(CompilerFlags, WhatTheyMean) {
  CompilerFlags f;
  std::string error;
  ASSERT_TRUE(parseCompilerFlags({"-N", "-l", "-e", "-m=2", "-S", "-lang=go1.21", "-std"}, &f, &error)) << error;
  EXPECT_EQ(f.optLevel, 0);
  EXPECT_FALSE(f.inlining);
  EXPECT_TRUE(f.allErrors && f.escapeNotes && f.reasons && f.assembly && f.asStd);
  EXPECT_EQ(f.language, "go1.21");
  CompilerFlags g;
  EXPECT_FALSE(parseCompilerFlags({"-nosuchflag"}, &g, &error));
  EXPECT_NE(error.find("nosuchflag"), std::string::npos) << error;
}

TEST(CompilerFlags, Without) {
  using burrow::ir::Optimisation;
  CompilerFlags f;
  std::string error;
  ASSERT_TRUE(parseCompilerFlags({"-d=nil,without=late-frames+inline"}, &f, &error)) << error;
  EXPECT_TRUE(f.without(Optimisation::LateFrames) && f.without(Optimisation::Inline) && !f.without(Optimisation::Escape));
  EXPECT_FALSE(f.inlining);
  EXPECT_EQ(f.without.text(), "inline+late-frames");
  for (const char* wrong : {"-d=without=late_frames", "-d=without=help", "-d=without=escape+none"}) {
    EXPECT_FALSE(parseCompilerFlags({wrong}, &f, &error)) << wrong;
    EXPECT_NE(error.find("\n  late-frames "), std::string::npos) << error;
  }
  for (const char* wrong : {"-d=level=3", "-d=level=", "-d=level=10"}) EXPECT_FALSE(parseCompilerFlags({wrong}, &f, &error)) << wrong;
}

// What the object depends on is in the key, and what it does not depend on is not: -e and -S would compile all anew.
TEST(CompilerFlags, Key) {
  auto key = [](const Words& words) {
    CompilerFlags f;
    std::string error;
    EXPECT_TRUE(parseCompilerFlags(words, &f, &error)) << error;
    return f.key();
  };
  std::set<std::string> keys = {key({}), key({"-N"}), key({"-l"}), key({"-N", "-l"}), key({"-lang=go1.21"}),
                                key({"-lang=go1.22"}), key({"-d=without=escape"}), key({"-d=without=escape+inline"}), key({"-d=level=1"})};
  EXPECT_EQ(keys.size(), 9u);
  EXPECT_EQ(key({"-d=without=inline+escape"}), key({"-d", "without=escape,without=inline"}));
  EXPECT_EQ(key({}), key({"-e"}));
  EXPECT_EQ(key({}), key({"-S"}));
}

TEST(BuildFlags, OneDashOrTwoUntilTheFirstArgument) {
  BuildFlags f;
  ASSERT_EQ(parseBuildFlags(Command::Build, {"-o", "out", "--work", "-gcflags=all=-N", "-p=3", "./a", "-x"}, &f), 0);
  EXPECT_EQ(f.output, "out");
  EXPECT_TRUE(f.keepWork);
  EXPECT_EQ(f.gcflags, Words{"all=-N"});
  EXPECT_EQ(f.parallel, 3u);
  EXPECT_FALSE(f.showCommands);
  EXPECT_EQ(f.arguments, (Words{"./a", "-x"}));
}

TEST(BuildFlags, BuildModes) {
  for (const char* mode : {"exe", "pie", "default"}) {
    BuildFlags f;
    ASSERT_EQ(parseBuildFlags(Command::Build, {std::string("-buildmode=") + mode}, &f), 0);
    EXPECT_EQ(f.isPie(), std::string(mode) == "pie");
  }
}

TEST(BuildFlags, Refused) {
  const std::pair<Words, int> cases[] = {{{"-nosuchflag"}, kUsageStatus}, {{"-o"}, kUsageStatus},
                                         {{"-p=x"}, kUsageStatus},        {{"-gcflags=all"}, kUsageStatus},
                                         {{"-p=0"}, kErrorStatus},        {{"-mod=maybe"}, kErrorStatus},
                                         {{"-buildmode=plugin"}, kErrorStatus}, {{"-buildmode=nonsense"}, kErrorStatus}};
  for (const auto& [words, status] : cases) {
    BuildFlags f;
    testing::internal::CaptureStderr();
    EXPECT_EQ(parseBuildFlags(Command::Build, words, &f), status) << words[0];
    EXPECT_NE(testing::internal::GetCapturedStderr(), "") << words[0];
  }
}

}  // namespace
