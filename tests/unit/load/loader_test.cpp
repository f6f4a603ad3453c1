// From arguments to a graph of packages, over small trees of files: a GOROOT, an overlay and modules made for the test.
#include "load/loader.h"

#include "temp_folder.h"

#include <gtest/gtest.h>

using namespace burrow;
using load::Loader;
using load::Package;

namespace {

class LoaderTest : public testing::Test {
 protected:
  LoaderTest() {
    root_.write("goroot/src/runtime/asm.s", "");
    root_.write("goroot/src/runtime/proc.go", "package runtime\nimport _ \"internal/abi\"");
    root_.write("goroot/src/internal/abi/abi.go", "package abi");
    root_.write("goroot/src/internal/abi/abi_arm64.go", "package abi\nimport _ \"os\"");
    root_.write("goroot/src/internal/abi/abi_test.go", "package abi\nimport _ \"os\"");
    root_.write("goroot/src/fmt/fmt.go", "package fmt\nimport _ \"golang.org/x/text\"");
    root_.write("goroot/src/vendor/golang.org/x/text/t.go", "package text");
    root_.write("std/runtime/burrow.patch", "replace\n");
    root_.write("std/runtime/ours.go", "package runtime\nimport (_ \"internal/abi\"; _ \"unsafe\")");
    root_.write("m/go.mod", "module ex.com/m\ngo 1.25\n");
  }

  // Loads `arguments` from folder `cwd` below the test's.
  std::vector<Package*> load(std::vector<std::string> arguments, const std::string& cwd = "m") {
    load::LoadOptions options;
    options.goRoot = {root_ / "goroot", "go1.27.4"};
    options.overlay = root_ / "std";
    options.cwd = load::cleanPath(root_ / cwd);
    loader_ = std::make_unique<Loader>(options, files_, names_);
    return loader_->load(arguments);
  }
  // All errors, with the test's folder as ROOT.
  std::string errors() const {
    std::string text;
    for (const std::string& e : loader_->errors()) text += e + "\n";
    for (size_t at; (at = text.find(root_.path.string())) != std::string::npos;)
      text.replace(at, root_.path.string().size(), "ROOT");
    return text;
  }
  std::string order() const {
    std::string text;
    for (const Package* p : loader_->order()) text += p->importPath + " ";
    return text;
  }

