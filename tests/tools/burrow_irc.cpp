// burrow_irc: Burrow IR text in, machine code out. For tests of the code generator and for looking at what it makes.
//
//   burrow_irc file.bir [-O0|-O1|-O2] [-o file.o] [-functab file] [-llvm] [-llvm-opt] [-S]
//
// -llvm, -llvm-opt and -S print LLVM IR as lowered, after optimisation, and assembly to standard output.
#include "codegen/codegen.h"
#include "ir/text.h"

#include <cstdio>
#include <cstring>
#include <fstream>
#include <iostream>
#include <sstream>

using namespace burrow;

int main(int argc, char** argv) {
  std::string input, output, functab;
  codegen::CodegenOptions options;
  for (int i = 1; i < argc; i++) {
    std::string_view arg = argv[i];
    if (arg == "-o" && i + 1 < argc) {
      output = argv[++i];
    } else if (arg == "-functab" && i + 1 < argc) {
      functab = argv[++i];
    } else if (arg == "-O0" || arg == "-O1" || arg == "-O2") {
      options.optLevel = arg[2] - '0';
    } else if (arg == "-llvm") {
      options.dumpLlvm = true;
    } else if (arg == "-llvm-opt") {
      options.dumpLlvmOpt = true;
    } else if (arg == "-S") {
      options.dumpAssembly = true;
    } else if (arg[0] != '-' && input.empty()) {
      input = arg;
    } else {
      std::cerr << "burrow_irc: unknown argument " << arg << "\n";
      return 2;
    }
  }
  std::ifstream file(input);
  if (!file) {
    std::cerr << "burrow_irc: cannot read " << input << "\n";
    return 2;
  }
  std::stringstream text;
  text << file.rdbuf();
  ir::TypeTable types;
  ir::Module module(types);
  std::string error;
  if (!ir::parse(text.str(), module, &error)) {
    std::cerr << input << ":" << error << "\n";
    return 1;
  }
  codegen::CodegenResult result = codegen::compileModule(module, options);
  std::cout << result.llvm << result.llvmOpt << result.assembly;
  for (const std::string& e : result.errors) std::cerr << "burrow_irc: " << e << "\n";
  if (!result.ok()) return 1;
  auto write = [](const std::string& path, const std::vector<uint8_t>& bytes) {
    std::ofstream out(path, std::ios::binary);
    out.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  };
  if (!output.empty()) write(output, result.object.elf);
  if (!functab.empty()) write(functab, result.object.functab);
  return 0;
}
