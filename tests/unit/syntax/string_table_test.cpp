// Interning.
#include "syntax/string_table.h"

#include <gtest/gtest.h>

#include <string>

namespace burrow::syntax {
namespace {

TEST(StringTable, EqualNamesAreTheSame) {
  StringTable t;
  std::string a = "abc", b = "abc", c = "abd";
  EXPECT_TRUE(sameName(t.intern(a), t.intern(b)));
  EXPECT_FALSE(sameName(t.intern(a), t.intern(c)));
  EXPECT_FALSE(sameName(t.intern(""), t.intern(c)));
  EXPECT_EQ(t.intern(c), "abd");
  EXPECT_EQ(t.size(), 3u);
}

TEST(StringTable, Grows) {
  StringTable t;
  std::vector<std::string_view> all;
  for (int i = 0; i < 20'000; i++) all.push_back(t.intern("name" + std::to_string(i)));
  for (int i = 0; i < 20'000; i++) {
    std::string s = "name" + std::to_string(i);
    EXPECT_EQ(all[static_cast<size_t>(i)], s);
    EXPECT_TRUE(sameName(t.intern(s), all[static_cast<size_t>(i)]));
  }
}

}  // namespace
}  // namespace burrow::syntax
