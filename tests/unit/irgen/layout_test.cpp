// Sizes and offsets are worked out twice, for constants by the checker and for everything else by the IR's types: they must be
// the same.
#include "lowered.h"

#include "types/queries.h"
#include "types/sizes.h"

using namespace burrow;

namespace {

void compare(Lowered& l) {
  for (types::TypeName* name : l.package->info->namedTypes) {
    auto* named = static_cast<types::Named*>(name->type);
    if (!named->typeParams.empty() || name->parent != l.package->scope) continue;
    ir::TypeId id = l.table.named("main." + std::string(name->name));
    EXPECT_EQ(types::sizeOf(named), l.table.sizeOf(id)) << name->name;
    EXPECT_EQ(types::alignOf(named), l.table.layout(id).align) << name->name;
    auto* s = types::underAs<types::Struct>(named);
    if (s == nullptr) continue;
    std::vector<int64_t> offsets = types::fieldOffsets(s);
    for (size_t i = 0; i < offsets.size(); i++)
      EXPECT_EQ(offsets[i], l.table.fieldOffset(id, i)) << name->name << " " << i;
  }
}

TEST(Layout, CheckerAndIrAgree) {
  const std::vector<std::string> kTypes = {"bool",
                                           "int8",
                                           "uint16",
                                           "int32",
                                           "uint64",
                                           "uintptr",
                                           "float32",
                                           "float64",
                                           "complex64",
                                           "complex128",
                                           "string",
                                           "[]int8",
                                           "any",
                                           "func()",
                                           "*byte",
                                           "chan int",
                                           "map[int]int",
                                           "struct{}",
                                           "[0]int64",
                                           "[3]int16",
                                           "[2]E",
                                           "E",
                                           "struct { a byte; b int32 }",
                                           "interface{ M() }",
                                           "[5]struct{ a, b byte }"};
  std::string text = "package main\ntype E struct { a int32; b byte }\n";
  int n = 0;
  for (const std::string& a : kTypes) {
    for (const std::string& b : kTypes) {
      text += "type S" + std::to_string(n) + " struct { a " + a + "; b " + b + "; c byte; d " + a + " }\n";
      text += "type A" + std::to_string(n++) + " [3]struct { a " + a + "; b " + b + " }\n";
    }
  }
  Lowered l(text);
  compare(l);
}

// Linear in the number of types, although the size is not.
TEST(Layout, ChainsOfStructs) {
  std::string text = "package main\ntype T0 struct { a, b byte }\n";
  for (int i = 1; i < 30; i++) {
    std::string below = "T" + std::to_string(i - 1);
    text += "type T" + std::to_string(i) + " struct { a, b " + below + " }\n";
  }
  Lowered l(text);
  compare(l);
}

}  // namespace
