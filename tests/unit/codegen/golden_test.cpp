// Golden tests of the code generator: every tests/golden/llvm/*.bir is read, verified and compiled at each level. Remarks
// inside a function say what must (`NAME: text`, in this order) or must not (`NAME-NOT: text`) occur in that function's
//   LOWERED   LLVM IR as lowered
//   CHECK     LLVM IR after optimisation
//   WIDE      the same of its copy for wide vectors
//   ASM       assembly, optimised
//   DATA      (anywhere) the LLVM IR of the whole module as lowered
// Nothing else is compared. profile_remarks.h: what a profile says.
#include "codegen/codegen.h"
#include "ir/text.h"
#include "ir/verify.h"
#include "../profile_remarks.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

using namespace burrow;

namespace {

struct Expectation {
  std::string function, kind, text;
  bool wanted;
};

std::vector<Expectation> expectations(const std::string& source) {
  std::vector<Expectation> result;
  std::istringstream in(source);
  std::string function;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("func \"")) function = line.substr(6, line.find('"', 6) - 6);
    for (const char* kind : {"LOWERED", "CHECK", "WIDE", "ASM", "DATA"}) {
      for (bool wanted : {true, false}) {
        std::string marker = std::string("// ") + kind + (wanted ? ": " : "-NOT: ");
        size_t at = line.find(marker);
        if (at != std::string::npos) result.push_back({function, kind, line.substr(at + marker.size()), wanted});
      }
    }
  }
  return result;
}

bool plainName(const std::string& name) {
  return name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._$") == std::string::npos;
}

// The definition of a function in LLVM IR; "" when there is none.
std::string llvmFunction(const std::string& text, const std::string& name) {
  std::string symbol = name.ends_with("·wide") ? "@\"" + name.substr(0, name.size() - 6) + "\\C2\\B7wide\"("
                       : plainName(name) ? "@" + name + "(" : "@\"" + name + "\"(";
  for (size_t at = 0; (at = text.find("\ndefine ", at)) != std::string::npos; at++) {
    size_t eol = text.find('\n', at + 1);
    if (text.substr(at, eol - at).find(symbol) == std::string::npos) continue;
    return text.substr(at, text.find("\n}", at) - at);
  }
  return "";
}

std::string assemblyFunction(const std::string& text, const std::string& name) {
  size_t at = text.find(plainName(name) ? "\n" + name + ":" : "\n\"" + name + "\":");
  return at == std::string::npos ? "" : text.substr(at, text.find("\n.Lfunc_end", at) - at);
}

class LlvmGolden : public testing::TestWithParam<std::filesystem::path> {};

TEST_P(LlvmGolden, Matches) {
  std::ifstream file(GetParam());
  std::string source((std::istreambuf_iterator<char>(file)), {});
  const passes::CallProfile profile = profileInRemarks(source);
  for (int level : {2, 0, 1}) {
    ir::TypeTable types;
    ir::Module module(types);
    std::string error;
    ASSERT_TRUE(ir::parse(source, module, &error)) << GetParam() << ":" << error;
    for (const std::string& p : ir::verify(module)) FAIL() << p;
    codegen::CodegenOptions options;
    options.optLevel = level;
    options.profile = &profile;
    options.dumpLlvm = options.dumpLlvmOpt = options.dumpAssembly = level == 2;
    codegen::CodegenResult result = codegen::compileModule(module, options);
    for (const std::string& e : result.errors) ADD_FAILURE() << "-O" << level << ": " << e;
    if (level != 2) continue;
    std::string last;
    size_t at = 0;
    for (const Expectation& e : expectations(source)) {
      std::string text = e.kind == "LOWERED" ? llvmFunction(result.llvm, e.function)
                         : e.kind == "CHECK" ? llvmFunction(result.llvmOpt, e.function)
                         : e.kind == "WIDE"  ? llvmFunction(result.llvmOpt, e.function + "·wide")
                         : e.kind == "ASM"   ? assemblyFunction(result.assembly, e.function)
                                             : result.llvm;
      ASSERT_NE(text, "") << e.function;
      if (last != e.function + e.kind) at = 0;
      last = e.function + e.kind;
      if (e.kind == "DATA") at = 0;
      size_t found = text.find(e.text, e.wanted ? at : 0);
      if (e.wanted) {
        ASSERT_NE(found, std::string::npos) << e.kind << ": " << e.text << "\nnot in order in " << text;
        at = found + e.text.size();
      } else {
        EXPECT_EQ(found, std::string::npos) << e.kind << "-NOT: " << e.text << "\nis in " << text;
      }
    }
  }
}

std::vector<std::filesystem::path> goldenFiles() {
  std::vector<std::filesystem::path> files;
  for (const auto& e : std::filesystem::directory_iterator(BURROW_SOURCE_DIR "/tests/golden/llvm")) {
    if (e.path().extension() == ".bir") files.push_back(e.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

INSTANTIATE_TEST_SUITE_P(All, LlvmGolden, testing::ValuesIn(goldenFiles()), [](const auto& info) {
  std::string name = info.param.stem().string();
  for (char& c : name) {
    if (!isalnum(static_cast<unsigned char>(c))) c = '_';
  }
  return name;
});

}  // namespace
