// go.mod files and Go versions.
#include "load/go_mod.h"

#include <gtest/gtest.h>

using namespace burrow::load;

namespace {

using Errors = std::vector<std::string>;

TEST(GoMod, ReadsWhatItNeeds) {
  Errors errors;
  GoMod mod = parseGoMod(R"(// comment
module example.com/m // another

go 1.26.1
toolchain go1.27.0

require example.com/a v1.2.3
require (
	example.com/b v0.0.1 // indirect
	"example.com/c" v1.2.0
)
replace example.com/a => ../a
replace (
	example.com/b v0.0.1 => example.com/fork v0.0.2
)
exclude example.com/x v1.0.0
retract [v1.0.0, v1.1.0] // oops
)",
                         "go.mod", &errors);
  EXPECT_EQ(errors, Errors{});
  EXPECT_EQ(mod.module, "example.com/m");
  EXPECT_EQ(mod.goVersion, "1.26.1");
  EXPECT_EQ(languageOf(mod.goVersion), "go1.26");
  ASSERT_EQ(mod.requires_.size(), 3u);
  EXPECT_EQ(mod.requires_[1].path, "example.com/b");
  EXPECT_TRUE(mod.requires_[1].indirect);
  EXPECT_FALSE(mod.requires_[2].indirect);
  ASSERT_EQ(mod.replaces.size(), 2u);
  EXPECT_EQ(mod.replaces[0].newPath, "../a");
  EXPECT_EQ(mod.replaces[1].oldVersion, "v0.0.1");
  EXPECT_EQ(mod.replaces[1].newVersion, "v0.0.2");
}

TEST(GoMod, TellsMistakes) {
  Errors errors;
  parseGoMod("modul x\ngo 1.x\nmodule a b\nrequire (\n a v1 v2\n", "go.mod", &errors);
  EXPECT_EQ(errors, (Errors{"go.mod:1: unknown directive: modul",
                            "go.mod:2: invalid go version '1.x': must match format 1.23.0",
                            "go.mod:3: usage: module module/path", "go.mod:5: usage: require module/path v1.2.3",
                            "go.mod:4: syntax error (unterminated block started here)"}));
}

TEST(GoMod, Versions) {
  for (const char* good : {"1", "1.21", "1.21.3", "1.21rc1", "1.18beta2"}) EXPECT_TRUE(isValidGoVersion(good)) << good;
  for (const char* bad : {"", "1.", "1.x", "v1.2", "1.21.", "1.021", "1.2.3.4", "1.21rc"})
    EXPECT_FALSE(isValidGoVersion(bad)) << bad;
  EXPECT_LT(compareGoVersions("1.9", "1.27.4"), 0);
  EXPECT_EQ(compareGoVersions("1.27", "1.27.0"), 0);
  EXPECT_GT(compareGoVersions("1.28", "1.27.4"), 0);
  EXPECT_EQ(languageOf(""), "go1.16");
}

}  // namespace
