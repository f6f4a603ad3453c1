// What comes out besides code: objects are the same every time, sidecars say what the object does, limits are reported.
#include "abi/functab.h"
#include "codegen/codegen.h"
#include "codegen/sidecar.h"
#include "ir/text.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>

using namespace burrow;
using namespace burrow::abi::functab;

namespace {

codegen::CodegenResult compile(const std::string& text, int level = 2) {
  ir::TypeTable types;
  ir::Module module(types);
  std::string error;
  EXPECT_TRUE(ir::parse(text, module, &error)) << error;
  codegen::CodegenOptions options;
  options.optLevel = level;
  return codegen::compileModule(module, options);
}

// A sidecar read the plain way.
struct Sidecar {
  explicit Sidecar(const std::vector<uint8_t>& b) : bytes(b) { std::memcpy(&header, bytes.data(), sizeof(header)); }
  std::string string(uint32_t offset) const {
    const uint8_t* p = bytes.data() + header.strings + offset;
    size_t n = readVarint(p);
    return std::string(reinterpret_cast<const char*>(p), n);
  }
  const uint8_t* data(uint32_t offset) const { return bytes.data() + header.data + offset; }
  std::optional<SidecarRecord> find(const std::string& name) const {
    for (uint32_t i = 0; i < header.funcCount; i++) {
      SidecarFunc f;
      std::memcpy(&f, bytes.data() + header.funcs + i * sizeof(f), sizeof(f));
      if (string(f.symbol) == name) return f.record;
    }
    return std::nullopt;
  }
  std::vector<LineRow> lines(const SidecarRecord& r) const {
    std::vector<LineRow> out;
    for (LineRowReader reader(data(r.lineRows), r.startLine, r.startFile); reader.next();) out.push_back(reader.row);
    return out;
  }
  std::vector<uint8_t> bytes;
  SidecarHeader header;
};

constexpr const char* kProgram = R"(module "main" "main"
file 0 "/src/main.go"
file 1 "/src/other.go"
func "main.deref" external func(*int) int noinline wrapper lines(3, 5) {
  scope 0 file 0 "main.deref" start 3
b0(v1 *int):
  nilcheck v1 !4:9
  v2 int = load v1 !4:9
  return v2 !4:2
}
func "main.caller" external func(*int) int lines(10, 14) {
  scope 0 file 0 "main.caller" start 10
  scope 1 file 1 "main.inlined" start 20 parent 0 at 12:3
b0(v1 *int):
  v2 int = call v1 @"main.deref" <func(*int) int> !11:3
  v3 int = call v1 @"main.deref" <func(*int) int> !21:3:1
  v4 int = add v2, v3 !21:4:1
  return v4 !13:1
}
)";

TEST(Object, SameEveryTime) {
  codegen::CodegenResult a = compile(kProgram), b = compile(kProgram);
  EXPECT_EQ(a.object.elf, b.object.elf);
  EXPECT_EQ(a.object.functab, b.object.functab);
}

TEST(Sidecar, LinesInlinedCallsAndFaults) {
  codegen::CodegenResult result = compile(kProgram);
  ASSERT_TRUE(result.ok()) << result.errors[0];
  Sidecar s(result.object.functab);
  ASSERT_EQ(s.header.magic, kSidecarMagic);
  auto deref = s.find("main.deref"), caller = s.find("main.caller");
  ASSERT_TRUE(deref && caller);
  EXPECT_EQ(deref->flags, kWrapper);
  EXPECT_EQ(deref->packageLength, 4);
  EXPECT_EQ(deref->startLine, 3u);
  EXPECT_EQ(deref->faultCount, 2u) << "the nil check is folded into the load, and into its copy behind __morestack";
  uint32_t end = 0;
  for (const LineRow& row : s.lines(*deref)) {
    EXPECT_EQ(row.pc, end) << "no gaps";
    EXPECT_TRUE(row.line == 3 || row.line == 4) << row.line;
    end = row.pc + row.length;
  }
  EXPECT_EQ(end, deref->size);
  ASSERT_EQ(caller->inlineCount, 1);
  InlineNode node;
  std::memcpy(&node, s.data(caller->inlineTree), sizeof(node));
  EXPECT_EQ(s.string(node.name), "main.inlined");
  EXPECT_EQ(node.callLine, 12u);
  EXPECT_EQ(node.startLine, 20u);
  bool inside = false;
  for (const LineRow& row : s.lines(*caller)) {
    if (row.line != 21) continue;
    inside = true;
    EXPECT_EQ(row.inlineIndex, 1u);
    uint32_t file;
    std::memcpy(&file, s.bytes.data() + s.header.files + 4 * row.file, 4);
    EXPECT_EQ(s.string(file), "/src/other.go");
  }
  EXPECT_TRUE(inside);
}

