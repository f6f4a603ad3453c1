// -overlay: what is there, what is gone, what folders list.
#include "load/overlay.h"

#include "load/embed.h"
#include "temp_folder.h"

#include <gtest/gtest.h>

using namespace burrow::load;

namespace {

class OverlayTest : public testing::Test {
 protected:
  OverlayTest() {
    root_.write("a/one.txt", "one");
    root_.write("a/two.txt", "two");
    root_.write("a/sub/x.txt", "x");
    root_.write("other", "other");
  }
  std::string text(const std::string& name) const {
    std::string content, error;
    return overlay_.readFile(root_ / name, &content, &error) ? content : error;
  }
  std::string list(const std::string& name) const {
    std::vector<DirEntry> entries;
    std::string error, out;
    if (!overlay_.readDir(root_ / name, &entries, &error)) return error;
    for (const DirEntry& e : entries) out += e.name + (e.isDir ? "/ " : " ");
    return out;
  }
  TempFolder root_;
  Overlay overlay_;
};

TEST_F(OverlayTest, WithoutItTheDiskCounts) {
  EXPECT_EQ(list("a"), "one.txt sub/ two.txt ");
  EXPECT_EQ(text("a/one.txt"), "one");
  EXPECT_TRUE(overlay_.isDir(root_ / "a") && overlay_.isFile(root_ / "other") && !overlay_.fileExists(root_ / "none"));
}

TEST_F(OverlayTest, FilesThatAreReplacedAddedAndGone) {
  overlay_.add(root_ / "a/one.txt", root_ / "other");
  overlay_.add(root_ / "a/two.txt", "");
  overlay_.add(root_ / "a/three.txt", root_ / "other");
  overlay_.add(root_ / "a/new/deep/y.txt", root_ / "other");
  EXPECT_EQ(list("a"), "new/ one.txt sub/ three.txt ");
  EXPECT_EQ(list("a/new"), "deep/ ");
  EXPECT_EQ(list("a/new/deep"), "y.txt ");
  EXPECT_EQ(list("a/sub"), "x.txt ");
  EXPECT_EQ(text("a/one.txt"), "other");
  EXPECT_EQ(text("a/new/deep/y.txt"), "other");
  EXPECT_EQ(text("a/two.txt"), "open " + (root_ / "a/two.txt") + ": deleted in overlay");
  EXPECT_TRUE(overlay_.isDir(root_ / "a/new") && overlay_.isFile(root_ / "a/three.txt"));
  EXPECT_FALSE(overlay_.fileExists(root_ / "a/two.txt"));
}

TEST_F(OverlayTest, AFileInTheFoldersPlace) {
  overlay_.add(root_ / "a/sub", root_ / "other");
  EXPECT_EQ(list("a"), "one.txt sub two.txt ");
  EXPECT_FALSE(overlay_.fileExists(root_ / "a/sub/x.txt"));
  overlay_.add(root_ / "a/sub/x.txt", root_ / "other");
  EXPECT_EQ(overlay_.contradiction(),
            "inconsistent files " + (root_ / "a/sub") + " and " + (root_ / "a/sub/x.txt") + " in overlay map");
}

TEST_F(OverlayTest, FoldersOfFilesThatAreGone) {
  overlay_.add(root_ / "none/x", "");
  EXPECT_EQ(list("none"), "open " + (root_ / "none") + ": no such file or directory");
  EXPECT_EQ(overlay_.replacedAround(root_ / "none"), root_ / "none/x");
  EXPECT_EQ(overlay_.replacedAround(root_ / "none/x/y"), root_ / "none/x");
  EXPECT_EQ(overlay_.replacedAround(root_ / "non"), "");
}

TEST_F(OverlayTest, EmbeddedFiles) {
  overlay_.add(root_ / "a/two.txt", "");
  overlay_.add(root_ / "a/sub/y.txt", root_ / "other");
  std::vector<std::string> files;
  std::string error;
  ASSERT_TRUE(resolveEmbed(overlay_, root_ / "a", "*.txt", &files, &error)) << error;
  ASSERT_TRUE(resolveEmbed(overlay_, root_ / "a", "sub", &files, &error)) << error;
  EXPECT_EQ(files, (std::vector<std::string>{"one.txt", "sub/x.txt", "sub/y.txt"}));
  files.clear();
  EXPECT_FALSE(resolveEmbed(overlay_, root_ / "a", "two.txt", &files, &error));
}

}  // namespace
