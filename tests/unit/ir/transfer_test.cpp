// Bodies that go from one module to another.
#include "ir/text.h"
#include "ir/transfer.h"
#include "ir/verify.h"

#include <gtest/gtest.h>

using namespace burrow::ir;

namespace {

constexpr const char* kExporter = R"(module "a" "a"
file 0 "/a/other.go"
file 1 "/a/a.go"
type "a.T" = struct { x int; next *"a.U" } pkg "a"
type "a.U" = struct { t "a.T" } pkg "a"
type "a.L[int]" = struct { v int } pkg "a"
method *"a.T" M "" func() int = "a.(*T).M" "a.(*T).M"
method *"a.L[int]" M "" func() = "a.(*L[int]).M" "a.(*L[int]).M"
descriptor "a.T"
descriptor *"a.T"
descriptor "a.U"
descriptor *"a.U"
global "a.v" external int data "\x07"
global "a..stmp_0" internal int readonly data "\x07"
func "a.helper" internal func(int) int cost(99) {
b0(v1 int):
  return v1
}
func "a.F" external func(*"a.T") int cost(9) lines(3, 5) {
  scope 0 file 1 "a.F" start 3
b0(v1 *"a.T"):
  v2 *int = fieldaddr v1 #0 !4:2
  v3 int = load v2
  v4 *int = global @"a.v"
  v5 int = load v4
  v6 int = add v3, v5
  v7 int = call v6 @"a.helper" <func(int) int>
  return v7
}
func "a.Static" external func() int cost(9) {
  scope 0 file 1 "a.Static" start 8
b0:
  v1 *int = global @"a..stmp_0"
  v2 int = load v1
  return v2
}
func "a.Box" external func(*"a.T") interface {} cost(9) {
  scope 0 file 1 "a.Box" start 7
b0(v1 *"a.T"):
  v2 interface {} = makeiface v1 <*"a.T">
  return v2
}
func "a.Instance" external func(*"a.L[int]") interface {} cost(9) {
  scope 0 file 1 "a.Instance" start 9
b0(v1 *"a.L[int]"):
  v2 interface {} = makeiface v1 <*"a.L[int]">
  return v2
}
)";

const PackageSet kVisible{true};

struct Exported {
  TypeTable types;
  Module module{types};
  bool f = false, box = false, instance = false;
  BodyStore store;
  Exported() {
    std::string error;
    EXPECT_TRUE(parse(kExporter, module, &error)) << error;
    BodyExporter exporter(module);
    f = exporter.add(*module.function("a.F"));
    box = exporter.add(*module.function("a.Box"));
    instance = exporter.add(*module.function("a.Instance"));
    store.add(0, exporter.finish());
  }
};

TEST(Transfer, WhatABodyNeedsBecomesVisible) {
  Exported e;
  EXPECT_TRUE(e.f);
  EXPECT_EQ(e.module.function("a.helper")->linkage, Linkage::External);
}

TEST(Transfer, ABodyArrivesWithItsTypesAndPlaces) {
  Exported e;
  TypeTable types;
  Module to(types);
  to.path = to.name = "b";
  to.files = {"/b/b.go"};
  BodyImporter importer(to, e.store, kVisible);
  const Function* f = importer.find("a.F");
  ASSERT_NE(f, nullptr);
  EXPECT_EQ(importer.find("a.F"), f);
  EXPECT_EQ(to.function("a.F"), nullptr);  // not the module's
  ASSERT_NE(to.function("a.helper"), nullptr);
  EXPECT_FALSE(to.function("a.helper")->hasBody);
  ASSERT_NE(to.global("a.v"), nullptr);
  EXPECT_TRUE(to.global("a.v")->external);
  EXPECT_EQ(to.files[f->scopes[0].file], "/a/a.go");
  EXPECT_EQ(f->inlining.cost, 9);
  const TypeId t = types.named("a.T");
  EXPECT_EQ(types.sizeOf(t), 16);
  EXPECT_TRUE(types[t].external);
  EXPECT_EQ(types.sizeOf(types.named("a.U")), 16);
  for (const std::string& p : verify(to, *f)) ADD_FAILURE() << p;
}

TEST(Transfer, MethodTablesComeWithConversions) {
  Exported e;
  TypeTable types;
  Module to(types);
  BodyImporter importer(to, e.store, kVisible);
  ASSERT_NE(importer.find("a.F"), nullptr);
  EXPECT_FALSE(types.hasMethods(types.pointer(types.named("a.T"))));
  ASSERT_NE(importer.find("a.Box"), nullptr);
  ASSERT_TRUE(types.hasMethods(types.pointer(types.named("a.T"))));
  EXPECT_EQ(types.methodsOf(types.pointer(types.named("a.T")))[0].tfn, "a.(*T).M");
}

TEST(Transfer, NumberedDataKeepABodyAtHome) {
  Exported e;
  BodyExporter exporter(e.module);
  EXPECT_FALSE(exporter.add(*e.module.function("a.Static")));
  EXPECT_EQ(e.module.global("a..stmp_0")->linkage, Linkage::Internal);
}

// Its descriptor would be the importer's to emit, and it has none of the methods.
TEST(Transfer, DescriptorsOfInstancesKeepABodyAtHome) {
  Exported e;
  EXPECT_FALSE(e.instance);
  EXPECT_TRUE(e.store.function("a.Instance", kVisible).empty());
}

// A package under test is there twice: as others were compiled against it, and with the methods that its tests add.
TEST(Transfer, RecordsCountForImporters) {
  const std::string plain = "methods 3 6\na.Tmethod\n", more = "methods 3 13\na.Tmethod method\n";
  BodyStore store;
  store.add(7, more);
  store.add(2, plain);
  const auto only = [](uint32_t package) {
    PackageSet set(package + 1);
    set[package] = true;
    return set;
  };
  EXPECT_EQ(store.methods("a.T", only(2)), "method");
  EXPECT_EQ(store.methods("a.T", only(7)), "method method");
  EXPECT_EQ(store.methods("a.T", only(5)), "");
  EXPECT_EQ(store.methods("a.T", {}), "");
  // Of several the same one, in whatever order a command has its packages.
  EXPECT_EQ(store.methods("a.T", PackageSet(8, true)), "method");
  BodyStore turned;
  turned.add(1, more);
  turned.add(6, plain);
  EXPECT_EQ(turned.methods("a.T", PackageSet(8, true)), "method");
}

TEST(Transfer, BrokenRecordsAreIgnored) {
  TypeTable types;
  Module to(types);
  BodyStore store;
  store.add(0, "func 3 999\na.F");
  store.add(0, "func 3 6\na.Gfunc x\n");
  store.add(0, "nonsense");
  BodyImporter importer(to, store, kVisible);
  EXPECT_EQ(importer.find("a.F"), nullptr);
  EXPECT_EQ(importer.find("a.G"), nullptr);
}

}  // namespace
