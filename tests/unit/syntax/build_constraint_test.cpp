// Build constraints: the language, tags, file names, headers.
#include "syntax/build_constraint.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace burrow::syntax {
namespace {

std::string parsed(std::string_view expression) {
  ConstraintError error;
  auto c = parseGoBuild("//go:build " + std::string(expression), &error);
  return c ? c->str() : fmt::format("{}: {}", error.offset, error.message);
}

TEST(BuildConstraint, Parse) {
  EXPECT_EQ(parsed("linux"), "linux");
  EXPECT_EQ(parsed("linux && !cgo || (darwin && amd64)"), "(linux && !cgo) || (darwin && amd64)");
  EXPECT_EQ(parsed("!(a || b) && c"), "!(a || b) && c");
  EXPECT_EQ(parsed("go1.21 && 386 && a_b.c"), "go1.21 && 386 && a_b.c");
}

TEST(BuildConstraint, ParseErrors) {
  EXPECT_EQ(parsed(""), "0: unexpected end of expression");
  EXPECT_EQ(parsed("a &&"), "4: unexpected end of expression");
  EXPECT_EQ(parsed("a & b"), "2: invalid syntax at &");
  EXPECT_EQ(parsed("!!a"), "1: double negation not allowed");
  EXPECT_EQ(parsed("(a"), "0: missing close paren");
  EXPECT_EQ(parsed("("), "1: missing close paren");
  EXPECT_EQ(parsed("a b"), "2: unexpected token b");
  EXPECT_EQ(parsed("a)"), "1: unexpected token )");
  EXPECT_EQ(parsed("a, b"), "1: invalid syntax at ,");
  EXPECT_EQ(parsed("a-b"), "1: invalid syntax at -");
  std::string large = "a";
  for (int i = 0; i < 1000; i++) large += "||a";
  EXPECT_EQ(parsed(large).substr(parsed(large).find(' ') + 1), "build expression too large");
  ConstraintError error;
  EXPECT_FALSE(parseGoBuild("//go:buildx", &error));
  EXPECT_EQ(error.message, "not a build constraint");
}

TEST(BuildConstraint, LinesAreRecognised) {
  EXPECT_TRUE(isGoBuildLine("//go:build linux"));
  EXPECT_TRUE(isGoBuildLine("//go:build\tlinux \r\n"));
  EXPECT_TRUE(isGoBuildLine("//go:build"));
  EXPECT_FALSE(isGoBuildLine("// go:build linux"));
  EXPECT_FALSE(isGoBuildLine("//go:builder"));
}

std::string version(std::string_view expression) {
  ConstraintError error;
  auto c = parseGoBuild("//go:build " + std::string(expression), &error);
  return c ? impliedGoVersion(*c) : "error";
}

TEST(BuildConstraint, ImpliedVersion) {
  EXPECT_EQ(version("go1.18"), "go1.18");
  EXPECT_EQ(version("linux"), "");
  EXPECT_EQ(version("go1"), "go1");
  EXPECT_EQ(version("go1.18 && go1.21"), "go1.21");
  EXPECT_EQ(version("go1.18 || go1.21"), "go1.18");
  EXPECT_EQ(version("go1.18 || linux"), "");
  EXPECT_EQ(version("!go1.18"), "");
  EXPECT_EQ(version("linux && !(windows || !go1.20)"), "go1.20");
}

TEST(BuildConstraint, Tags) {
  BuildContext c;
  c.tags = {"purego", "goexperiment.boringcrypto"};
  for (const char* yes : {"linux", "amd64", "gc", "unix", "go1.1", "go1.27", "purego", "boringcrypto"}) {
    EXPECT_TRUE(c.matchTag(yes)) << yes;
  }
  for (const char* no : {"windows", "arm64", "gccgo", "cgo", "go1.28", "go1.0", "go1.x", "ignore", "go1."}) {
    EXPECT_FALSE(c.matchTag(no)) << no;
  }
  c.cgo = true;
  EXPECT_TRUE(c.matchTag("cgo"));
  c.goos = "android";
  EXPECT_TRUE(c.matchTag("linux"));
}

TEST(BuildConstraint, FileNames) {
  BuildContext c;
  for (const char* yes : {"a.go", "linux.go", "a_linux.go", "a_amd64.go", "a_linux_amd64.go", "a_linux_test.go",
                          "a_linux_amd64_test.go", "a_foo.go", "windows_test.go", "amd64.go", "x_linux.s", "a_unix.go",
                          "a_windows_foo.go"}) {
    EXPECT_TRUE(c.matchFileName(yes)) << yes;
  }
  for (const char* no : {"a_windows.go", "a_arm64.go", "a_linux_arm64.go", "a_windows_amd64.go", "a_windows_test.go",
                         "_windows.go", "a_js_wasm.go", "a_arm.pb.go", "a_wasip1.go", "a_linux_s390x_test.go"}) {
    EXPECT_FALSE(c.matchFileName(no)) << no;
  }
}

TEST(BuildConstraint, Headers) {
  BuildContext c;
  auto match = [&](std::string_view text) {
    HeaderMatch m = matchHeader(text, c);
    return m.error ? *m.error : m.match ? "yes" + m.goVersion : "no";
  };
  EXPECT_EQ(match("package p\n"), "yes");
  EXPECT_EQ(match("//go:build linux\n\npackage p\n"), "yes");
  EXPECT_EQ(match("//go:build windows\npackage p\n"), "no");
  EXPECT_EQ(match("\xEF\xBB\xBF//go:build windows\npackage p\n"), "no");
  EXPECT_EQ(match("// c\n/* d\n*/ /* e */\n//go:build go1.22\npackage p\n"), "yesgo1.22");
  EXPECT_EQ(match("package p\n//go:build windows\n"), "yes");
  EXPECT_EQ(match("/*\n//go:build windows\n*/\npackage p\n"), "yes");
  EXPECT_EQ(match("//go:build linux\n//go:build amd64\npackage p\n"), "multiple //go:build comments");
  EXPECT_EQ(match("//go:build &&\npackage p\n"), "parsing //go:build line: unexpected token &&");
  EXPECT_EQ(match("// +build windows\n\npackage p\n"), "no");
  EXPECT_EQ(match("// +build windows\npackage p\n"), "yes");
  EXPECT_EQ(match("// +build windows linux,!cgo\n// +build amd64\n\npackage p\n"), "yes");
  EXPECT_EQ(match("//go:build linux\n// +build windows\n\npackage p\n"), "yes");
  EXPECT_EQ(match("// +build !!linux\n\npackage p\n"), "no");
}

}  // namespace
}  // namespace burrow::syntax
