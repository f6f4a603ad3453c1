// burrow_irc: Burrow IR text in, machine code out. For tests of the code generator and for looking at what it makes.
//
//   burrow_irc file.bir [-O0|-O1|-O2] [-o file.o] [-functab file] [-exe file -with object-or-archive ...]
//              [-llvm] [-llvm-opt] [-S]
//
// -llvm, -llvm-opt and -S print LLVM IR as lowered, after optimisation, and assembly to standard output. -exe links the
// module with the files named by -with (the runtime's archive last); the package's record is the only one initialised.
#include "codegen/codegen.h"
#include "ir/text.h"
#include "ir/verify.h"
#include "link/archive.h"
#include "link/link.h"
#include "link/sidecar.h"

#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

using namespace burrow;

static std::string read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    std::cerr << "burrow_irc: cannot read " << path << "\n";
    std::exit(2);
  }
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

static void writeText(const std::string& path, const std::string& bytes) {
  std::ofstream out(path, std::ios::binary);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

int main(int argc, char** argv) {
  std::string input, output, functab, executable;
  std::vector<std::string> with;
  codegen::CodegenOptions options;
  for (int i = 1; i < argc; i++) {
    std::string_view arg = argv[i];
    if (arg == "-o" && i + 1 < argc) {
      output = argv[++i];
    } else if (arg == "-functab" && i + 1 < argc) {
      functab = argv[++i];
    } else if (arg == "-exe" && i + 1 < argc) {
      executable = argv[++i];
    } else if (arg == "-with" && i + 1 < argc) {
      with.push_back(argv[++i]);
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
  std::string text = read(input);
  ir::TypeTable types;
  ir::Module module(types);
  std::string error;
  if (!ir::parse(text, module, &error)) {
    std::cerr << input << ":" << error << "\n";
    return 1;
  }
  std::vector<std::string> problems = ir::verify(module);
  for (const std::string& p : problems) std::cerr << input << ": " << p << "\n";
  if (!problems.empty()) return 1;
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
  if (!executable.empty()) {
    std::string work = executable + ".work";
    std::filesystem::create_directories(work);
    codegen::LinkTables tables;
    if (!module.initFunctions.empty()) tables.initPackages.push_back(module.path);
    tables.strings = {{"runtime.buildVersion", "go1.27"}, {"runtime.modinfo", ""}};
    codegen::CodegenResult linkTables = codegen::compileLinkTables(tables, options);
    link::LinkInput in;
    in.output = executable;
    in.workDir = work;
    auto add = [&](const char* name, const codegen::ObjectFile& object) {
      std::string bytes(object.elf.begin(), object.elf.end());
      std::string problem;
      std::string_view sidecar(reinterpret_cast<const char*>(object.functab.data()), object.functab.size());
      if (!link::embedSidecar(bytes, sidecar, &problem)) std::cerr << "burrow_irc: " << problem << "\n";
      writeText(work + "/" + name, bytes);
      in.objects.push_back(work + "/" + name);
    };
    add("main.o", result.object);
    add("link.o", linkTables.object);
    for (const std::string& path : with) {
      if (!path.ends_with(".a")) {
        in.objects.push_back(path);
        continue;
      }
      std::string problem;
      std::string archive = link::describeArchive(read(path), &problem);
      if (archive.empty()) std::cerr << "burrow_irc: " << path << ": " << problem << "\n";
      std::string described = work + "/" + std::to_string(in.objects.size()) + ".a";
      writeText(described, archive);
      in.objects.push_back(described);
    }
    link::LinkResult linked = link::linkProgram(in);
    if (!linked.ok) std::cerr << linked.errors << "\n";
    std::filesystem::remove_all(work);
    if (!linked.ok) return 1;
  }
  return 0;
}