  TempFolder root_;
  source::SourceFiles files_;
  syntax::StringTable names_;
  std::unique_ptr<Loader> loader_;
};

TEST_F(LoaderTest, PackagesAfterTheirImports) {
  root_.write("m/cmd/x/main.go", "package main\nimport (\"fmt\"; \"ex.com/m/b\")\n");
  root_.write("m/b/b.go", "package b");
  root_.write("m/b/b_windows.go", "package b\nimport \"nope\"");
  root_.write("m/b/tagged.go", "//go:build never\n\npackage b\nimport \"nope\"");
  root_.write("m/b/c.go", "package b\nimport \"C\"\nimport \"nope\"");
  auto roots = load({"./cmd/x"});
  EXPECT_EQ(errors(), "");
  ASSERT_EQ(roots.size(), 1u);
  EXPECT_EQ(roots[0]->importPath, "ex.com/m/cmd/x");
  EXPECT_EQ(roots[0]->symbolPath, "main");
  EXPECT_EQ(roots[0]->language, "go1.25");
  EXPECT_TRUE(roots[0]->isCommand);
  EXPECT_EQ(order(), "internal/abi runtime ex.com/m/b vendor/golang.org/x/text fmt ex.com/m/cmd/x ");
  EXPECT_EQ(loader_->find("runtime")->files.size(), 1u);
  EXPECT_TRUE(loader_->find("runtime")->files[0].isOurs);
  EXPECT_EQ(loader_->find("fmt")->resolved.at("golang.org/x/text")->importPath, "vendor/golang.org/x/text");
}

TEST_F(LoaderTest, FilesOfOneFolderWhateverTheirConstraints) {
  root_.write("f/a.go", "//go:build ignore\n\npackage main");
  root_.write("f/b_windows.go", "package main");
  auto roots = load({"a.go", "b_windows.go"}, "f");
  EXPECT_EQ(errors(), "");
  ASSERT_EQ(roots.size(), 1u);
  EXPECT_EQ(roots[0]->importPath, "command-line-arguments");
  EXPECT_EQ(roots[0]->files.size(), 2u);
  EXPECT_EQ(roots[0]->language, "go1.27");
  load({"a.go", "x"}, "f");
  EXPECT_EQ(errors(), "named files must be .go files: x\n");
  load({"nope.go"}, "f");
  EXPECT_EQ(errors(), "stat nope.go: no such file or directory\n");
}

TEST_F(LoaderTest, Cycles) {
  root_.write("m/a/a.go", "package a\nimport _ \"ex.com/m/b\"");
  root_.write("m/b/b.go", "package b\nimport _ \"ex.com/m/a\"");
  root_.write("m/main.go", "package main\nimport _ \"ex.com/m/a\"");
  EXPECT_TRUE(load({}).empty());
  EXPECT_EQ(errors(),
            "package ex.com/m\n\timports ex.com/m/a from main.go\n\timports ex.com/m/b from a.go\n"
            "\timports ex.com/m/a from b.go: import cycle not allowed\n");
  root_.write("m/self/a.go", "package self\nimport \"ex.com/m/self\"");
  load({"./self"});
  EXPECT_EQ(errors(), "package ex.com/m/self\n\timports ex.com/m/self from a.go: import cycle not allowed\n");
}

TEST_F(LoaderTest, MissingPackages) {
  root_.write("m/c/m.go",
              "package main\nimport (\n _ \"ex.com/m/nope\"\n _ \"foo/bar\"\n _ \"github.com/q/w\"\n _ \"../a\"\n _ "
              "\"a b\")\n");
  load({"./c"});
  EXPECT_EQ(errors(),
            "c/m.go:6:2: \"../a\" is relative, but relative import paths are not supported in module mode\n"
            "c/m.go:7:2: invalid import path: a b\n"
            "c/m.go:3:2: no required module provides package ex.com/m/nope; to add it:\n\tgo get ex.com/m/nope\n"
            "c/m.go:4:2: package foo/bar is not in std (ROOT/goroot/src/foo/bar)\n"
            "c/m.go:5:2: no required module provides package github.com/q/w; to add it:\n\tgo get github.com/q/w\n");
  root_.write("x.go", "package main\nimport \"github.com/q/w\"");
  load({"x.go"}, ".");
  EXPECT_EQ(errors(),
            "x.go:2:8: no required module provides package github.com/q/w: go.mod file not found in current directory "
            "or any parent directory; see 'go help modules'\n");
}

TEST_F(LoaderTest, FoldersThatAreNoPackages) {
  root_.write("m/two/a.go", "package a");
  root_.write("m/two/b.go", "package b");
  root_.write("m/win/x_windows.go", "package x");
  root_.write("m/tst/x_test.go", "package x");
  root_.write("m/empty/readme", "");
  root_.write("m/bo/m.go", "//go:build linux &&\n\npackage x");
  load({"./two", "./win", "./tst", "./empty", "./bo", "./nodir", ".."});
  EXPECT_EQ(errors(),
            "found packages a (a.go) and b (b.go) in ROOT/m/two\n"
            "package ex.com/m/win: build constraints exclude all Go files in ROOT/m/win\n"
            "ex.com/m/tst: no non-test Go files in ROOT/m/tst\n"
            "no Go files in ROOT/m/empty\n"
            "m.go: parsing //go:build line: unexpected end of expression\n"
            "stat ROOT/m/nodir: directory not found\n"
            "directory .. outside main module or its selected dependencies\n");
}

TEST_F(LoaderTest, WhoMayImportWhat) {
  root_.write("m/a/m.go",
              "package a\nimport _ \"internal/abi\"\nimport _ \"ex.com/m/d\"\nimport _ \"ex.com/m/in/internal/x\"");
  root_.write("m/d/d.go", "package main");
  root_.write("m/in/internal/x/x.go", "package x");
  root_.write("m/in/in.go", "package in\nimport _ \"ex.com/m/in/internal/x\"");
  load({"./in"});
  EXPECT_EQ(errors(), "");
  load({"./a"});
  EXPECT_EQ(errors(),
            "a/m.go:3:8: import \"ex.com/m/d\" is a program, not an importable package\n"
            "package ex.com/m/a\n\ta/m.go:4:8: use of internal package ex.com/m/in/internal/x not allowed\n"
            "package ex.com/m/a\n\ta/m.go:2:8: use of internal package internal/abi not allowed\n");
}

// A module's folder says nothing about its path: one below the other by path need not be so on the disk, and the reverse.
TEST_F(LoaderTest, InternalPackagesOfOtherModules) {
  root_.write("m/go.mod", "module ex.com/o/sub\ngo 1.25\nrequire ex.com/o v1.0.0\nreplace ex.com/o => ./in/o\n");
  root_.write("m/in/o/go.mod", "module ex.com/o\ngo 1.25\n");
  root_.write("m/in/o/internal/x/x.go", "package x");
  root_.write("m/a/a.go", "package a\nimport _ \"ex.com/o/internal/x\"");
  root_.write("m/a/a_test.go", "package a_test\nimport _ \"ex.com/o/internal/x\"");
  load({"./a"});
  EXPECT_EQ(errors(), "");
  load({"a.go"}, "m/a");
  EXPECT_EQ(errors(), "");
  root_.write("m/go.mod", "module ex.com/q\ngo 1.25\nrequire ex.com/o v1.0.0\nreplace ex.com/o => ./in/o\n");
  root_.write("m/in/in.go", "package in\nimport _ \"ex.com/o/internal/x\"");
  load({"./in"});
  EXPECT_EQ(errors(), "package ex.com/q/in\n\tin/in.go:2:8: use of internal package ex.com/o/internal/x not allowed\n");
}

TEST_F(LoaderTest, ModuleFiles) {
  root_.write("m/go.mod", "modul x\n");
  load({});
  EXPECT_EQ(errors(), "go: errors parsing go.mod:\ngo.mod:1: unknown directive: modul\n");
  root_.write("m/go.mod", "module x\ngo 1.99\n");
  load({});
  EXPECT_EQ(errors(), "go: go.mod requires go >= 1.99 (running go 1.27.4; GOTOOLCHAIN=local)\n");
  root_.write("plain/a.go", "package main");
  load({"."}, "plain");
  EXPECT_EQ(errors(),
            "go: go.mod file not found in current directory or any parent directory; see 'go help modules'\n");
}

TEST_F(LoaderTest, AllFoldersBelow) {
  root_.write("m/a/a.go", "package a");
  root_.write("m/a/testdata/x/x.go", "package x");
  root_.write("m/_b/b.go", "package b");
  root_.write("m/c/d/d.go", "package d");
  root_.write("m/other/go.mod", "module other");
  root_.write("m/other/o.go", "package other");
  EXPECT_EQ(load({"./..."}).size(), 2u);
  EXPECT_EQ(errors(), "");
}

TEST_F(LoaderTest, PatchesThatNoLongerFit) {
  root_.write("std/fmt/burrow.patch", "drop file gone.go\ndrop import \"golang.org/x/text\"\n");
  root_.write("m/m.go", "package main\nimport \"fmt\"");
  load({});
  EXPECT_EQ(errors(), "ROOT/std/fmt/burrow.patch:1: package fmt has no file gone.go to drop\n");
  root_.write("std/fmt/burrow.patch", "drop file fmt.go\n");
  root_.write("std/fmt/new.go", "package fmt");
  load({});
  EXPECT_EQ(errors(), "");
  EXPECT_EQ(order(), "fmt internal/abi runtime ex.com/m ");
}

TEST_F(LoaderTest, FilesThatAPatchChooses) {
  root_.write("goroot/src/fmt/fmt_amd64.go", "package fmt");
  root_.write("goroot/src/fmt/fmt_noasm.go", "//go:build !amd64\n\npackage fmt");
  root_.write("std/fmt/burrow.patch", "drop file fmt_amd64.go\nuse file fmt_noasm.go\n");
  root_.write("m/m.go", "package main\nimport \"fmt\"");
  load({});
  EXPECT_EQ(errors(), "");
  std::string names;
  for (const load::SourceEntry& f : loader_->find("fmt")->files) names += std::string(load::baseName(f.path)) + " ";
  EXPECT_EQ(names, "fmt.go fmt_noasm.go ");
  root_.write("std/fmt/burrow.patch", "use file gone.go\n");
  load({});
  EXPECT_EQ(errors(), "ROOT/std/fmt/burrow.patch:1: package fmt has no file gone.go to use\n");
}

}  // namespace
