// Profiles from bytes: a message of Protocol Buffers made here, the text form, and what is neither.
#include "driver/profile_reader.h"

#include <gtest/gtest.h>

#include <initializer_list>

using namespace burrow;

namespace {

std::string varint(uint64_t v) {
  std::string out;
  for (; v >= 0x80; v >>= 7) out += static_cast<char>(v | 0x80);
  return out + static_cast<char>(v);
}
std::string number(unsigned field, uint64_t v) { return varint(field << 3) + varint(v); }
std::string bytes(unsigned field, const std::string& content) { return varint(field << 3 | 2) + varint(content.size()) + content; }
std::string packed(unsigned field, std::initializer_list<uint64_t> list) {
  std::string all;
  for (uint64_t v : list) all += varint(v);
  return bytes(field, all);
}

// main.main (from line 10) calls a.F (from 20) in its line 12; a.G (from 30) is inlined into a.F's line 23; it is in line 31.
std::string profile(uint64_t startLine = 10, const char* type = "samples") {
  std::string p = bytes(1, number(1, 1) + number(2, 2));
  p += bytes(2, packed(1, {2, 1}) + packed(2, {7}));
  p += bytes(2, packed(1, {1}) + packed(2, {3}));
  p += bytes(4, number(1, 1) + bytes(4, number(1, 1) + number(2, 12)));
  p += bytes(4, number(1, 2) + bytes(4, number(1, 3) + number(2, 31)) + bytes(4, number(1, 2) + number(2, 23)));
  p += bytes(5, number(1, 1) + number(2, 3) + number(5, startLine));
  p += bytes(5, number(1, 2) + number(2, 4) + number(5, 2 * startLine));
  p += bytes(5, number(1, 3) + number(2, 5) + number(5, 3 * startLine));
  for (const char* text : {"", type, "count", "main.main", "a.F", "a.G"}) p += bytes(6, text);
  return p;
}

TEST(ProfileReader, CallsAndLines) {
  std::string error;
  const auto p = driver::parseProfile(profile(), 99, &error);
  ASSERT_TRUE(p) << error;
  ASSERT_EQ(p->edges().size(), 2u);
  EXPECT_EQ(p->targets("main.main", 2)[0].callee, "a.F");
  EXPECT_EQ(p->targets("main.main", 2)[0].weight, 7);
  EXPECT_EQ(p->targets("a.F", 3)[0].callee, "a.G");
  EXPECT_EQ(p->samples("main.main", 2), 10);
  EXPECT_EQ(p->samples("a.F", 3), 7);
  EXPECT_EQ(p->samples("a.G", 1), 7);
}

TEST(ProfileReader, RecursionCountsOnce) {
  // main.main, then a.F in the same line of itself three times.
  std::string p = profile();
  p += bytes(2, packed(1, {2, 2, 2, 1}) + packed(2, {100}));
  std::string error;
  const auto read = driver::parseProfile(p, 99, &error);
  ASSERT_TRUE(read) << error;
  EXPECT_EQ(read->targets("main.main", 2)[0].weight, 107);
  EXPECT_EQ(read->targets("a.F", 3)[0].weight, 107);
  EXPECT_EQ(read->samples("a.G", 1), 107);
}

// Only time, no counts: weights stay what they are, samples are counted by the period.
TEST(ProfileReader, Nanoseconds) {
  std::string p = bytes(1, number(1, 6) + number(2, 7)) + profile() + bytes(6, "cpu") + bytes(6, "nanoseconds") + number(12, 2);
  std::string error;
  const auto read = driver::parseProfile(p, 99, &error);
  ASSERT_TRUE(read) << error;
  EXPECT_EQ(read->targets("main.main", 2)[0].weight, 7);
  EXPECT_EQ(read->samples("main.main", 2), 4);  // of 7 and of 3
}

TEST(ProfileReader, Text) {
  std::string error;
  const auto p = driver::parseProfile("GO PREPROFILE V1\nmain.main\na.F\n2 10\na.F\na.G[...]\n-3 4\n", 99, &error);
  ASSERT_TRUE(p) << error;
  EXPECT_EQ(p->targets("main.main", 2)[0].weight, 10);
  EXPECT_EQ(p->targets("a.F", -3)[0].callee, "a.G[...]");
}

TEST(ProfileReader, NothingIsAnEmptyProfile) {
  std::string error;
  for (const std::string& content : {std::string(), std::string("GO PREPROFILE V1\n")}) {
    const auto p = driver::parseProfile(content, 99, &error);
    ASSERT_TRUE(p) << error;
    EXPECT_TRUE(p->edges().empty());
  }
}

TEST(ProfileReader, Refuses) {
  const std::string whole = profile();
  const std::pair<std::string, std::string> cases[] = {
      {"garbage\n", "error parsing profile: parsing profile: unknown wire type: 7"},
      {whole.substr(0, whole.size() - 2), "error parsing profile: parsing profile: too much data"},
      {"\x1f\x8b\x08", "error parsing profile: decompressing profile: unexpected EOF"},
      {profile(0), "profile missing Function.start_line data (Go version of profiled application too old? Go 1.20+ automatically adds this to profiles)"},
      {profile(10, "space"), "profile does not contain a sample index with value/type \"samples/count\" or cpu/nanoseconds\""},
      {"GO PREPROFILE V1\na.F\n", "preprofiled"},
      {"GO PREPROFILE V1\na.F\na.G\n", "preprofiled"},
      {"GO PREPROFILE V1\na.F\na.G\nx 1\n", "preprofiled"},
      {"GO PREPROFILE V1\na.F\na.G\n1\n", "preprofiled"},
      {"GO PREPROFILE V1\na.F\na.G\n1 2 3\n", "preprofiled"},
  };
  for (const auto& [content, message] : cases) {
    std::string error;
    EXPECT_FALSE(driver::parseProfile(content, 99, &error)) << content;
    if (message == "preprofiled") {
      EXPECT_TRUE(error.starts_with("preprocessed profile entry ")) << error;
    } else {
      EXPECT_EQ(error, message);
    }
  }
  // Whatever is cut off or changed, it is a profile or an error.
  for (size_t i = 0; i < whole.size(); i++) {
    std::string error, changed = whole;
    driver::parseProfile(whole.substr(0, i), 99, &error);
    changed[i] = static_cast<char>(changed[i] ^ 0x55);
    driver::parseProfile(changed, 99, &error);
  }
}

}  // namespace
