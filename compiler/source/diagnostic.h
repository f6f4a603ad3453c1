// Diagnostics are values.
//
// A phase that finds something wrong with its input reports a `Diagnostic` to the sink that it was given and goes on.
// Every message is registered once, in its layer's `diagnostics.def`, as X(Name, "format"): the name is what tests
// refer to, the format is gc's wording with fmt's `{}` for the parts. A test walks all registered kinds and fails when
// one is never produced by any test, so that no message rots.
//
// A layer writes:
//   #define X(name, format) inline constexpr source::DiagnosticKind name{#name, format};
//   namespace burrow::syntax::diag {
//   #include "syntax/diagnostics.def"
//   }
#pragma once

#include "source/pos.h"

#include <fmt/format.h>

#include <string>
#include <vector>

namespace burrow::source {

struct DiagnosticKind {
  const char* name;
  const char* format;
};

struct Diagnostic {
  Pos pos;
  const DiagnosticKind* kind;
  std::string message;
  // Further lines of the same message, each at its own place (gc prints them indented below).
  struct Note {
    Pos pos;
    std::string message;
  };
  std::vector<Note> notes;
};

// Collects the diagnostics of one compilation. Not thread-safe: one sink per thread, merged by `append`.
class Diagnostics {
 public:
  template <typename... Args>
  Diagnostic& report(Pos pos, const DiagnosticKind& kind, const Args&... args) {
    return add(pos, kind, fmt::vformat(kind.format, fmt::make_format_args(args...)));
  }
  Diagnostic& add(Pos pos, const DiagnosticKind& kind, std::string message);
  void append(Diagnostics&& other);

  bool empty() const { return list_.empty(); }
  size_t size() const { return list_.size(); }
  const std::vector<Diagnostic>& list() const { return list_; }
  void sort();
  // Without repetitions, file by file in the order in which something was first found in each, there by position: as gc shows
  // them. To be called once, when all are there. gc stops at the error that makes it `limit` (0: never): what was found first
  // stays, wherever it stands in the text.
  void sortAndPrune(const SourceFiles& files, size_t limit = 0);
  // gc's output: "file:line:column: message"; behind them where it stopped, with "too many errors".
  std::string render(const SourceFiles& files) const;

 private:
  std::vector<Diagnostic> list_;
  Pos stoppedAt_;
};

}  // namespace burrow::source
