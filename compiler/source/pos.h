// Positions in source text.
//
// Every token, tree node, IR instruction and diagnostic names a place in some file. A place is one 32-bit number,
// `Pos`: the file's base plus the byte offset in it, as if all files of a compilation stood one after the other in one
// long text. That keeps tree nodes small and makes "which file, line and column" a look-up that only diagnostics and
// debug information pay for. `SourceFiles` is that long text's index. It also keeps `//line` directives, so that a
// position can be told as the compiler sees it (`physical`) or as the user wrote it (`position`).
//
// Rejected: file id + line + column per node (12 bytes and a division of labour for every node); pointers into the text
// (they cannot be stored in a cache).
#pragma once

#include <compare>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace burrow::source {

// A place in the text of a compilation. Zero is "nowhere".
struct Pos {
  uint32_t value = 0;
  constexpr bool isValid() const { return value != 0; }
  constexpr Pos operator+(uint32_t bytes) const { return Pos{value + bytes}; }
  constexpr auto operator<=>(const Pos&) const = default;
};

// A place as people read it. Lines and columns count from 1, columns in bytes; column 0 means "the whole line", which
// a `//line` directive without a column produces.
struct Position {
  std::string_view file;
  uint32_t line = 0;
  uint32_t column = 0;
  bool isValid() const { return line != 0; }
  // "file:line:column", without the parts that are unknown.
  std::string str() const;
};

// One file: its name, its text and where its lines start.
class SourceFile {
 public:
  std::string name;         // as diagnostics print it
  std::string text;         // the whole content; stays at its address
  uint32_t base = 0;        // Pos of offset 0
  std::vector<uint32_t> lineStarts;  // byte offset of each line, filled by the scanner (or by indexLines)

  // What a `//line` directive says: from `offset` on, the place is `file:line:column`.
  struct LineDirective {
    uint32_t offset;
    std::string file;
    uint32_t line;
    uint32_t column;  // 0: columns are not known from here on
  };
  std::vector<LineDirective> lineDirectives;  // ascending offset

  Pos pos(uint32_t offset) const { return Pos{base + offset}; }
  uint32_t offset(Pos p) const { return p.value - base; }
  uint32_t size() const { return static_cast<uint32_t>(text.size()); }
  // Fills `lineStarts` from the text; for files that no scanner ran over.
  void indexLines();
  Position physical(uint32_t offset) const;  // `//line` ignored
  Position position(uint32_t offset) const;  // `//line` obeyed
};

// All files of a compilation. Files stay at their address.
class SourceFiles {
 public:
  // Takes over `text`. Returns null when the Pos space (4 GB) is full.
  SourceFile* add(std::string name, std::string text);
  // Reads `path`. On failure returns null and sets `*error` to the reason, in the system's words.
  SourceFile* read(const std::string& path, std::string displayName, std::string* error);

  const SourceFile* file(Pos p) const;       // null when `p` is nowhere
  Position physical(Pos p) const;            // `//line` ignored
  Position position(Pos p) const;            // `//line` obeyed
  size_t size() const { return files_.size(); }
  const SourceFile& at(size_t i) const { return files_[i]; }

 private:
  std::deque<SourceFile> files_;  // ascending base
  uint32_t next_ = 1;
};

}  // namespace burrow::source