TEST(Sidecar, FrameRowsStartAtTheReturnAddress) {
  Sidecar s(compile(kProgram).object.functab);
  auto caller = s.find("main.caller");
  SpRowReader reader(s.data(caller->spRows));
  ASSERT_TRUE(reader.next());
  EXPECT_EQ(reader.row.cfaOffset, 8);
  int largest = 0;
  do largest = std::max(largest, reader.row.cfaOffset);
  while (reader.next());
  EXPECT_GT(largest, 8);
  EXPECT_EQ(reader.row.pc, caller->size);
}

// Two pointers are live over the first call, the older one over the second: its slot counts at both.
TEST(Sidecar, StackMaps) {
  codegen::CodegenResult result = compile(R"(module "main" "main"
file 0 "/src/main.go"
func "main.ext" external func(*int) *int
func "main.uses" external func(*int) int lines(3, 9) {
  scope 0 file 0 "main.uses" start 3
b0(v1 *int):
  v2 *int = call v1 @"main.ext" <func(*int) *int> !4:9
  v3 *int = call v1 @"main.ext" <func(*int) *int> !5:9
  v4 *int = call v2 @"main.ext" <func(*int) *int> !6:9
  v5 int = load v3 !7:9
  v6 int = load v4 !7:9
  v7 int = add v5, v6 !7:9
  return v7 !8:2
}
)");
  ASSERT_TRUE(result.ok());
  Sidecar sidecar(result.object.functab);
  std::optional<SidecarRecord> f = sidecar.find("main.uses");
  ASSERT_TRUE(f && f->stackMaps != 0);
  std::vector<int> live;
  uint32_t place = 0;
  for (uint32_t pc = 1; pc < f->size; pc++) {
    StackMap map;
    if (!findStackMap(sidecar.data(f->stackMaps), pc, map)) continue;
    EXPECT_EQ(map.objectCount, 0u);
    int count = 0;
    for (uint32_t i = 0; i < map.slotCount; i++) count += map.slot(i);
    live.push_back(count);
    EXPECT_EQ(map.argWords, 0u);
    EXPECT_GT(map.rootPlace, 8u);
    if (place != 0) EXPECT_EQ(map.rootPlace, place);
    place = map.rootPlace;
  }
  // v1; v2; v3.
  EXPECT_EQ(live, (std::vector<int>{1, 1, 1}));
}

TEST(Sidecar, PackageOfAName) {
  EXPECT_EQ(codegen::packageLength("main.main"), 4);
  EXPECT_EQ(codegen::packageLength("a/b.(*T).M"), 3);
  EXPECT_EQ(codegen::packageLength("a/b.c.d"), 3);
  EXPECT_EQ(codegen::packageLength("main.F[a/b.T]"), 4);
  EXPECT_EQ(codegen::packageLength("memcpy"), 0);
}

TEST(Describe, RejectsWhatIsNoObject) {
  std::string error;
  std::vector<uint8_t> junk(100, 7);
  EXPECT_TRUE(codegen::describeObject(junk, &error).empty());
  EXPECT_NE(error, "");
  EXPECT_TRUE(codegen::describeObject({}, &error).empty());
  EXPECT_NE(error, "");
}

TEST(Describe, OwnObjectAsForeign) {
  std::string error;
  std::vector<uint8_t> bytes = codegen::describeObject(compile(kProgram).object.elf, &error);
  ASSERT_EQ(error, "");
  Sidecar s(bytes);
  EXPECT_EQ(s.find("main.deref")->flags, kNative);
}

TEST(Limits, NosplitFrameTooLarge) {
  codegen::CodegenResult result = compile(R"(module "main" "main"
func "main.f" external func() nosplit {
b0:
  v1 *[5000]uint8 = local @"x" <[5000]uint8>
  zeromem v1 <[5000]uint8>
  v2 unsafe.Pointer = bitcast v1
  call v2 @"main.g" <func(unsafe.Pointer)>
  return
}
func "main.g" external func(unsafe.Pointer)
)");
  ASSERT_FALSE(result.ok());
  EXPECT_NE(result.errors[0].find("main.f: nosplit stack over"), std::string::npos) << result.errors[0];
}

TEST(LinkTables, RecordsInOrder) {
  codegen::LinkTables tables;
  tables.initPackages = {"a/b", "main"};
  tables.strings = {{"runtime.buildVersion", "go1.27"}};
  codegen::CodegenOptions options;
  options.dumpLlvm = true;
  codegen::CodegenResult result = codegen::compileLinkTables(tables, options);
  ASSERT_TRUE(result.ok());
  EXPECT_NE(result.llvm.find("@runtime.inittasks = constant [2 x ptr] [ptr @\"a/b..inittask\", ptr @main..inittask]"),
            std::string::npos)
      << result.llvm;
  EXPECT_NE(result.llvm.find("@runtime.ninittasks = constant i64 2"), std::string::npos) << result.llvm;
}

}  // namespace
