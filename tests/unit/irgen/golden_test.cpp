// Golden tests of lowering: tests/golden/ir/*.go are lowered and verified; a comment `// IR: ...` says which operations its
// line becomes, in the order of the printed module. Constants are left out; symbols, types of variables and the names of
// runtime functions and intrinsics stand behind their operation. Other lines are not compared.
//
//   BURROW_UPDATE=1 build/.../tests/unit_irgen --gtest_filter='*Golden*'     rewrites the comments
#include "lowered.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

using namespace burrow;

namespace {

constexpr std::string_view kMarker = "// IR:";

std::string describe(const ir::Module& module, const ir::Inst& inst) {
  std::string out(ir::opName(inst.op));
  switch (inst.op) {
    case ir::Op::Local: case ir::Op::New: case ir::Op::MakeIface: case ir::Op::TypeAssert: case ir::Op::IfaceAssert:
      return out + "<" + module.types.str(inst.typeArg) + ">";
    case ir::Op::Call: case ir::Op::Closure: case ir::Op::FuncAddr: case ir::Op::GlobalAddr:
      return out + "@" + std::string(module.str(inst.sym));
    case ir::Op::CallRuntime:
      return out + "#" + ir::runtimeFn(static_cast<ir::RuntimeFn>(inst.imm)).name;
    case ir::Op::Intrinsic:
      return out + "#" + std::string(ir::intrinsicName(static_cast<ir::IntrinsicKind>(inst.imm)));
    case ir::Op::Defer:
      return (inst.flags & ir::kInLoop) ? out + "#loop" : out;
    default:
      return out;
  }
}

// Line -> its operations.
std::map<uint32_t, std::string> operations(const ir::Module& module) {
  std::map<uint32_t, std::string> lines;
  for (const auto& fn : module.functions) {
    if (fn->scopes.empty() || module.files[fn->scopes[0].file] != "test.go") continue;
    for (const ir::Block& block : fn->blocks) {
      for (ir::ValueId v : block.insts) {
        const ir::Inst& inst = (*fn)[v];
        if (inst.op == ir::Op::ConstInt || inst.op == ir::Op::ConstFloat || inst.op == ir::Op::ConstString) continue;
        lines[inst.loc.line] += " " + describe(module, inst);
      }
    }
  }
  return lines;
}

class IrGolden : public testing::TestWithParam<std::filesystem::path> {};

TEST_P(IrGolden, Matches) {
  std::ifstream file(GetParam());
  std::string text((std::istreambuf_iterator<char>(file)), {});
  Lowered lowered(text);
  auto lines = operations(*lowered.module);
  bool update = std::getenv("BURROW_UPDATE") != nullptr;
  std::istringstream in(text);
  std::string updated;
  uint32_t number = 0;
  for (std::string line; std::getline(in, line);) {
    number++;
    if (size_t at = line.find(kMarker); at != std::string::npos) {
      std::string wanted = line.substr(at + kMarker.size());
      if (update) {
        line = line.substr(0, at + kMarker.size()) + lines[number];
      } else {
        EXPECT_EQ(lines[number], wanted) << GetParam().filename() << ":" << number;
      }
    }
    updated += line + "\n";
  }
  if (update) std::ofstream(GetParam()) << updated;
}

std::vector<std::filesystem::path> goldenFiles() {
  std::vector<std::filesystem::path> files;
  for (const auto& e : std::filesystem::directory_iterator(BURROW_SOURCE_DIR "/tests/golden/ir")) {
    if (e.path().extension() == ".go") files.push_back(e.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

INSTANTIATE_TEST_SUITE_P(All, IrGolden, testing::ValuesIn(goldenFiles()),
                         [](const auto& info) { return info.param.stem().string(); });

}  // namespace
