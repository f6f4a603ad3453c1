// Which files of packages with assembly are compiled.
#include "load/choose_files.h"

#include "syntax/parser.h"

#include <gtest/gtest.h>

using namespace burrow;

namespace {

enum Where { Both, Here, Elsewhere };

class ChooseFilesTest : public testing::Test {
 protected:
  void file(const std::string& name, Where where, const std::string& declarations) {
    source::SourceFile* source = sources_.add(name, "package p\n" + declarations);
    source::Diagnostics diagnostics;
    syntax::ParseOptions options;
    load::CandidateFile file;
    file.tree = syntax::parseFile(*source, arena_, names_, options, diagnostics);
    EXPECT_TRUE(diagnostics.empty()) << name;
    file.here = where != Elsewhere;
    file.elsewhere = where != Here;
    file.isTest = name.ends_with("_test.go");
    files_.push_back(file);
    paths_.push_back(name);
  }
  std::string chosen() const {
    std::string text;
    std::vector<bool> taken = load::chooseFiles(files_);
    for (size_t i = 0; i < taken.size(); i++) {
      if (taken[i]) text += (text.empty() ? "" : " ") + paths_[i];
    }
    return text;
  }

  source::SourceFiles sources_;
  source::Arena arena_;
  syntax::StringTable names_;
  std::vector<load::CandidateFile> files_;
  std::vector<std::string> paths_;
};

}  // namespace

TEST_F(ChooseFilesTest, OnlyWhatTakesThePlaceOfAssembly) {
  file("use", Both, "func Use() int { return count(nil) }\nfunc Write() { bytes() }");
  file("count_amd64", Here, "func countAVX([]int) int\nfunc count(x []int) int { return countAVX(x) }");
  file("count_any", Elsewhere, "func count(x []int) int { return len(x) }");
  file("bytes_little", Here, "func bytes() {}\nfunc View() {}");
  file("bytes_any", Elsewhere, "func bytes() {}");
  EXPECT_EQ(chosen(), "use count_any bytes_little");
}

// What the machine can is asked in one place, and functions in place of assembly may do nothing but panic.
TEST_F(ChooseFilesTest, WhatTheMachineCanGoesWithIt) {
  file("use", Both, "func Use() { if fast() { sum() } }");
  file("has_amd64", Here, "const hasAVX = true");
  file("has_any", Elsewhere, "const hasAVX = false");
  file("fast_amd64", Here, "func fast() bool { return hasAVX }");
  file("fast_any", Elsewhere, "func fast() bool { return hasAVX }");
  file("sum_amd64", Here, "func sum()");
  file("sum_any", Elsewhere, "func sum() { panic(0) }");
  EXPECT_EQ(chosen(), "use has_any fast_any sum_any");
}

TEST_F(ChooseFilesTest, UsedTogether) {
  file("use", Both, "func Use() { if m := ask(1); m.fast { sum() } }\nfunc Other() { write() }");
  file("ask_amd64", Here, "func ask(int) (m struct{ fast bool }) { m.fast = true; return }");
  file("ask_any", Elsewhere, "func ask(int) (m struct{ fast bool }) { return }");
  file("sum_amd64", Here, "func sum()");
  file("sum_any", Elsewhere, "func sum() { panic(0) }");
  file("write_amd64", Here, "func write() {}");
  file("write_any", Elsewhere, "func write() {}");
  EXPECT_EQ(chosen(), "use ask_any sum_any write_amd64");
}

TEST_F(ChooseFilesTest, NothingInPlaceOfIt) {
  file("use", Both, "func Use() int { return 1 }\nfunc local() {}");
  file("abi_amd64", Here, "func Outside(int)\nfunc For() { Outside(1) }");
  file("abi_test.go", Here, "func TestOutside() { Outside(1) }");
  file("local_test.go", Here, "func TestLocal() { other := 1; _ = other }");
  file("other_any", Elsewhere, "func other() {}");
  file("linked", Here, "import _ \"unsafe\"\n//go:linkname now runtime.now\nfunc now() int64\nvar start = now()");
  EXPECT_EQ(chosen(), "use abi_amd64 local_test.go linked");
}

TEST_F(ChooseFilesTest, InitialisationWithAssembly) {
  file("use", Both, "var sum = inGo\nfunc inGo() {}");
  file("sum_amd64", Here, "func has() bool\nfunc ready() bool { return has() }\nfunc sumAVX()\nfunc init() { if ready() { sum = sumAVX } }");
  EXPECT_EQ(chosen(), "use");
}

TEST_F(ChooseFilesTest, InitialisationThatOthersNeed) {
  file("use", Both, "func Use() bool { return has }");
  file("has_amd64", Here, "var has = cpuid() != 0\nfunc cpuid() int");
  EXPECT_EQ(chosen(), "use has_amd64");
}

TEST_F(ChooseFilesTest, InitialisationOfTheSameVariable) {
  file("use", Both, "var sum func()");
  file("sum_amd64", Here, "func sumAVX()\nfunc init() { sum = sumAVX }");
  file("sum_any", Elsewhere, "func init() { sum = func() {} }");
  EXPECT_EQ(chosen(), "use sum_any");
}

TEST_F(ChooseFilesTest, NamesThatWouldBeMissing) {
  file("use", Both, "func (t *T) F() { t.sum() }\ntype T struct{}");
  file("sum_amd64", Here, "func (t *T) sum() { asm(table) }\nfunc asm(int)\nconst table = 1");
  file("sum_any", Elsewhere, "func (t *T) sum() { helper() }");
  file("helper_any", Elsewhere, "func helper() {}");
  file("uses_table", Here, "func more() int { return table }");
  file("more_any", Elsewhere, "func more() int { return 0 }");
  file("alone_any", Elsewhere, "func alone() {}");
  file("local_amd64", Here, "func local() { alone := 1; _ = alone }");
  EXPECT_EQ(chosen(), "use sum_any helper_any more_any local_amd64");
}

TEST_F(ChooseFilesTest, Tests) {
  file("use", Both, "func Use() int { return count(nil) }");
  file("count_amd64", Here, "func countAVX([]int) int\nfunc count(x []int) int { return countAVX(x) }");
  file("count_any", Elsewhere, "func count(x []int) int { return count2(x) }\nfunc count2(x []int) int { return len(x) }");
  file("bytes_little", Here, "func bytes() {}\nfunc View() {}");
  file("bytes_any", Elsewhere, "func bytes() {}\nfunc swapped() {}");
  file("use_test.go", Both, "func TestUse() { Use() }");
  file("avx_test.go", Here, "func TestAVX() { countAVX(nil) }\nfunc helper() {}");
  file("needs_helper_test.go", Here, "func TestHelper() { helper() }");
  file("view_test.go", Here, "func TestView() { View() }");
  file("view_any_test.go", Elsewhere, "func TestView() {}");
  file("count_any_test.go", Elsewhere, "func TestCount2() { count2(nil) }");
  file("swapped_test.go", Elsewhere, "func TestSwapped() { swapped() }");
  EXPECT_EQ(chosen(), "use count_any bytes_little use_test.go view_test.go count_any_test.go");
}
