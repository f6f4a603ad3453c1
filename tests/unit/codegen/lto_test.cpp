// Link-time optimisation: what an object says for it, what is planned, and what comes of an import.
#include "codegen/codegen.h"
#include "codegen/lto.h"
#include "codegen/lto_plan.h"
#include "ir/text.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

using namespace burrow;
using codegen::LtoFunction;
using codegen::LtoPart;
using codegen::LtoPlan;

namespace {

// ---- plans

LtoFunction function(std::string_view name, uint32_t size, std::vector<std::string_view> callees = {}, bool importable = true) {
  return {name, size, importable, std::move(callees)};
}

std::string planOf(const std::vector<LtoPart>& parts, uint32_t part, const codegen::LtoLimits& limits = {},
                   std::vector<uint32_t> packages = {}) {
  std::vector<codegen::LtoInput> inputs;
  for (uint32_t i = 0; i < parts.size(); i++) inputs.push_back({&parts[i], i < packages.size() ? packages[i] : i});
  std::string text;
  const LtoPlan plan = codegen::planImports(inputs, limits)[part];
  for (const auto& [from, functions] : plan) {
    for (std::string_view f : functions) text += fmt::format("{}{}:{}", text.empty() ? "" : " ", from, f);
  }
  return text;
}

LtoPart part(std::vector<LtoFunction> functions) { return {std::move(functions), {}, {}}; }

TEST(LtoPlan, SmallerWithEachStep) {
  std::vector<LtoPart> parts = {
      part({function("m.main", 10, {"a.near", "a.large"})}),
      part({function("a.near", 100, {"b.far", "b.tooLarge"}), function("a.large", 101)}),
      part({function("b.far", 70, {"b.small", "c.next"}), function("b.tooLarge", 71), function("b.small", 1)}),
      part({function("c.next", 49, {"m.main"})}),
  };
  EXPECT_EQ(planOf(parts, 0), "1:a.near 2:b.far 2:b.small 3:c.next");
  EXPECT_EQ(planOf(parts, 1), "0:m.main 2:b.far 2:b.small 2:b.tooLarge 3:c.next");
}

TEST(LtoPlan, WhatAPartHasItDoesNotImport) {
  std::vector<LtoPart> parts = {
      part({function("m.main", 10, {"a.f", "a.g"}), function("a.f", 5, {}, false)}),
      part({function("a.f", 5), function("a.g", 5)}),
  };
  EXPECT_EQ(planOf(parts, 0), "1:a.g") << "a copy of a.f is there";
}

TEST(LtoPlan, OnlyWhatMayBe) {
  std::vector<LtoPart> parts = {
      part({function("m.main", 10, {"a.f", "a.g", "no.where"})}),
      part({function("a.f", 5, {}, false), function("a.g", 5)}),
  };
  EXPECT_EQ(planOf(parts, 0), "1:a.g");
}

TEST(LtoPlan, OfSeveralDefinitionsTheOwnPackages) {
  std::vector<LtoPart> parts = {
      part({function("x.caller", 10, {"g.F[int]"})}),
      part({function("g.F[int]", 5)}),
      part({function("g.F[int]", 5)}),
  };
  EXPECT_EQ(planOf(parts, 0), "1:g.F[int]");
  EXPECT_EQ(planOf(parts, 0, {}, {7, 3, 7}), "2:g.F[int]");
}

TEST(LtoPlan, ALimitForThePart) {
  std::vector<LtoPart> parts = {
      part({function("m.main", 10, {"a.f", "a.g", "a.h"})}),
      part({function("a.f", 60), function("a.g", 60), function("a.h", 40)}),
  };
  EXPECT_EQ(planOf(parts, 0, {.perPart = 100}), "1:a.f 1:a.h");
}

// ---- objects

constexpr const char* kCallee = R"(module "dep" "dep"
file 0 "/src/dep.go"
func "dep.F" external func(int) int lines(3, 9) {
  scope 0 file 0 "dep.F" start 3
b0(v1 int):
  v2 int = call v1 @"dep.local" <func(int) int> !4:3
  v3 int = mul v2, v1 !5:3
  v4 int = add v3, v2 !6:3
  return v4 !8:2
}
func "dep.local" internal func(int) int noinline lines(11, 13) {
  scope 0 file 0 "dep.local" start 11
b0(v1 int):
  v2 int = mul v1, v1 !12:3
  return v2 !12:2
}
func "dep.Kept" external func(int) int noinline lines(20, 22) {
  scope 0 file 0 "dep.Kept" start 20
b0(v1 int):
  v2 int = call v1 @"dep.F" <func(int) int> !21:3
  return v2 !21:2
}
)";

