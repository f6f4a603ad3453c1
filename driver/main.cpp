// The burrow command.
#include "driver/build.h"
#include "driver/config.h"
#include "driver/env.h"
#include "driver/flags.h"
#include "driver/interrupt.h"
#include "driver/paths.h"
#include "driver/run.h"

#include <fmt/format.h>

#include <unistd.h>
#include <cstdio>

namespace burrow::driver {

namespace {

constexpr const char* kHelp = R"(Burrow is a toolchain for Go programs.

Usage:

	burrow <command> [arguments]

The commands are:

	build       compile packages and dependencies
	env         print what Burrow found out about its environment
	help        say more about a command
	run         compile and run a Go program
	version     print Burrow's version

Use "burrow help <command>" for more information about a command.
)";

constexpr const char* kBuildHelp = R"(usage: {}

{}
Packages are folders (./x), import paths of the main module or the standard
library, or .go files of one folder. The flags are those of the go command:

	-o output       where the executable goes; a folder takes executables of all
	                named commands (build only)
	-exec xprog     run the program by xprog (run only)
	-C dir          change to dir first
	-a              compile everything again
	-n              print the commands but do not run them
	-p n            how many threads compile
	-v              print the names of packages as they are compiled
	-work           print the temporary folder and keep it
	-x              print the commands
	-tags a,b       more build tags
	-trimpath       no file system paths in the executable
	-gcflags '[pattern=]arg list'
	                flags of the compiler: -N -e -S -lang=go1.N
	-ldflags '[pattern=]arg list'
	                flags of the linker: -s -w -X importpath.name=value

and these of Burrow's own:

	-dump phase     print what a phase makes of the named packages: tokens, ast,
	                types, ir (as built), ir-PASS (after a pass), llvm, llvm-opt, asm
	-S              print the assembly of the named packages

Results of compilation are kept in the folder that "burrow env BURROW_CACHE" names.
)";

int help(const std::vector<std::string>& words) {
  if (words.empty()) {
    std::fputs(kHelp, stdout);
    return 0;
  }
  if (words[0] == "build" || words[0] == "run") {
    const bool isBuild = words[0] == "build";
    std::string text =
        fmt::format(fmt::runtime(kBuildHelp), usageLine(isBuild ? Command::Build : Command::Run),
                    isBuild ? "Build compiles the packages and, of a main package, makes an executable."
                            : "Run builds one main package and runs it with the arguments that follow it.");
    std::fputs(text.c_str(), stdout);
    return 0;
  }
  if (words[0] == "env") {
    std::puts("usage: burrow env [-json] [var ...]\n\nEnv prints the variables, or the values of the named ones.");
    return 0;
  }
  if (words[0] == "version") {
    std::puts("usage: burrow version\n\nVersion prints Burrow's version and that of the Go library it compiles.");
    return 0;
  }
  std::fprintf(stderr, "burrow help %s: unknown help topic. Run 'burrow help'.\n", words[0].c_str());
  return 2;
}

int build(Command command, const std::vector<std::string>& words) {
  BuildFlags flags;
  if (!parseBuildFlags(command, words, &flags)) return 2;
  if (!flags.changeDir.empty() && ::chdir(flags.changeDir.c_str()) != 0) {
    std::fprintf(stderr, "burrow: chdir %s: no such directory\n", flags.changeDir.c_str());
    return 1;
  }
  catchInterrupts();
  Paths paths = findPaths();
  if (command == Command::Run) return runProgram(flags, paths);
  return Build(flags, paths).build();
}

}  // namespace

int run(const std::vector<std::string>& words) {
  if (words.empty()) {
    std::fputs(kHelp, stderr);
    return 2;
  }
  const std::string& command = words[0];
  std::vector<std::string> rest(words.begin() + 1, words.end());
  if (command == "build") return build(Command::Build, rest);
  if (command == "run") return build(Command::Run, rest);
  if (command == "env") return printEnvironment(rest);
  if (command == "version" || command == "-version" || command == "--version") return printVersion();
  if (command == "help" || command == "-h" || command == "-help" || command == "--help") return help(rest);
  std::fprintf(stderr, "burrow %s: unknown command\nRun 'burrow help' for usage.\n", command.c_str());
  return 2;
}

}  // namespace burrow::driver

int main(int argc, char** argv) { return burrow::driver::run({argv + 1, argv + argc}); }
