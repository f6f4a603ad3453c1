// The function table: rows, sidecars, joining, look-up.
#include "link/function_table.h"

#include "link/native.h"
#include "link/sidecar.h"

#include <gtest/gtest.h>

#include <cstring>

namespace ft = burrow::abi::functab;
using burrow::link::BareFunction;
using burrow::link::buildFunctionTable;

namespace {

// Rows written at compile time read back at compile time: the helpers stay usable without a library.
struct Buffer {
  using value_type = uint8_t;
  uint8_t bytes[64] = {};
  size_t size = 0;
  constexpr void push_back(uint8_t b) { bytes[size++] = b; }
};
constexpr bool rowsRoundTrip() {
  Buffer b;
  ft::SpRowWriter sp(b);
  sp.add(0, 8, false, 0);
  sp.add(1, 16, false, 16);
  sp.add(5, 32, false, 16);
  sp.add(5, 32, false, 16);
  sp.add(300, 16, true, 16, 0x20);
  sp.add(310, 16, true, 16, 0x900000);
  sp.finish(4000);
  ft::SpRowReader r(b.bytes);
  bool ok = r.next() && r.row.pc == 0 && r.row.length == 1 && r.row.cfaOffset == 8 && r.row.fpSlot == 0;
  ok = ok && r.next() && r.row.pc == 1 && r.row.length == 4 && r.row.cfaOffset == 16 && r.row.fpSlot == 16;
  ok = ok && r.next() && r.row.pc == 5 && r.row.length == 295 && r.row.cfaOffset == 32 && !r.row.cfaIsFp;
  ok = ok && r.next() && r.row.pc == 300 && r.row.length == 10 && r.row.cfaIsFp && r.row.fpSlot == 16 && r.row.saved == 0x20;
  ok = ok && r.next() && r.row.pc == 310 && ft::savedRegister(r.row.saved, 5) == 9 && ft::savedRegister(r.row.saved, 1) == 0;
  return ok && !r.next();
}
static_assert(rowsRoundTrip());

// A push, a pop, the next line and the one behind it are one number each; the same steps with anything else changed are not.
constexpr bool shortRows() {
  Buffer b;
  ft::SpRowWriter sp(b);
  sp.add(0, 8, false, 0);
  sp.add(2, 16, false, 0);
  sp.add(33, 8, false, 0);
  sp.add(34, 16, true, 0);
  sp.add(35, 0, false, 0);
  sp.finish(36);
  if (b.size != 3 + 2 * 2 + 1) return false;
  ft::SpRowReader r(b.bytes);
  bool ok = r.next() && r.row.cfaOffset == 8 && r.row.length == 2;
  ok = ok && r.next() && r.row.cfaOffset == 16 && r.row.length == 31 && !r.row.cfaIsFp;
  ok = ok && r.next() && r.row.cfaOffset == 8 && r.row.pc == 33;
  ok = ok && r.next() && r.row.cfaOffset == 16 && r.row.cfaIsFp;
  ok = ok && r.next() && r.row.cfaOffset == 0 && !r.row.cfaIsFp && r.row.pc == 35 && !r.next();

  Buffer c;
  ft::LineRowWriter lines(c, 10, 3);
  lines.add(0, 3, 11, 0);
  lines.add(1, 3, 13, 0);
  lines.add(2, 4, 14, 0);
  lines.add(3, 4, 13, 0);
  lines.finish(100);
  ft::LineRowReader l(c.bytes, 10, 3);
  ok = ok && c.size == 2 + 3 + 3 + 1 && l.next() && l.row.line == 11 && l.row.file == 3 && l.row.length == 1;
  ok = ok && l.next() && l.row.line == 13 && l.next() && l.row.line == 14 && l.row.file == 4;
  return ok && l.next() && l.row.line == 13 && l.row.length == 97 && !l.next();
}
static_assert(shortRows());

// A sidecar with functions of our making.
class SidecarMaker {
 public:
  SidecarMaker() { data_.push_back(0), strings_.push_back(0); }
  uint32_t string(std::string_view s) {
    auto at = static_cast<uint32_t>(strings_.size());
    ft::appendVarint(strings_, s.size());
    strings_.insert(strings_.end(), s.begin(), s.end());
    strings_.push_back(0);
    return at;
  }
  void file(std::string_view name) { files_.push_back(string(name)); }
  std::vector<uint8_t>& data() { return data_; }
  uint32_t here(size_t align = 1) {
    while (data_.size() % align != 0) data_.push_back(0);
    return static_cast<uint32_t>(data_.size());
  }
  ft::SidecarFunc& func(std::string_view name, uint64_t address, uint32_t size) {
    ft::SidecarFunc f = {};
    f.address = address;
    f.symbol = f.record.name = string(name);
    f.record.size = size;
    funcs_.push_back(f);
    return funcs_.back();
  }
  std::string finish() {
    ft::SidecarHeader h = {};
    std::string out(sizeof h, '\0');
    auto put = [&](const void* p, size_t n) {
      out.resize((out.size() + 7) / 8 * 8);
      auto at = static_cast<uint32_t>(out.size());
      out.append(static_cast<const char*>(p), n);
      return at;
    };
    h.magic = ft::kSidecarMagic;
    h.version = ft::kVersion;
    h.funcCount = static_cast<uint32_t>(funcs_.size());
    h.fileCount = static_cast<uint32_t>(files_.size());
    h.funcs = put(funcs_.data(), funcs_.size() * sizeof funcs_[0]);
    h.files = put(files_.data(), files_.size() * sizeof files_[0]);
    h.data = put(data_.data(), data_.size());
    h.dataSize = static_cast<uint32_t>(data_.size());
    h.strings = put(strings_.data(), strings_.size());
    h.stringsSize = static_cast<uint32_t>(strings_.size());
    out.resize((out.size() + 7) / 8 * 8);
    h.size = static_cast<uint32_t>(out.size());
    std::memcpy(out.data(), &h, sizeof h);
    return out;
  }

