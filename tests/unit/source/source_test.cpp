// Positions, files, diagnostics, the arena.
#include "source/arena.h"
#include "source/diagnostic.h"

#include <gtest/gtest.h>

namespace burrow::source {
namespace {

TEST(Positions, LinesAndColumns) {
  SourceFiles files;
  SourceFile* a = files.add("a.go", "ab\ncd\n");
  SourceFile* b = files.add("b.go", "x");
  a->indexLines();
  b->indexLines();
  EXPECT_EQ(files.position(a->pos(0)).str(), "a.go:1:1");
  EXPECT_EQ(files.position(a->pos(2)).str(), "a.go:1:3");
  EXPECT_EQ(files.position(a->pos(3)).str(), "a.go:2:1");
  EXPECT_EQ(files.position(a->pos(6)).str(), "a.go:3:1");  // the end of the file
  EXPECT_EQ(files.position(b->pos(0)).str(), "b.go:1:1");
  EXPECT_EQ(files.position(b->pos(1)).str(), "b.go:1:2");
  EXPECT_EQ(files.file(a->pos(6)), a);
  EXPECT_EQ(files.file(Pos{}), nullptr);
  EXPECT_FALSE(files.position(Pos{}).isValid());
}

TEST(Positions, LineDirectives) {
  SourceFiles files;
  SourceFile* f = files.add("a.go", "a\nb\nccc\nd");
  f->indexLines();
  f->lineDirectives = {{2, "x.y", 10, 0}, {5, "z.y", 7, 20}};
  EXPECT_EQ(files.position(f->pos(0)).str(), "a.go:1:1");
  EXPECT_EQ(files.position(f->pos(2)).str(), "x.y:10");
  EXPECT_EQ(files.position(f->pos(4)).str(), "x.y:11");
  EXPECT_EQ(files.position(f->pos(6)).str(), "z.y:7:21");
  EXPECT_EQ(files.position(f->pos(8)).str(), "z.y:8:1");
  EXPECT_EQ(files.physical(f->pos(8)).str(), "a.go:4:1");
}

TEST(Files, UnreadableFilesAreErrors) {
  SourceFiles files;
  std::string error;
  EXPECT_EQ(files.read("/nonexistent/file.go", "f.go", &error), nullptr);
  EXPECT_EQ(error, "No such file or directory");
  EXPECT_EQ(files.read("/", "f.go", &error), nullptr);
  EXPECT_EQ(error, "is a directory");
}

inline constexpr DiagnosticKind kWrong{"Wrong", "wrong: {}"};

TEST(Diagnostics, SortedPrunedAndLimited) {
  SourceFiles files;
  SourceFile* f = files.add("a.go", "a\nb\nc\n");
  f->indexLines();
  Diagnostics d;
  d.report(f->pos(4), kWrong, "c");
  d.report(f->pos(0), kWrong, 1).notes.push_back({f->pos(2), "see here"});
  d.report(f->pos(4), kWrong, "c");
  d.sortAndPrune(files);
  EXPECT_EQ(d.render(files), "a.go:1:1: wrong: 1\n\ta.go:2:1: see here\na.go:3:1: wrong: c\n");

  Diagnostics early;
  early.report(f->pos(4), kWrong, "c");
  early.report(f->pos(2), kWrong, "b");
  early.report(f->pos(0), kWrong, "a");
  early.sortAndPrune(files, 2);
  EXPECT_EQ(early.render(files), "a.go:2:1: wrong: b\na.go:3:1: wrong: c\na.go:2:1: too many errors\n");
}

TEST(Diagnostics, FilesInTheOrderOfTheirFirstError) {
  SourceFiles files;
  SourceFile *a = files.add("a.go", "a\nb\n"), *b = files.add("b.go", "a\nb\n");
  a->indexLines();
  b->indexLines();
  Diagnostics d;
  d.report(b->pos(2), kWrong, 1);
  d.report(a->pos(0), kWrong, 2);
  d.report(b->pos(0), kWrong, 3);
  d.sortAndPrune(files);
  EXPECT_EQ(d.render(files), "b.go:1:1: wrong: 3\nb.go:2:1: wrong: 1\na.go:1:1: wrong: 2\n");
}

TEST(Diagnostics, FarColumnsAreNotSaid) {
  SourceFiles files;
  SourceFile* f = files.add("a.go", std::string(300, ' '));
  f->indexLines();
  Diagnostics d;
  d.report(f->pos(253), kWrong, 1);
  d.report(f->pos(254), kWrong, 2);
  d.sortAndPrune(files);
  EXPECT_EQ(d.render(files), "a.go:1:254: wrong: 1\na.go:1: wrong: 2\n");
}

TEST(Arena, DestroysInReverseOrder) {
  static std::string log;
  struct Noisy {
    char c;
    explicit Noisy(char c) : c(c) {}
    ~Noisy() { log += c; }
  };
  log.clear();
  {
    Arena arena;
    arena.make<Noisy>('a');
    arena.make<int>(1);
    arena.make<Noisy>('b');
  }
  EXPECT_EQ(log, "ba");
}

TEST(Arena, AlignsAndHoldsLargeBlocks) {
  Arena arena;
  arena.allocate(1, 1);
  auto p = reinterpret_cast<uintptr_t>(arena.allocate(8, 64));
  EXPECT_EQ(p % 64, 0u);
  char* big = static_cast<char*>(arena.allocate(1 << 20, 16));
  big[0] = big[(1 << 20) - 1] = 1;
  EXPECT_EQ(arena.copy(std::string_view("xyz")), "xyz");
  EXPECT_EQ(arena.copy(std::vector<int>{1, 2, 3}).size(), 3u);
}

}  // namespace
}  // namespace burrow::source
