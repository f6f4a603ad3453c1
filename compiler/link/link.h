// Linking: objects in, an executable out.
//
// lld runs in this process, over the program's objects, the object of link-time tables and the runtime's archive, with a
// linker script of ours (script.cpp) that lays out the sections by name. Its output comes back in memory; finish.h
// completes it; then it is written beside the destination under a temporary name and renamed, so that the destination is
// never half a file; folders on the way to it are made. A destination that exists and is not a regular file (/dev/null, /dev/full) is written to directly.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace burrow::link {

class Reach;

struct LinkInput {
  std::vector<std::string> objects;  // files; the runtime's archive last
  std::string output;                // destination
  std::string workDir;               // for temporary files; the caller removes it
  std::string mapFile;               // empty: none
  bool positionIndependent = false;  // all objects are; link for any address
  bool stripSymbols = false;         // -s
  bool stripDebug = false;           // -w
  bool compressDebug = false;        // -compressdwarf
  Reach* reach = nullptr;            // over `objects`, when that is known already
  std::string callGraph;             // calls of a profile, "caller callee weight" in a line each: what calls each other is put side by side
  std::function<std::string(const std::string& symbol)> whyUndefined;  // for messages (messages.h); may be empty
  unsigned threads = 0;              // 0: lld decides
};

struct LinkResult {
  bool ok = false;
  std::string errors;                // one or more lines without a final newline
  std::vector<std::string> command;  // what lld was called with, for -x
  // lld could not clean up after itself: no further link in this process.
  bool canRunAgain = true;
};

// From where the linker's walk over what is needed begins (link/reach.h).
std::vector<std::string> linkRoots(bool positionIndependent);

LinkResult linkProgram(const LinkInput& input);

// The command line of lld for this input (argv[0] included) and the linker script's path in it, without running it.
std::vector<std::string> lldCommand(const LinkInput& input);

// Writes a file so that there is either all of it or nothing: temporary name beside it, then rename. Sets *error to
// "<what> <path>: <reason>" and leaves no file behind when it fails. `mode` is subject to the umask.
bool writeFileAtomically(const std::string& path, const std::string& content, unsigned mode, std::string* error);

}  // namespace burrow::link
