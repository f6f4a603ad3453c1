// How modules are divided, and what the parts' objects have in common.
#include "codegen/codegen.h"
#include "codegen/parts.h"
#include "ir/text.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <set>

using namespace burrow;
using codegen::Partition;
using codegen::PartLimits;

namespace {

constexpr PartLimits kLimits{.part = 100, .function = 0, .copy = 10};

// A function of `values` values that calls the others.
std::string function(const std::string& name, unsigned line, size_t values, const std::vector<std::string>& calls = {},
                     const std::string& attributes = "external") {
  const bool isLiteral = attributes.starts_with("internal");
  std::string text = fmt::format("func \"{}\" {} func(int) int{} lines({}, {}) {{\n  scope 0 file 0 \"{}\" start {}\nb0(v1 int):\n",
                                 name, attributes, isLiteral ? " cost(5, literal)" : "", line, line + 1, name, line);
  size_t v = 1;
  for (const std::string& callee : calls) {
    text += fmt::format("  v{} int = call v{} @\"{}\" <func(int) int> !{}:1\n", v + 1, v, callee, line);
    v++;
  }
  for (; v < values; v++) text += fmt::format("  v{} int = mul v{}, v{} !{}:1\n", v + 1, v, v, line);
  return text + fmt::format("  return v{} !{}:2\n}}\n", v, line);
}

struct Program {
  explicit Program(const std::string& functions) : module(types) {
    std::string error;
    EXPECT_TRUE(ir::parse("module \"p\" \"p\"\nfile 0 \"/src/p.go\"\n" + functions, module, &error)) << error;
  }
  // The names of a part's functions.
  std::string names(const std::vector<uint32_t>& list) const {
    std::string text;
    for (uint32_t i : list) text += (text.empty() ? "" : " ") + module.functions[i]->name;
    return text;
  }
  ir::TypeTable types;
  ir::Module module;
};

TEST(Parts, ASmallPackageIsOne) {
  Program p(function("p.B", 20, 40) + function("p.A", 10, 50));
  Partition parts = codegen::partition(p.module, kLimits);
  ASSERT_TRUE(parts.isWhole());
  EXPECT_EQ(p.names(parts.parts[0].functions), "p.B p.A") << "as in the module";
}

TEST(Parts, SourceOrderAndLimit) {
  Program p(function("p.D", 40, 40) + function("p.A", 10, 60) + function("p.C", 30, 300) + function("p.B", 20, 45) +
            function("p.E", 50, 60) + function("p.F", 60, 10));
  Partition parts = codegen::partition(p.module, kLimits);
  ASSERT_EQ(parts.parts.size(), 5u);
  EXPECT_EQ(p.names(parts.parts[0].functions), "");
  EXPECT_EQ(p.names(parts.parts[1].functions), "p.A p.B");
  EXPECT_EQ(p.names(parts.parts[2].functions), "p.C") << "larger than a part";
  EXPECT_EQ(p.names(parts.parts[3].functions), "p.D p.E");
  EXPECT_EQ(p.names(parts.parts[4].functions), "p.F");
}

TEST(Parts, LiteralsStayWithTheirFunctions) {
  Program p(function("p.A", 10, 60) + function("p.B", 20, 60) + function("p.A.func1", 11, 30, {}, "internal") +
            function("p.A.func1.2", 12, 30, {}, "internal") + function("p.(*T).M", 30, 90) + function("p.(*T).M-range1", 31, 20, {}, "internal"));
  Partition parts = codegen::partition(p.module, kLimits);
  ASSERT_EQ(parts.parts.size(), 4u);
  EXPECT_EQ(p.names(parts.parts[1].functions), "p.A p.A.func1 p.A.func1.2");
  EXPECT_EQ(p.names(parts.parts[2].functions), "p.B");
  EXPECT_EQ(p.names(parts.parts[3].functions), "p.(*T).M p.(*T).M-range1");
}

TEST(Parts, CopiesAndWhatIsSeen) {
  Program p(function("p.A", 10, 100, {"p.small", "p.big"}) + function("p.small", 20, 5, {"p.big.func1", "p.smaller"}) +
            function("p.big", 30, 100) + function("p.big.func1", 31, 20, {}, "internal") + function("p.smaller", 40, 4) +
            function("p.big.func2", 32, 20, {}, "internal"));
  Partition parts = codegen::partition(p.module, kLimits);
  ASSERT_EQ(p.names(parts.parts[1].functions), "p.A");
  EXPECT_EQ(p.names(parts.parts[1].copies), "p.small p.smaller") << "also what copies call";
  auto visible = [&](const char* name) {
    for (size_t i = 0; i < p.module.functions.size(); i++) {
      if (p.module.functions[i]->name == name) return bool(parts.visible[i]);
    }
    return false;
  };
  EXPECT_TRUE(visible("p.big.func1")) << "a copy refers to it";
  EXPECT_FALSE(visible("p.big.func2"));
  std::set<std::string> defined;
  for (size_t i = 0; i < parts.parts.size(); i++) {
    for (const std::string& name : codegen::definedSymbols(p.module, parts, i)) EXPECT_TRUE(defined.insert(name).second) << name;
  }
  EXPECT_EQ(defined, (std::set<std::string>{"p.A", "p.small", "p.big", "p.big.func1", "p.smaller"}));
}

// What is called with a func value that is known comes along, and what that hands the func value on to (known_closures.cpp).
TEST(Parts, CopiesForKnownFuncValues) {
  auto calling = [](const char* name, const char* callee, const char* what) {
    std::string text = fmt::format("func \"{}\" external func(int, func(int) int) int {{\nb0(v1 int, v2 func(int) int):\n", name);
    size_t v = 3;
    for (; v < 90; v++) text += fmt::format("  v{} int = mul v1, v1\n", v);
    text += fmt::format("  v90 func(int) int = func @\"p.small\"\n  v91 int = {}\n  return v91\n}}\n", fmt::format(fmt::runtime(what), callee));
    return text;
  };
  const char* handOn = "call v1, v2 @\"{}\" <func(int, func(int) int) int>";
  const char* handKnown = "call v1, v90 @\"{}\" <func(int, func(int) int) int>";
  Program p(calling("p.A", "p.B", handKnown) + calling("p.B", "p.C", handOn) + calling("p.C", "", "callclosure v2, v1") +
            calling("p.D", "p.C", handOn) + function("p.small", 20, 5));
  Partition parts = codegen::partition(p.module, kLimits);
  for (const codegen::Part& part : parts.parts) {
    const std::string functions = p.names(part.functions), copies = p.names(part.copies);
    if (functions.starts_with("p.A")) EXPECT_EQ(copies, "p.B p.C p.small");
    if (functions.starts_with("p.D")) EXPECT_EQ(copies, "") << "what it hands on is not known";
  }
}

// Whatever was compiled before, a part is the same, byte for byte.
TEST(Parts, TheSameInAnyOrder) {
  const std::string text = "global \"p.x\" external int\n" + function("p.A", 10, 100, {"p.small", "p.big"}) +
                           function("p.small", 20, 5, {"p.big.func1"}) + function("p.big", 30, 100) +
                           function("p.big.func1", 31, 20, {}, "internal") + function("p.C", 50, 90, {"p.A"});
  std::vector<std::vector<uint8_t>> objects[2];
  for (bool backwards : {false, true}) {
    Program p(text);
    Partition parts = codegen::partition(p.module, kLimits);
    ASSERT_GT(parts.parts.size(), 3u);
    objects[backwards].resize(parts.parts.size());
    for (size_t k = 0; k < parts.parts.size(); k++) {
      codegen::CodegenOptions options;
      options.partition = &parts;
      options.part = backwards ? parts.parts.size() - 1 - k : k;
      codegen::CodegenResult result = codegen::compileModule(p.module, options);
      ASSERT_TRUE(result.ok()) << result.errors[0];
      objects[backwards][options.part] = result.object.elf;
      // Nobody's bytes but the part's own.
      const std::string_view elf(reinterpret_cast<const char*>(result.object.elf.data()), result.object.elf.size());
      EXPECT_EQ(elf.find(".text.p.C") != std::string_view::npos,
                p.names(parts.parts[options.part].functions).find("p.C") != std::string::npos);
    }
  }
  EXPECT_EQ(objects[0], objects[1]);
}

}  // namespace
