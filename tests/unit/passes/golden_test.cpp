// Golden tests of passes: every tests/golden/passes/NAME/*.bir is read, verified, run through pass NAME, verified again and
// printed. Lines `// CHECK: text` must occur in the printed function in this order, lines `// NOT: text` must not occur.
// They stand inside the function that they speak of; nothing else is compared. profile_remarks.h: what a profile says.
#include "ir/text.h"
#include "ir/verify.h"
#include "../profile_remarks.h"
#include "passes/pipeline.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

using namespace burrow;

namespace {

struct Expectation {
  std::string text;
  bool wanted;
};

// Per function name, what its source text says.
std::vector<std::pair<std::string, std::vector<Expectation>>> expectations(const std::string& text) {
  std::vector<std::pair<std::string, std::vector<Expectation>>> result;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("func \"")) result.push_back({line.substr(6, line.find('"', 6) - 6), {}});
    for (auto [marker, wanted] : {std::pair{"// CHECK: ", true}, {"// NOT: ", false}}) {
      size_t at = line.find(marker);
      if (at != std::string::npos && !result.empty()) {
        result.back().second.push_back({line.substr(at + std::string(marker).size()), wanted});
      }
    }
  }
  return result;
}

class PassGolden : public testing::TestWithParam<std::filesystem::path> {};

TEST_P(PassGolden, Matches) {
  std::ifstream file(GetParam());
  std::string text((std::istreambuf_iterator<char>(file)), {});
  ir::TypeTable types;
  ir::Module module(types);
  std::string error;
  ASSERT_TRUE(ir::parse(text, module, &error)) << GetParam() << ":" << error;
  for (const std::string& p : ir::verify(module)) FAIL() << p;
  const passes::Pass* pass = passes::passByName(GetParam().parent_path().filename().string());
  ASSERT_NE(pass, nullptr);
  const passes::CallProfile profile = profileInRemarks(text);
  passes::PassContext context;
  context.profile = &profile;
  context.hotBudget = passes::CallProfile::kHotBudget;
  passes::runPass(*pass, module, context);
  for (const std::string& p : ir::verify(module)) ADD_FAILURE() << p;
  for (const auto& [name, list] : expectations(text)) {
    ASSERT_NE(module.function(name), nullptr) << name;
    std::string printed = ir::print(module, *module.function(name));
    size_t at = 0;
    for (const Expectation& e : list) {
      if (!e.wanted) {
        EXPECT_EQ(printed.find(e.text), std::string::npos) << e.text << " in\n" << printed;
        continue;
      }
      size_t found = printed.find(e.text, at);
      ASSERT_NE(found, std::string::npos) << e.text << " not in order in\n" << printed;
      at = found + e.text.size();
    }
  }
}

std::vector<std::filesystem::path> goldenFiles() {
  std::vector<std::filesystem::path> files;
  for (const auto& e : std::filesystem::recursive_directory_iterator(BURROW_SOURCE_DIR "/tests/golden/passes")) {
    if (e.path().extension() == ".bir") files.push_back(e.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

INSTANTIATE_TEST_SUITE_P(All, PassGolden, testing::ValuesIn(goldenFiles()), [](const auto& info) {
  std::string name = info.param.parent_path().filename().string() + "_" + info.param.stem().string();
  for (char& c : name) {
    if (!isalnum(static_cast<unsigned char>(c))) c = '_';
  }
  return name;
});

TEST(Passes, EveryPassHasGoldenTests) {
  for (const passes::Pass& pass : passes::allPasses()) {
    EXPECT_TRUE(std::filesystem::exists(std::string(BURROW_SOURCE_DIR "/tests/golden/passes/") + pass.name)) << pass.name;
  }
}

}  // namespace
