// Module paths, versions, embed patterns: pure functions, tables of examples.
#include "load/embed.h"
#include "load/mod_cache.h"
#include "load/module_path.h"

#include <gtest/gtest.h>

using namespace burrow::load;

namespace {

TEST(ModulePath, Paths) {
  for (const char* good : {"a", "a/b", "ex.com/a-b_c~d", "ex.com/A"}) EXPECT_EQ(checkPath(good, PathKind::Module), "") << good;
  for (const char* bad : {"", "/a", "a/", "a//b", "..", "a/../b", ".a", "a.", "a b", "a\\b", "con/x", "a/b~1"})
    EXPECT_NE(checkPath(bad, PathKind::Module), "") << bad;
  for (const char* good : {"a b.txt", ".hidden", "x/\xc3\xa9", "a+b", "-x"}) EXPECT_EQ(checkPath(good, PathKind::File), "") << good;
  for (const char* bad : {"a:b", "a*", "a\"", "a\nb", "aux.txt", "\xff"}) EXPECT_NE(checkPath(bad, PathKind::File), "") << bad;
  EXPECT_EQ(checkModulePath("ex.com/m/v2"), "");
  EXPECT_NE(checkModulePath("ex.com/m/v1"), "");
  EXPECT_NE(checkModulePath("fmt"), "");
  EXPECT_EQ(escapePath("ex.com/Az"), "ex.com/!az");
}

TEST(ModulePath, VersionsInOrder) {
  const char* order[] = {"bad",       "v0.0.0-1",      "v0.0.0",        "v0.9.9",        "v1.0.0-alpha", "v1.0.0-alpha.1",
                         "v1.0.0-alpha.beta", "v1.0.0-beta.2", "v1.0.0-beta.11", "v1.0.0-rc.1",  "v1.0.0",       "v1.0.10",
                         "v1.2.0",    "v2.0.0+incompatible", "v10.0.0"};
  for (size_t i = 0; i < std::size(order); i++) {
    for (size_t j = 0; j < std::size(order); j++) {
      const int want = i < j ? -1 : i > j ? 1 : 0;
      EXPECT_EQ(compareVersions(order[i], order[j]), want) << order[i] << " " << order[j];
    }
  }
  EXPECT_EQ(compareVersions("v1.0.0+a", "v1.0.0+b"), 0);
  for (const char* bad : {"1.0.0", "v1.0.0.0", "v01.0.0", "v1.0.0-", "v1.0.0-01", "v1.0.0+", "v1."}) EXPECT_FALSE(isValidVersion(bad)) << bad;
  EXPECT_TRUE(isPseudoVersion("v0.0.0-20191109021931-daa7c04131f5"));
  EXPECT_TRUE(isPseudoVersion("v1.2.4-0.20191109021931-daa7c04131f5"));
  EXPECT_FALSE(isPseudoVersion("v1.2.3-rc.1"));
  EXPECT_TRUE(matchesPathMajor("v2.3.4", "/v2"));
  EXPECT_FALSE(matchesPathMajor("v2.3.4", ""));
  EXPECT_TRUE(matchesPathMajor("v3.0.0", ".v3"));
}

TEST(ModulePath, Sums) {
  // echo "module x" as go.mod
  EXPECT_EQ(base64("hello"), "aGVsbG8=");
  EXPECT_EQ(sha256("").substr(0, 4), "\xe3\xb0\xc4\x42");
  GoSum sums;
  std::string error;
  EXPECT_TRUE(sums.read("a v1.0.0 h1:x=\n\na v1.0.0/go.mod h1:y=\n", "go.sum", &error));
  EXPECT_EQ(sums.check({"a", "v1.0.0"}, "h1:x="), GoSum::State::Match);
  EXPECT_EQ(sums.check({"a", "v1.0.0"}, "h1:z="), GoSum::State::Mismatch);
  EXPECT_EQ(sums.check({"b", "v1.0.0"}, "h1:z="), GoSum::State::Missing);
  EXPECT_FALSE(sums.read("a b\n", "go.sum", &error));
  EXPECT_EQ(error, "malformed go.sum:\ngo.sum:1: wrong number of fields 2");
}

TEST(Embed, Patterns) {
  auto match = [](const char* pattern, const char* name) {
    bool bad = false;
    bool result = matchPath(pattern, name, &bad);
    return bad ? -1 : result ? 1 : 0;
  };
  EXPECT_EQ(match("*.txt", "a.txt"), 1);
  EXPECT_EQ(match("*.txt", "a/b.txt"), 0);
  EXPECT_EQ(match("a?c", "abc"), 1);
  EXPECT_EQ(match("a?c", "a/c"), 0);
  EXPECT_EQ(match("[a-c]x", "bx"), 1);
  EXPECT_EQ(match("[^a-c]x", "bx"), 0);
  EXPECT_EQ(match("a*b*c", "aXbYbZc"), 1);
  EXPECT_EQ(match("\\*", "*"), 1);
  EXPECT_EQ(match("[", "a"), -1);
  EXPECT_EQ(match("a[", "b"), -1);
  EXPECT_EQ(match("[]a]", "]"), -1);
  std::vector<std::pair<std::string, size_t>> patterns;
  EXPECT_TRUE(splitEmbedLine(" a \"b c\" `d`", &patterns));
  ASSERT_EQ(patterns.size(), 3u);
  EXPECT_EQ(patterns[1].first, "b c");
  EXPECT_EQ(patterns[1].second, 3u);
  EXPECT_FALSE(splitEmbedLine("\"a", &patterns));
}

}  // namespace
