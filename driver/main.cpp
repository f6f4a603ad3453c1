// The burrow command.
#include "driver/build.h"
#include "driver/build_info.h"
#include "driver/check_environment.h"
#include "driver/config.h"
#include "driver/env.h"
#include "driver/flags.h"
#include "driver/inspect.h"
#include "driver/interrupt.h"
#include "driver/paths.h"
#include "driver/run.h"
#include "source/deep_stack.h"
#include "source/system_error.h"

#include <fmt/format.h>

#include <unistd.h>
#include <cerrno>
#include <cstdio>
#include <tuple>

namespace burrow::driver {

namespace {

constexpr const char* kHelp = R"(Burrow is a toolchain for Go programs.

Usage:

	burrow <command> [arguments]

The commands are:

	build       compile packages and dependencies
	clean       remove the caches, or executables from the packages' folders
	env         print what Burrow found out about its environment
	help        say more about a command
	inspect     look into programs and processes
	install     compile packages and put their executables into GOBIN
	list        list packages or modules
	objdump     disassemble an executable
	run         compile and run a Go program
	test        test packages
	version     print Burrow's version, or what executables were built from

Use "burrow help <command>" for more information about a command.
)";

constexpr const char* kBuildHelp = R"(usage: {}

{}
Packages are folders (./x), import paths, patterns (./..., std, all), or .go files
of one folder. The flags are those of the go command:

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
	-mod mode       readonly (the default), vendor or mod
	-modfile file   read this instead of go.mod
	-overlay file   JSON that names files to be read in place of others
	-trimpath       no file system paths in the executable
	-cover          a program that writes coverage files into $GOCOVERDIR
	-covermode mode set (the default), count or atomic
	-coverpkg a,b   patterns of the packages that are covered; else the main modules'
	-pgo file       compile by this CPU profile; auto (the default): by default.pgo
	                in the folder of the main package; off: by none
	-gcflags '[pattern=]arg list'
	                flags of the compiler: -N -e -S -lang=go1.N
	-ldflags '[pattern=]arg list'
	                flags of the linker: -s -w -X importpath.name=value

and these of Burrow's own:

	-lto            inline across packages by what LLVM finds worth it, too; packages
	                compiled with -N or -l take no part
	-dump phase     print what a phase makes of the named packages: tokens, ast,
	                types, ir (as built), ir-PASS (after a pass), llvm, llvm-opt, asm
	-S              print the assembly of the named packages

Results of compilation are kept in the folder that "burrow env BURROW_CACHE" names.
)";

constexpr const char* kTestHelp = R"(usage: {}

Test builds a program from each package and its _test.go files, runs it in the
package's folder and tells whether it passed. Without packages it tests the one
of the current folder and shows all that the program prints. Results of packages
that are named are kept, and told again, marked (cached), while nothing
has changed that they depend on.

Besides the flags of build:

	-c              make the program pkg.test and do not run it
	-o file         the program's name
	-json           print events as JSON, like go tool test2json
	-args           everything behind it goes to the program

and these, which go to the program as -test.NAME: -bench -benchmem -benchtime
-count -cpu -cpuprofile -failfast -fullpath -fuzz -list -memprofile -parallel
-run -short -shuffle -skip -timeout -trace -v and their like.

The main module's packages are compiled faster, and less well, than by build,
unless -bench, -fuzz, a profile, -c or -o is given.
)";

constexpr const char* kListHelp = R"(usage: {}

List prints the import paths of packages, or what a template or -json asks for.

	-deps           also everything they depend on, each after its imports
	-e              go on after errors
	-f template     a Go template over the fields that -json shows: variables,
	                if, range, with, comparisons, len, index, printf and join
	-find           name the packages only
	-json[=fields]  JSON, with the go command's fields
	-m              modules instead of packages
	-test           also the packages that their tests are made of
)";

constexpr const char* kCleanHelp = R"(usage: {}

Clean removes executables that were built from the packages into their folders.

	-cache          remove all that the build cache holds
	-testcache      forget results of tests
	-modcache       remove the module cache
	-n, -x          print the commands; with -n do nothing
)";