constexpr const char* kCaller = R"(module "main" "main"
file 0 "/src/main.go"
func "dep.F" external func(int) int
func "main.caller" external func(int) int lines(10, 14) {
  scope 0 file 0 "main.caller" start 10
b0(v1 int):
  v2 int = call v1 @"dep.F" <func(int) int> !11:3
  return v2 !13:1
}
)";

std::vector<uint8_t> object(const char* text, bool lto = true) {
  ir::TypeTable types;
  ir::Module module(types);
  std::string error;
  EXPECT_TRUE(ir::parse(text, module, &error)) << error;
  codegen::CodegenOptions options;
  options.lto = lto;
  codegen::CodegenResult result = codegen::compileModule(module, options);
  EXPECT_TRUE(result.ok());
  return result.object.elf;
}

LtoPart partOf(const std::vector<uint8_t>& elf) {
  LtoPart p;
  std::string error;
  EXPECT_TRUE(codegen::readLtoPart({reinterpret_cast<const char*>(elf.data()), elf.size()}, &p, &error)) << error;
  return p;
}

bool contains(const std::vector<uint8_t>& bytes, std::string_view text) {
  return std::search(bytes.begin(), bytes.end(), text.begin(), text.end()) != bytes.end();
}

TEST(LtoObject, SaysWhatItHas) {
  const std::vector<uint8_t> elf = object(kCallee);
  const LtoPart p = partOf(elf);
  ASSERT_EQ(p.functions.size(), 3u);
  auto find = [&](std::string_view name) {
    return *std::find_if(p.functions.begin(), p.functions.end(), [&](const LtoFunction& f) { return f.name == name; });
  };
  EXPECT_TRUE(find("dep.F").importable);
  EXPECT_TRUE(find("dep.F").callees.empty()) << "it must not inline what it calls";
  EXPECT_GT(find("dep.F").size, find("dep.local").size) << "which goes along";
  EXPECT_FALSE(find("dep.local").importable) << "others do not see it";
  EXPECT_FALSE(find("dep.Kept").importable) << "noinline";
  const std::vector<uint8_t> caller = object(kCaller);
  EXPECT_EQ(partOf(caller).functions.at(0).callees, std::vector<std::string_view>{"dep.F"});
}

TEST(LtoObject, NothingWithoutTheFlag) {
  const std::vector<uint8_t> elf = object(kCallee, false);
  EXPECT_TRUE(partOf(elf).functions.empty());
  EXPECT_TRUE(partOf(elf).bitcode.empty());
}

TEST(LtoObject, DamageIsSeen) {
  std::vector<uint8_t> elf = object(kCallee);
  constexpr std::string_view kMagic = "burwlto1";
  auto at = std::search(elf.begin(), elf.end(), kMagic.begin(), kMagic.end());
  ASSERT_NE(at, elf.end());
  std::fill(at + 8, at + 16, uint8_t{0xff});
  LtoPart p;
  std::string error;
  EXPECT_FALSE(codegen::readLtoPart({reinterpret_cast<const char*>(elf.data()), elf.size()}, &p, &error));
  EXPECT_EQ(error, "damaged section .burrow.lto");
}

TEST(LtoImport, IsInlined) {
  const std::vector<uint8_t> caller = object(kCaller), callee = object(kCallee);
  const LtoPart to = partOf(caller), from = partOf(callee);
  codegen::CodegenOptions options;
  codegen::CodegenResult without = codegen::compileWithImports(to, {}, options);
  ASSERT_TRUE(without.ok());
  EXPECT_FALSE(contains(without.object.functab, "dep.F"));
  const codegen::LtoImport import{&from, {"dep.F"}};
  codegen::CodegenResult with = codegen::compileWithImports(to, {&import, 1}, options);
  ASSERT_TRUE(with.ok()) << with.errors[0];
  // The function table lists the inlined call, and what came along as a function of this object.
  EXPECT_TRUE(contains(with.object.functab, "dep.F"));
  EXPECT_TRUE(contains(with.object.elf, ".text.dep.local"));
  EXPECT_FALSE(contains(with.object.elf, ".text.dep.F"));
  EXPECT_EQ(with.object.elf, codegen::compileWithImports(to, {&import, 1}, options).object.elf);
}

TEST(LtoImport, WhatIsNotThere) {
  const std::vector<uint8_t> caller = object(kCaller), callee = object(kCallee);
  const LtoPart to = partOf(caller), from = partOf(callee);
  const codegen::LtoImport import{&from, {"dep.G"}};
  codegen::CodegenResult result = codegen::compileWithImports(to, {&import, 1}, {});
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.errors[0], "internal error: imported function is not there: dep.G");
}

}  // namespace
