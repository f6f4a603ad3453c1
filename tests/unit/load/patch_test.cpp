// Patches of standard library packages: reading them, applying them, and failing when they no longer fit.
#include "load/patch.h"

#include "syntax/parser.h"

#include <gtest/gtest.h>

using namespace burrow;
using load::parsePatch;
using load::Patch;

namespace {

using Errors = std::vector<std::string>;

struct Parsed {
  source::SourceFiles files;
  source::Arena arena;
  syntax::StringTable names;
  source::Diagnostics diagnostics;
  syntax::File* file;
  explicit Parsed(std::string text) {
    file = syntax::parseFile(*files.add("p.go", std::move(text)), arena, names, {}, diagnostics);
  }
  // What is declared, in order.
  std::string declared() const {
    std::string out;
    for (syntax::Decl* decl : file->decls) {
      if (auto* f = syntax::dynAs<syntax::FuncDecl>(decl)) {
        out += std::string(f->isMethod ? "method " : "func ") + std::string(f->name->name) + " ";
        continue;
      }
      for (syntax::Spec* spec : syntax::as<syntax::GenDecl>(decl)->specs) {
        if (auto* t = syntax::dynAs<syntax::TypeSpec>(spec)) out += std::string(t->name->name) + " ";
        if (auto* v = syntax::dynAs<syntax::ValueSpec>(spec))
          for (auto* name : v->names) out += std::string(name->name) + " ";
        if (auto* i = syntax::dynAs<syntax::ImportSpec>(spec)) out += std::string(i->path->value) + " ";
      }
    }
    return out;
  }
};

constexpr const char* kSource = R"(package p
import ("fmt"; "os")
type T struct{}
type ( A int; B[P any] int )
func F() {}
func (t T) M() {}
func (t *T) F() {}
func (b *B[P]) M() {}
var x, y = 1, 2
var z int
const ( c0 = iota; c1; c2 )
)";

TEST(Patch, DropsDeclarations) {
  Parsed p(kSource);
  ASSERT_TRUE(p.diagnostics.empty());
  Errors errors;
  Patch patch = parsePatch(R"(# what goes
drop import "os"
drop type A
drop func F      # not the method
drop method T.M
drop method B.M
drop var x
drop var z
drop const c1
)",
                           "burrow.patch", &errors);
  EXPECT_EQ(errors, Errors{});
  applyPatch(patch, *p.file);
  EXPECT_EQ(p.declared(), "\"fmt\" T B method F y c0 c2 ");
  EXPECT_EQ(p.file->imports.size(), 1u);
  EXPECT_EQ(unusedRules(patch, "p", false), Errors{});
}

TEST(Patch, SaysWhatIsGone) {
  Parsed p(kSource);
  Errors errors;
  Patch patch =
      parsePatch("drop file gone.go\ndrop func G\ndrop type T\ndrop method T.N\n", "std/p/burrow.patch", &errors);
  applyPatch(patch, *p.file);
  EXPECT_FALSE(patch.dropsFile("p.go"));
  EXPECT_EQ(unusedRules(patch, "p", false), (Errors{"std/p/burrow.patch:1: package p has no file gone.go to drop",
                                                    "std/p/burrow.patch:2: package p has no func G to drop",
                                                    "std/p/burrow.patch:4: package p has no method T.N to drop"}));
  EXPECT_EQ(unusedRules(patch, "p", true).size(), 1u);
}

TEST(Patch, RefusesWhatItDoesNotKnow) {
  Errors errors;
  parsePatch("add x.go\ndrop thing x\ndrop func\ndrop method M\ndrop func a b\nreplace\n", "f", &errors);
  EXPECT_EQ(errors, (Errors{"f:1: unknown directive: add", "f:2: unknown kind of declaration: thing",
                            "f:3: drop func: name missing", "f:4: drop method: name missing", "f:5: unexpected text: b",
                            "f:6: replace leaves nothing to drop"}));
}

}  // namespace