 private:
  std::vector<ft::SidecarFunc> funcs_;
  std::vector<uint32_t> files_;
  std::vector<uint8_t> data_, strings_;
};

std::string_view str(ft::Name n) { return {n.data, n.size}; }

constexpr uint64_t kText = 0x401000, kTable = 0x500000;

TEST(FunctionTable, LineRowsAndInlining) {
  SidecarMaker maker;
  maker.file("/src/a.go");
  maker.file("/src/b.go");
  auto& f = maker.func("main.f", kText + 0x40, 100);
  f.record.startLine = 10;
  f.record.lineRows = maker.here();
  ft::LineRowWriter rows(maker.data(), 10, 0);
  rows.add(0, 0, 10, 0);
  rows.add(8, 1, 77, 2);
  rows.add(20, 0, 0, 0);  // no line: still the one before
  rows.add(30, 0, 12, 0);
  rows.finish(100);
  ft::InlineNode nodes[2] = {};
  nodes[0] = {maker.string("main.g"), 50, 0, 11, 0, 0, 4, 0};
  nodes[1] = {maker.string("main.(*T).h"), 70, 0, 55, 1, ft::kWrapper, 4, 0};
  f.record.inlineTree = maker.here(4);
  f.record.inlineCount = 2;
  maker.data().insert(maker.data().end(), reinterpret_cast<uint8_t*>(nodes), reinterpret_cast<uint8_t*>(nodes + 2));
  ft::FaultEntry faults[2] = {{12, 90}, {40, 80}};
  f.record.faults = maker.here(4);
  f.record.faultCount = 2;
  maker.data().insert(maker.data().end(), reinterpret_cast<uint8_t*>(faults), reinterpret_cast<uint8_t*>(faults + 2));

  std::string error, bytes = buildFunctionTable(maker.finish(), {}, {kText, 0x1000}, kTable, &error);
  ASSERT_EQ(error, "");
  ft::Table table(reinterpret_cast<const ft::Header*>(bytes.data()), kTable);
  ASSERT_TRUE(table.valid());
  EXPECT_EQ(table.textStart(), kText);
  EXPECT_EQ(table.find(kText), nullptr);
  EXPECT_EQ(table.find(kText + 0x40 + 100), nullptr);
  EXPECT_EQ(table.find(kText - 1), nullptr);
  EXPECT_EQ(table.find(kText + 0x1000), nullptr);
  const ft::FuncRecord* found = table.find(kText + 0x40 + 99);
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(str(table.name(*found)), "main.f");

  std::string walk;
  for (ft::FrameWalk w(table, found, kText + 0x40 + 25); w.valid(); w.next()) {
    walk += std::string(str(w.function)) + " " + std::string(str(w.fileName())) + ":" + std::to_string(w.line) + "\n";
  }
  EXPECT_EQ(walk, "main.(*T).h /src/b.go:77\nmain.g /src/a.go:55\nmain.f /src/a.go:11\n");
  ft::LineRow row;
  EXPECT_TRUE(table.lineAt(*found, kText + 0x40 + 30, row));
  EXPECT_EQ(row.line, 12u);
  EXPECT_EQ(table.faultHandler(*found, kText + 0x40 + 40), kText + 0x40 + 80);
  EXPECT_EQ(table.faultHandler(*found, kText + 0x40 + 41), 0u);
}

TEST(FunctionTable, DroppedDuplicateAndBareFunctions) {
  SidecarMaker one, two;
  one.file("one.go"), two.file("two.go");
  one.func("main.dropped", 0, 50);
  one.func("main.b", kText + 64, 16);
  two.func("main.b", kText + 64, 32);  // a second claim
  two.func("runtime.goexit", kText + 0x800, 8);
  std::vector<BareFunction> bare = {{kText + 64, 99, "main.b.alias"}, {kText + 0x100, 4, "helper"}};
  std::string padding(16, '\0'), error;
  std::string bytes = buildFunctionTable(one.finish() + padding + two.finish(), bare, {kText, 0x900}, kTable, &error);
  ASSERT_EQ(error, "");
  ft::Table table(reinterpret_cast<const ft::Header*>(bytes.data()), kTable);
  ASSERT_EQ(table.header->funcCount, 3u);
  EXPECT_EQ(table.find(kText + 64)->size, 16u);
  EXPECT_EQ(table.find(kText + 64 + 16), nullptr);
  EXPECT_EQ(str(table.name(*table.find(kText + 0x103))), "helper");
  const ft::FuncRecord* goexit = table.find(kText + 0x807);
  EXPECT_EQ(goexit->funcId, ft::kFuncGoexit);
  EXPECT_TRUE(goexit->flags & ft::kTopFrame);
  EXPECT_EQ(str(table.file(goexit->startFile)), "two.go");
}

// Every address of a text of many functions finds what a plain search finds.
TEST(FunctionTable, FindAgreesWithPlainSearch) {
  SidecarMaker maker;
  std::vector<std::pair<uint64_t, uint32_t>> functions;
  uint64_t at = kText;
  uint32_t random = 12345;
  for (int i = 0; i < 300; i++) {
    random = random * 1664525 + 1013904223;
    uint32_t gap = random >> 28, size = 1 + (random >> 8) % (i % 50 == 0 ? 5000 : 60);
    functions.push_back({at + gap, size});
    maker.func("f" + std::to_string(i), at + gap, size);
    at += gap + size;
  }
  std::string error, bytes = buildFunctionTable(maker.finish(), {}, {kText, at - kText}, kTable, &error);
  ft::Table table(reinterpret_cast<const ft::Header*>(bytes.data()), kTable);
  size_t i = 0;
  for (uint64_t pc = kText; pc < at; pc++) {
    while (functions[i].first + functions[i].second <= pc) i++;
    const ft::FuncRecord* f = table.find(pc);
    if (pc < functions[i].first) {
      ASSERT_EQ(f, nullptr) << pc;
    } else {
      ASSERT_NE(f, nullptr) << pc;
      ASSERT_EQ(table.entry(*f), functions[i].first);
    }
  }
}

TEST(FunctionTable, DamagedSidecarsAreRefused) {
  SidecarMaker maker;
  maker.func("main.f", kText, 10);
  std::string good = maker.finish(), error;
  EXPECT_TRUE(burrow::link::checkSidecar(good, &error));
  std::string shortOne = good.substr(0, good.size() - 8);
  EXPECT_FALSE(burrow::link::checkSidecar(shortOne, &error));
  std::string version = good;
  version[4] = 99;
  EXPECT_FALSE(burrow::link::checkSidecar(version, &error));
  EXPECT_EQ(buildFunctionTable(version, {}, {kText, 100}, kTable, &error), "");
  EXPECT_EQ(error, "function table of an object has another version");
}

TEST(NativeFunctions, NamesInGoForm) {
  using burrow::link::displayName;
  EXPECT_EQ(displayName("runtime.mallocgc"), "runtime.mallocgc");
  EXPECT_EQ(displayName("__morestack"), "__morestack");
  EXPECT_EQ(displayName("_ZN6burrow2rt8chansendEPNS0_5HChanEPKvb"), "runtime.chansend");
  EXPECT_EQ(displayName("_ZN6burrow2rt12_GLOBAL__N_16lockedEv"), "runtime.locked");
  EXPECT_EQ(displayName("_ZNK6burrow2rt5MSpan5indexEm"), "runtime.MSpan.index");
  EXPECT_EQ(displayName("_ZN6burrow2rt11systemstackIZNS0_10fatalpanicEPNS0_5PanicEE3$_0EEvOT_"), "runtime.systemstack");
  EXPECT_EQ(displayName("_Zbroken"), "_Zbroken");
}

// Rows of a C++ function say where it stands itself, however deep the inlining went.
TEST(NativeFunctions, RowsWithoutInlining) {
  std::vector<uint8_t> column;
  ft::LineRowWriter rows(column, 10, 0);
  rows.add(0, 0, 10, 0);
  rows.add(4, 2, 500, 2);
  rows.add(8, 3, 600, 1);
  rows.add(12, 0, 12, 0);
  rows.finish(20);
  std::vector<ft::InlineNode> tree(2);
  tree[0].callFile = 0, tree[0].callLine = 11, tree[0].parent = 0;
  tree[1].callFile = 3, tree[1].callLine = 601, tree[1].parent = 1;
  std::string out = burrow::link::withoutInlining(column.data(), tree, 10, 0, [](uint32_t file) { return file; });
  ft::LineRowReader r(reinterpret_cast<const uint8_t*>(out.data()), 10, 0);
  std::string text;
  while (r.next())
    text += std::to_string(r.row.pc) + "+" + std::to_string(r.row.length) + ":" + std::to_string(r.row.line) + "/" +
            std::to_string(r.row.inlineIndex) + " ";
  EXPECT_EQ(text, "0+4:10/0 4+8:11/0 12+8:12/0 ");
}

}  // namespace
