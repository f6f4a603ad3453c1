// See stack_words.h.
#include "inspect/stack_words.h"

#include <algorithm>

namespace burrow::inspect {

namespace {

// An object of a mapped frame that counts only if something points to it.
struct Candidate {
  uint64_t from, to;
  bool counts = false;
};

class Counting {
 public:
  explicit Counting(std::vector<StackPiece>& pieces) : pieces_(pieces) {
    for (const StackPiece& p : pieces) counts_.push_back(std::vector<bool>(p.words.size(), true));
  }

  // Words in [from, to) count, or do not.
  void set(uint64_t from, uint64_t to, bool value) {
    for (size_t i = 0; i < pieces_.size(); i++) {
      const uint64_t low = std::max(from, pieces_[i].from), high = std::min(to, endOf(i));
      for (uint64_t at = low; at < high; at += 8) counts_[i][(at - pieces_[i].from) / 8] = value;
    }
  }

  void addCandidate(uint64_t from, uint64_t to) { candidates_.push_back({from, to}); }

  // Lets those candidates count that a word that counts points to: what they hold may point to further ones.
  void followPointers() {
    std::sort(candidates_.begin(), candidates_.end(), [](const Candidate& a, const Candidate& b) { return a.from < b.from; });
    for (const Candidate& c : candidates_) longest_ = std::max(longest_, c.to - c.from);
    for (size_t i = 0; i < pieces_.size(); i++) see(pieces_[i].from, endOf(i));
    while (!found_.empty()) {
      const Candidate c = candidates_[found_.back()];
      found_.pop_back();
      set(c.from, c.to, true);
      see(c.from, c.to);
    }
  }

  void blank() {
    for (size_t i = 0; i < pieces_.size(); i++)
      for (size_t k = 0; k < counts_[i].size(); k++)
        if (!counts_[i][k]) pieces_[i].words[k] = 0;
  }

 private:
  uint64_t endOf(size_t i) const { return pieces_[i].from + pieces_[i].words.size() * 8; }

  // Finds the candidates that the words in [from, to) point to.
  void see(uint64_t from, uint64_t to) {
    for (size_t i = 0; i < pieces_.size(); i++)
      for (uint64_t at = std::max(from, pieces_[i].from); at < std::min(to, endOf(i)); at += 8) {
        const size_t k = (at - pieces_[i].from) / 8;
        if (counts_[i][k]) seeWord(pieces_[i].words[k]);
      }
  }

  void seeWord(uint64_t word) {
    auto c = std::upper_bound(candidates_.begin(), candidates_.end(), word, [](uint64_t w, const Candidate& x) { return w < x.from; });
    // Objects that are never live together may share their place.
    while (c != candidates_.begin() && word - std::prev(c)->from < longest_) {
      --c;
      if (c->counts || word >= c->to) continue;
      c->counts = true;
      found_.push_back(size_t(c - candidates_.begin()));
    }
  }

  std::vector<StackPiece>& pieces_;
  std::vector<std::vector<bool>> counts_;
  std::vector<Candidate> candidates_;  // by address, once followPointers has begun
  uint64_t longest_ = 0;
  std::vector<size_t> found_;          // candidates that count, whose words are not seen yet
};

}  // namespace

const FrameMaps& DeadWords::mapsOf(const ft::FuncRecord& f) {
  auto [maps, isNew] = known_.try_emplace(&f);
  if (isNew) maps->second = code_.stackMaps(f);
  return maps->second;
}

void DeadWords::blank(const Goroutine& g, std::vector<StackPiece>& pieces) {
  Counting counting(pieces);
  for (const StackFrame& f : g.frames) {
    if (!f.function || f.cfa == 0 || f.exact) continue;
    const auto& [slotCount, rootPlace, objects, records] = mapsOf(*f.function);
    const uint64_t pc = f.pc - code_.entry(*f.function);
    const auto record =
        std::lower_bound(records.begin(), records.end(), pc, [](const StackMapRecord& r, uint64_t wanted) { return r.pc < wanted; });
    if (record == records.end() || record->pc != pc) continue;
    counting.set(f.sp + uint64_t{record->argWords} * 8, f.cfa, false);
    for (uint32_t i = 0; i < record->slots.size(); i++)
      if (record->slots[i]) counting.set(f.cfa - rootPlace + i * 8, f.cfa - rootPlace + i * 8 + 8, true);
    for (size_t i = 0; i < record->uses.size() && i < objects.size(); i++) {
      const uint64_t from = f.cfa - objects[i].first, to = from + uint64_t{objects[i].second} * 8;
      if (record->uses[i] == ft::kObjectLive) counting.set(from, to, true);
      if (record->uses[i] == ft::kObjectPointed) counting.addCandidate(from, to);
    }
  }
  counting.followPointers();
  counting.blank();
}

}  // namespace burrow::inspect