int help(const std::vector<std::string>& words) {
  if (words.empty()) {
    std::fputs(kHelp, stdout);
    return 0;
  }
  const std::tuple<const char*, Command, const char*> builders[] = {
      {"build", Command::Build, "Build compiles the packages and, of a main package, makes an executable."},
      {"install", Command::Install, "Install compiles the packages and puts the executables of commands into the folder that GOBIN\n"
                                    "names, or into bin of the first GOPATH."},
      {"run", Command::Run, "Run builds one main package and runs it with the arguments that follow it."}};
  for (const auto& [name, command, text] : builders) {
    if (words[0] != name) continue;
    std::fputs(fmt::format(fmt::runtime(kBuildHelp), usageLine(command), text).c_str(), stdout);
    return 0;
  }
  const std::tuple<const char*, Command, const char*> topics[] = {
      {"test", Command::Test, kTestHelp}, {"list", Command::List, kListHelp}, {"clean", Command::Clean, kCleanHelp}};
  for (const auto& [name, command, text] : topics) {
    if (words[0] != name) continue;
    std::fputs(fmt::format(fmt::runtime(text), usageLine(command)).c_str(), stdout);
    return 0;
  }
  if (words[0] == "inspect" || words[0] == "objdump") {
    std::fputs(words[0] == "inspect" ? kInspectHelp : kObjdumpHelp, stdout);
    return 0;
  }
  if (words[0] == "env") {
    std::puts(
        "usage: burrow env [-json] [-changed] [-u] [-w] [var ...]\n\nEnv prints the variables, or the values of the named ones; with "
        "-changed, those that are not what\nthey would be by themselves. -w NAME=VALUE ... sets them for later commands, -u NAME ... "
        "takes such\nsettings back. They are kept in the file that \"burrow env GOENV\" names, which the go command reads, too.");
    return 0;
  }
  if (words[0] == "version") {
    std::puts(
        "usage: burrow version [-m] [-v] [file ...]\n\nVersion prints Burrow's version and that of the Go library it "
        "compiles; of executables,\nthe Go version and with -m the modules and settings they were built from.");
    return 0;
  }
  std::fprintf(stderr, "burrow help %s: unknown help topic. Run 'burrow help'.\n", words[0].c_str());
  return kUsageStatus;
}

bool enter(const BuildFlags& flags) {
  if (flags.changeDir.empty() || ::chdir(flags.changeDir.c_str()) == 0) return true;
  std::fprintf(stderr, "burrow: chdir %s: %s\n", flags.changeDir.c_str(), source::systemErrorText(errno).c_str());
  return false;
}

int build(Command command, const std::vector<std::string>& words) {
  if (int status = checkEnvironment()) return status;
  BuildFlags flags;
  if (int status = parseBuildFlags(command, words, &flags)) return status;
  if (!enter(flags)) return 1;
  catchInterrupts();
  Paths paths = findPaths();
  if (command == Command::Run) return runProgram(flags, paths);
  Build build(flags, paths);
  if (command == Command::Install) return build.install();
  return command == Command::List ? build.list() : command == Command::Clean ? build.clean() : build.build();
}

int test(const std::vector<std::string>& words) {
  if (int status = checkEnvironment()) return status;
  TestFlags flags;
  if (int status = parseTestFlags(words, &flags)) return status;
  if (!enter(flags.build)) return 1;
  catchInterrupts();
  Paths paths = findPaths();
  return Build(flags.build, paths).test(flags);
}

}  // namespace

int run(const std::vector<std::string>& words) {
  if (words.empty()) {
    std::fputs(kHelp, stderr);
    return kUsageStatus;
  }
  const std::string& command = words[0];
  std::vector<std::string> rest(words.begin() + 1, words.end());
  if (command == "build") return build(Command::Build, rest);
  if (command == "install") return build(Command::Install, rest);
  if (command == "run") return build(Command::Run, rest);
  if (command == "list") return build(Command::List, rest);
  if (command == "clean") return build(Command::Clean, rest);
  if (command == "test") return test(rest);
  if (command == "version" && !rest.empty()) return printVersions(rest);
  if (command == "env") return printEnvironment(rest);
  if (command == "inspect") return inspectCommand(rest);
  if (command == "objdump") return objdumpCommand(rest);
  if (command == "version" || command == "-version" || command == "--version") return printVersion();
  if (command == "help") return help(rest);
  if (command == "-h" || command == "-help" || command == "--help") {  // no command: as without any word
    std::fputs(kHelp, stderr);
    return kUsageStatus;
  }
  std::fprintf(stderr, "burrow %s: unknown command\nRun 'burrow help' for usage.\n", command.c_str());
  return kUsageStatus;
}

}  // namespace burrow::driver

// jemalloc's settings (its manual, TUNING). A link of net/http touches 100,000 pages, each of which costs a fault: with huge pages
// a build after an edit took 0.56 of the processor time (docs/building.md). Without jemalloc nobody reads it.
extern "C" {
const char* malloc_conf = "thp:always,metadata_thp:always";
}

int main(int argc, char** argv) {
  int status = 0;
  burrow::source::onDeepStack([&] { status = burrow::driver::run({argv + 1, argv + argc}); });
  return status;
}
