// See link.h: the call of lld, the last step, and writing the result.
#include "link/link.h"

#include "link/finish.h"
#include "link/lld_driver.h"
#include "link/memory_output.h"
#include "link/messages.h"
#include "link/reach.h"
#include "link/script.h"
#include "source/system_error.h"

#include <fmt/format.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>

namespace burrow::link {

namespace {

constexpr const char* kLayoutSymbol = "runtime.layout";

std::string systemError() { return source::systemErrorText(errno); }

bool writeAll(int fd, const std::string& content) {
  size_t done = 0;
  while (done < content.size()) {
    ssize_t n = ::write(fd, content.data() + done, content.size() - done);
    if (n < 0) {
      if (errno == EINTR) continue;
      return false;
    }
    done += static_cast<size_t>(n);
  }
  return true;
}

// Puts objects without the relocations that nothing needs in the place of the input's.
bool dropMethods(const LinkInput& input, Reach& reach, std::vector<std::string>& command, std::string* error) {
  if (input.reach == nullptr) {
    for (const std::string& path : input.objects) {
      if (!reach.addFile(path, error)) return false;
    }
    reach.run(linkRoots(input.positionIndependent));
  }
  const std::vector<std::string> paths = (input.reach != nullptr ? *input.reach : reach).withoutDropped(input.workDir, error);
  if (paths.empty()) return false;
  std::copy(paths.begin(), paths.end(), command.end() - static_cast<ptrdiff_t>(paths.size()));
  return true;
}

}  // namespace

bool writeFileAtomically(const std::string& path, const std::string& content, unsigned mode, std::string* error) {
  struct stat st;
  const bool exists = ::stat(path.c_str(), &st) == 0;
  if (exists && !S_ISREG(st.st_mode)) {
    if (S_ISDIR(st.st_mode)) {
      *error = fmt::format("open {}: {}", path, source::systemErrorText(EISDIR));
      return false;
    }
    int fd = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
    bool ok = fd >= 0 && writeAll(fd, content);
    if (!ok) *error = fmt::format("write {}: {}", path, systemError());
    if (fd >= 0 && ::close(fd) != 0 && ok) {
      *error = fmt::format("write {}: {}", path, systemError());
      ok = false;
    }
    return ok;
  }
  // Beside the destination: a rename works only within one file system.
  size_t slash = path.rfind('/');
  std::string dir = slash == std::string::npos ? "" : path.substr(0, slash + 1);
  std::string temporary = fmt::format("{}.{}.{}.tmp", dir, path.substr(dir.size()), ::getpid());
  int fd = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
  if (fd < 0 && errno == EEXIST) {  // left by a process of that number that was killed
    ::unlink(temporary.c_str());
    fd = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
  }
  if (fd < 0) {
    *error = fmt::format("open {}: {}", path, systemError());
    return false;
  }
  bool ok = writeAll(fd, content);
  if (!ok) *error = fmt::format("write {}: {}", path, systemError());
  if (::close(fd) != 0 && ok) {
    *error = fmt::format("write {}: {}", path, systemError());
    ok = false;
  }
  if (ok && ::rename(temporary.c_str(), path.c_str()) != 0) {
    *error = fmt::format("rename {}: {}", path, systemError());
    ok = false;
  }
  if (!ok) ::unlink(temporary.c_str());
  return ok;
}

std::vector<std::string> lldCommand(const LinkInput& input) {
  std::vector<std::string> command = {
      "ld.lld",
      "-static",
      "-m",
      "elf_x86_64",
      "--gc-sections",
      "--build-id=0x" + std::string(2 * kBuildIdSize, '0'),  // finish.h fills it in
      // Dropped functions have address 0 in their object's description (docs/functab.md).
      "-z",
      "dead-reloc-in-nonalloc=.burrow.functab=0",
      // What the runtime tells about itself, for the inspector (docs/snapshot.md).
      std::string("--undefined=") + kLayoutSymbol,
      "-z",
      "noexecstack",
      "-z",
      "norelro",
      "-z",
      "max-page-size=4096",
      "--error-limit=20",
      "-T",
      input.workDir + "/link.ld",
      "-o",
      input.workDir + "/a.out",
  };
  if (input.positionIndependent) {
    // The relocations tell finish.h where the 32-bit offsets are.
    for (const char* word : {"-pie", "--no-dynamic-linker", "--hash-style=gnu", "--pack-dyn-relocs=relr", "--emit-relocs"}) command.push_back(word);
  } else {
    command.push_back("--no-pie");
  }
  // Without debug information in the result there is no need to relocate it; the symbols are needed in any case.
  if (input.stripDebug || input.stripSymbols) {
    command.push_back("--strip-debug");
  } else if (input.compressDebug) {
    // Not the script for gdb, which is text to be found.
    for (const char* word : {"--compress-debug-sections=zlib", "--compress-sections=.debug_gdb_scripts=none"}) command.push_back(word);
  }
  if (!input.mapFile.empty()) command.push_back("-Map=" + input.mapFile);
  if (!input.callGraph.empty()) {
    // A profile may name functions that were inlined everywhere.
    command.push_back("--call-graph-ordering-file=" + input.workDir + "/callgraph");
    command.push_back("--no-warn-symbol-ordering");
  }
  if (input.threads != 0) command.push_back(fmt::format("--threads={}", input.threads));
  command.push_back(input.workDir + "/placeholder.o");
  command.insert(command.end(), input.objects.begin(), input.objects.end());
  return command;
}

std::vector<std::string> linkRoots(bool positionIndependent) { return {entrySymbol(positionIndependent), kLayoutSymbol}; }

LinkResult linkProgram(const LinkInput& input) {
  LinkResult result;
  result.command = lldCommand(input);
  if (!writeFileAtomically(input.workDir + "/link.ld", linkerScript(input.positionIndependent), 0666, &result.errors))
    return result;
  if (!writeFileAtomically(input.workDir + "/placeholder.o", placeholderObject(), 0666, &result.errors)) return result;

  if (!input.callGraph.empty() && !writeFileAtomically(input.workDir + "/callgraph", input.callGraph, 0666, &result.errors)) return result;
  MemoryOutput linked;
  if (!linked.open(&result.errors)) return result;
  std::vector<std::string> command = result.command;
  Reach reach;
  if (!dropMethods(input, reach, command, &result.errors)) return result;
  *(std::find(command.begin(), command.end(), "-o") + 1) = linked.path();
  LldResult lld = runLld(command);
  result.canRunAgain = lld.canRunAgain;
  if (!lld.ok) {
    result.errors = linkerMessages(lld.errors, input.whyUndefined);
    return result;
  }
  FinishOptions options;
  options.stripSymbols = input.stripSymbols;
  options.stripDebug = input.stripDebug;
  std::string finished = finishExecutable(linked.finish(), options, &result.errors);
  if (finished.empty()) return result;
  const std::filesystem::path folder = std::filesystem::path(input.output).parent_path();
  std::error_code problem;
  if (!folder.empty() && !std::filesystem::create_directories(folder, problem) && problem) {
    result.errors = fmt::format("mkdir {}/: {}", folder.string(), source::systemErrorText(problem.value()));
    return result;
  }
  result.ok = writeFileAtomically(input.output, finished, 0777, &result.errors);
  return result;
}

}  // namespace burrow::link
