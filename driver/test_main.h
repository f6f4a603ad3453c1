// The main package of a test: which functions of the test files are tests, and the Go text that calls package testing.
#pragma once

#include "driver/cover.h"
#include "load/loader.h"
#include "syntax/ast.h"

#include <string>
#include <vector>

namespace burrow::driver {

struct TestFunctions {
  struct Function {
    std::string package, name;  // "_test" or "_xtest"
  };
  struct Example : Function {
    std::string output;
    bool unordered = false;
  };
  std::vector<Function> tests, benchmarks, fuzzTargets;
  std::vector<Example> examples;
  Function main;  // TestMain; no name: none
  bool usesTest = false, usesExternal = false;
  std::vector<std::string> errors;  // "file:line:column: wrong signature for ..."
};

// Adds what the test files of one package have. `package` is the name by which the main package knows it.
void collectTests(const std::vector<const syntax::File*>& files, const source::SourceFiles& sources, bool external,
                  TestFunctions* to);
// The text of _testmain.go, and the packages that it imports. `cover`: null without -cover.
std::string testMainText(const TestFunctions& functions, const load::TestPackages& test, const std::string& modulePath,
                         const CoverText* cover, std::vector<std::string>* imports);

// The text of an example's last comment behind "Output:". False: it has none, the example is compiled only.
bool exampleOutput(std::string_view body, std::string* output, bool* unordered);

}  // namespace burrow::driver
