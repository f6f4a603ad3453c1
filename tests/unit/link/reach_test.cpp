// The walk over what a program needs, on small objects that are assembled here: descriptors, itabs, facts about functions.
#include "link/reach.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace fs = std::filesystem;
using namespace burrow::link;

namespace {

// What the compiler writes, as text for the assembler.
std::string function(const std::string& name, const std::vector<std::string>& refs) {
  std::string text = fmt::format(".section \".text.{0}\",\"ax\",@progbits\n.globl \"{0}\"\n.type \"{0}\", @function\n\"{0}\":\n", name);
  for (const std::string& ref : refs) text += fmt::format(".quad \"{}\"\n", ref);
  return text + "ret\n";
}
std::string data(const std::string& section, const std::string& name, const std::string& content) {
  return fmt::format(".section {0},\"aG\",@progbits,\"{1}\",comdat\n.weak \"{1}\"\n\"{1}\":\n{2}\n", section, name, content);
}
std::string methodName(const std::string& name) { return data(".go.types", "type:.namedata." + name + ".", ".byte 1"); }
// A type of kind int with two methods of type func().
std::string typeWithMethods(const std::string& name, const std::string& m1, const std::string& m2) {
  std::string text = ".zero 20\n.byte 1\n.zero 2\n.byte 2\n.zero 24\n.long 0\n.short 2, 2\n.long 16, 0\n";
  for (const std::string& m : {m1, m2}) {
    text += fmt::format(".long \"type:.namedata.{1}.\", \"type:func()\", \"{0}.{1}\", \"{0}.{1}\"\n", name, m);
  }
  return data(".go.types", "type:" + name, text);
}
std::string interface(const std::string& name, const std::string& method) {
  return data(".go.types", "type:" + name,
              fmt::format(".zero 23\n.byte 20\n.zero 24\n.quad 0, \"type:{0}\" + 80, 1, 1\n.long \"type:.namedata.{1}.\", \"type:func()\"\n",
                          name, method));
}
std::string itab(const std::string& type, const std::string& iface, const std::string& method) {
  return data(".go.itabs", fmt::format("go:itab.{},{}", type, iface),
              fmt::format(".quad \"type:{1}\", \"type:{0}\", 0, \"{0}.{2}\"\n", type, iface, method));
}
std::string facts(const std::string& function, const std::vector<std::string>& list) {
  std::string text = fmt::format(".section .burrow.methods,\"e\",@progbits\n.asciz \"{}\"\n", function);
  for (const std::string& fact : list) text += fmt::format(".asciz \"{}\"\n", fact);
  return text + ".asciz \"\"\n";
}

// What the walk over the text comes to, from `start`: lines of -dumpdep.
std::string walk(const std::string& text, Reach& reach) {
  std::string pattern = (fs::temp_directory_path() / "burrow-reach-test.XXXXXX").string();
  const fs::path folder = mkdtemp(pattern.data());
  std::string lines, error;
  std::ofstream(folder / "in.s") << text;
  const std::string object = (folder / "a.o").string();
  if (std::system(("clang-22 -c " + (folder / "in.s").string() + " -o " + object).c_str()) == 0 && reach.addFile(object, &error)) {
    reach.dumpTo(&lines);
    reach.run({"start"});
  }
  EXPECT_EQ(error, "");
  fs::remove_all(folder);
  return lines;
}

bool reaches(const std::string& lines, const std::string& symbol) {
  return lines.find(" -> " + symbol + "\n") != std::string::npos || lines.find(" -> " + symbol + " <UsedInIface>\n") != std::string::npos;
}

const std::string kCat = methodName("Sound") + methodName("Sleep") + data(".go.types", "type:func()", ".zero 23\n.byte 19\n.zero 32") +
                         typeWithMethods("cat", "Sound", "Sleep") + interface("animal", "Sound") + itab("cat", "animal", "Sound") +
                         function("cat.Sound", {}) + function("cat.Sleep", {});

TEST(Reach, MethodsOfTypesInInterfacesThatAreCalled) {
  Reach reach;
  std::string lines = walk(kCat + function("start", {"type:cat"}) + facts("start", {"+Sound type:func()"}), reach);
  EXPECT_TRUE(reaches(lines, "cat.Sound")) << lines;
  EXPECT_FALSE(reaches(lines, "cat.Sleep")) << lines;
  std::string error;
  const std::vector<std::string> paths = reach.withoutDropped("", &error);
  ASSERT_EQ(paths.size(), 1u) << error;
  EXPECT_TRUE(paths[0].starts_with("/proc/self/fd/"));
  EXPECT_EQ(reach.counts().methods, 2u);
  EXPECT_EQ(reach.counts().droppedMethods, 1u);
}

TEST(Reach, NoInterfaceValueNoMethods) {
  Reach reach;
  const std::string lines = walk(kCat + function("start", {"type:cat"}) + facts("start", {"+Sound type:func()", "-type:cat"}), reach);
  EXPECT_TRUE(reaches(lines, "type:cat")) << lines;
  EXPECT_FALSE(reaches(lines, "cat.Sound")) << lines;
}

TEST(Reach, AnAssertedInterfacesMethodsCountAsCalled) {
  Reach reach;
  const std::string lines = walk(kCat + function("start", {"type:cat", "type:animal"}), reach);
  EXPECT_TRUE(reaches(lines, "cat.Sound")) << lines;
  EXPECT_FALSE(reaches(lines, "cat.Sleep")) << lines;
}

TEST(Reach, SlotsOfItabs) {
  Reach uncalled, called;
  std::string lines = walk(kCat + function("start", {"go:itab.cat,animal"}), uncalled);
  EXPECT_TRUE(reaches(lines, "type:cat")) << lines;
  EXPECT_FALSE(reaches(lines, "cat.Sound")) << lines;
  std::string error;
  EXPECT_EQ(uncalled.withoutDropped("", &error).size(), 1u) << error;
  EXPECT_EQ(uncalled.counts().droppedSlots, 1u);
  // Whoever calls it may be found after the itab.
  lines = walk(kCat + function("start", {"go:itab.cat,animal", "later"}) + function("later", {}) + facts("later", {"+Sound type:func()"}), called);
  EXPECT_TRUE(reaches(lines, "cat.Sound")) << lines;
}

TEST(Reach, ReflectMayCallAnyExportedMethod) {
  Reach reach;
  const std::string lines = walk(kCat + function("start", {"type:cat", "reflect.Value.Method"}) + function("reflect.Value.Method", {}), reach);
  EXPECT_TRUE(reaches(lines, "cat.Sound")) << lines;
  EXPECT_TRUE(reaches(lines, "cat.Sleep")) << lines;
}

TEST(Reach, TellsWhatIsMissing) {
  Reach reach;
  walk(function("start", {"elsewhere"}), reach);
  ASSERT_EQ(reach.undefined().size(), 1u);
  EXPECT_EQ(reach.undefined()[0].second, "elsewhere");
}

TEST(Reach, RefusesWhatIsNoObject) {
  Reach reach;
  std::string error;
  EXPECT_FALSE(reach.addFile("/nonexistent/a.o", &error));
  EXPECT_NE(error.find("/nonexistent/a.o"), std::string::npos);
  EXPECT_FALSE(reach.addFile("/proc/self/exe/no", &error));
  EXPECT_FALSE(reach.addFile(__FILE__, &error));
}

}  // namespace
