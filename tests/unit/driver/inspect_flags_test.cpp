// What `burrow inspect` makes of its words: what belongs to a view is taken, all else is refused with what is wrong.
#include "driver/inspect_flags.h"

#include <gtest/gtest.h>

namespace burrow::driver {
namespace {

std::string refused(const std::string& view, const std::vector<std::string>& words) {
  InspectFlags flags;
  std::string error;
  return parseInspectFlags(view, words, &flags, &error) ? "taken" : error;
}

TEST(InspectFlags, FlagsStandBeforeAndBehind) {
  InspectFlags f;
  std::string error;
  ASSERT_TRUE(parseInspectFlags("spans", {"-class=5", "12", "--state", "cached", "-at", "0xc000012000", "-json"}, &f, &error)) << error;
  EXPECT_EQ(f.words, std::vector<std::string>{"12"});
  EXPECT_EQ(f.sizeClass, 5u);
  EXPECT_EQ(f.at, 0xc000012000u);
  EXPECT_EQ(f.state, "cached");
  EXPECT_TRUE(f.json);
}

TEST(InspectFlags, WhatFollowsTheBootedProgramIsItsOwn) {
  InspectFlags f;
  std::string error;
  ASSERT_TRUE(parseInspectFlags("boot", {"-at", "main.f", "./p", "-json", "-x"}, &f, &error)) << error;
  EXPECT_EQ(f.words, (std::vector<std::string>{"./p", "-json", "-x"}));
  EXPECT_EQ(f.atFunction, "main.f");
  EXPECT_FALSE(f.json);
  EXPECT_EQ(refused("boot", {"-diff", "a"}), "boot -diff: which two executables?");
}

TEST(InspectFlags, AViewTakesItsOwnFlags) {
  EXPECT_EQ(refused("heap", {"-group", "1"}), "heap takes no -group");
  EXPECT_EQ(refused("heap", {"-nonsense", "1"}), "flag provided but not defined: -nonsense");
  EXPECT_EQ(refused("size", {"-html", "p"}), "size takes no -html");
  EXPECT_EQ(refused("nonsense", {}), "nonsense: unknown view");
  for (const char* view : {"heap", "spans", "goroutines", "waits", "sched", "gcwork", "objects", "what", "leak", "boot", "serve", "unwind", "snapshot", "types", "inits", "size", "pcsp"}) {
    EXPECT_NE(refused(view, {}), "taken") << view;
    EXPECT_EQ(refused(view, {"-o", "f", "-width", "90", "-colour=no", "a", "b"}).find("flag"), std::string::npos) << view;
  }
}

TEST(InspectFlags, AsManyTargetsAsTheViewTakes) {
  EXPECT_EQ(refused("heap", {"1", "2"}), "heap takes one target: \"2\" is one too many");
  EXPECT_EQ(refused("leak", {"a", "b", "c"}), "leak takes two targets: \"c\" is one too many");
  EXPECT_EQ(refused("leak", {"a"}), "leak: which two snapshots, cores or processes?");
  EXPECT_EQ(refused("pcsp", {"exe", "main.f", "main.g"}), "taken");
}

TEST(InspectFlags, ValuesNameSomething) {
  EXPECT_TRUE(refused("spans", {"-state", "x", "1"}).starts_with("invalid value \"x\" for flag -state: one of inuse, "));
  EXPECT_TRUE(refused("spans", {"-class", "68", "1"}).starts_with("invalid value \"68\" for flag -class: "));
  EXPECT_EQ(refused("spans", {"-class", "67", "1"}), "taken");
  EXPECT_EQ(refused("heap", {"-width", "12x", "1"}), "invalid value \"12x\" for flag -width: not a number");
  EXPECT_EQ(refused("heap", {"-width", "99999999999999999999", "1"}), "invalid value \"99999999999999999999\" for flag -width: not a number");
  EXPECT_EQ(refused("heap", {"1", "-exe"}), "flag needs an argument: -exe");
  EXPECT_EQ(refused("heap", {"-json=maybe", "1"}), "invalid boolean value \"maybe\" for -json");
}

TEST(InspectFlags, FormsAndFiltersThatConflict) {
  EXPECT_EQ(refused("waits", {"-json", "-dot", "1"}), "waits: -dot does not go with -json: one form at a time");
  EXPECT_EQ(refused("waits", {"-json=false", "-dot", "1"}), "taken");
  EXPECT_EQ(refused("spans", {"-full", "-empty", "1"}), "spans: -empty does not go with -full: no span is both");
  EXPECT_EQ(refused("spans", {"-html", "-size", "8", "1"}), "spans: -size does not go with -html: the page has everything");
  EXPECT_EQ(refused("heap", {"-sample", "5", "-html", "1"}), "heap: -sample with -html needs -top, the number of samples");
  EXPECT_EQ(refused("heap", {"-sample", "5", "-top", "3", "-html", "1"}), "taken");
}

}  // namespace
}  // namespace burrow::driver
