// See diagnostic.h.
#include "source/diagnostic.h"

#include <algorithm>
#include <map>

namespace burrow::source {

namespace {
constexpr uint32_t kUnknownColumn = 255;
}

Diagnostic& Diagnostics::add(Pos pos, const DiagnosticKind& kind, std::string message) {
  return list_.emplace_back(Diagnostic{pos, &kind, std::move(message), {}});
}

void Diagnostics::append(Diagnostics&& other) {
  list_.insert(list_.end(), std::make_move_iterator(other.list_.begin()), std::make_move_iterator(other.list_.end()));
  other.list_.clear();
}

void Diagnostics::sort() {
  std::stable_sort(list_.begin(), list_.end(), [](const Diagnostic& a, const Diagnostic& b) { return a.pos < b.pos; });
}

void Diagnostics::sortAndPrune(const SourceFiles& files, size_t limit) {
  // As gc does it: a message that repeats the one before it on the same line is dropped, and so is an exact duplicate.
  auto sameLine = [&](const Diagnostic& a, const Diagnostic& b) {
    if (a.message != b.message) return false;
    Position pa = files.physical(a.pos), pb = files.physical(b.pos);
    return pa.line == pb.line && pa.file == pb.file;
  };
  list_.erase(std::unique(list_.begin(), list_.end(), sameLine), list_.end());
  if (limit != 0 && list_.size() >= limit) {
    list_.erase(list_.begin() + static_cast<ptrdiff_t>(limit), list_.end());
    stoppedAt_ = list_.back().pos;
  }
  // By file, in the order in which something was first found in each.
  std::map<std::string_view, size_t> rank{{"", 0}};  // what has no position comes first
  for (const Diagnostic& d : list_) rank.try_emplace(files.physical(d.pos).file, rank.size());
  std::stable_sort(list_.begin(), list_.end(), [&](const Diagnostic& a, const Diagnostic& b) {
    const size_t ra = rank[files.physical(a.pos).file], rb = rank[files.physical(b.pos).file];
    return ra != rb ? ra < rb : a.pos < b.pos;
  });
  auto same = [](const Diagnostic& a, const Diagnostic& b) { return a.pos == b.pos && a.message == b.message; };
  list_.erase(std::unique(list_.begin(), list_.end(), same), list_.end());
}

std::string Diagnostics::render(const SourceFiles& files) const {
  // gc keeps columns in a byte, and does not say those that have no room there.
  auto shown = [&](Pos pos) {
    Position p = files.position(pos);
    if (p.column >= kUnknownColumn) p.column = 0;
    return p;
  };
  std::string out;
  for (const Diagnostic& d : list_) {
    Position p = shown(d.pos);
    out += p.isValid() ? fmt::format("{}: {}\n", p.str(), d.message) : fmt::format("{}\n", d.message);
    for (const Diagnostic::Note& note : d.notes) {
      Position np = files.position(note.pos);
      out += np.isValid() ? fmt::format("\t{}: {}\n", np.str(), note.message) : fmt::format("\t{}\n", note.message);
    }
  }
  if (stoppedAt_.isValid()) out += shown(stoppedAt_).str() + ": too many errors\n";
  return out;
}

}  // namespace burrow::source
