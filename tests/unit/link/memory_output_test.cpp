#include "link/memory_output.h"

#include <gtest/gtest.h>

#include <fstream>

namespace burrow::link {
namespace {

TEST(MemoryOutput, BringsMoreThanAPipeHolds) {
  std::string content, error;
  for (int i = 0; content.size() < (5u << 20); i++) content += std::to_string(i);
  MemoryOutput output;
  ASSERT_TRUE(output.open(&error)) << error;
  std::ofstream(output.path(), std::ios::binary) << content;
  EXPECT_TRUE(output.finish() == content);
}

TEST(MemoryOutput, IsEmptyWhenNobodyWrites) {
  std::string error;
  MemoryOutput output;
  ASSERT_TRUE(output.open(&error)) << error;
  EXPECT_EQ(output.finish(), "");
  EXPECT_EQ(output.finish(), "");
}

}  // namespace
}  // namespace burrow::link
